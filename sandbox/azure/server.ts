import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { authenticate, type Principal } from './access.ts';
import { ArmError, graphError } from './errors.ts';
import type { Estate } from './estate.ts';
import { type Fault, type FaultAction, Faults } from './faults.ts';
import { generateEstate } from './generate.ts';
import { DEFAULT_LIMITS } from './kql/context.ts';
import { DEFAULT_QUOTA, Quota, type QuotaOptions } from './quota.ts';
import { MOST_BYTES, ResourceGraph } from './resource-graph.ts';
import { ResourceManager } from './resource-manager.ts';

/** How the local Azure is set up; every option has a default. */
export interface AzureOptions {
  /** Default: some 60 machines of three teams. */
  estate?: Estate;
  /** Token to principal. Default: one token, `sandbox`, that reads everything. */
  tokens?: Readonly<Record<string, Principal>>;
  /** Queries per principal and window; `false` turns the limit off. */
  quota?: Partial<QuotaOptions> | false;
  /** Refuse a union with tables other than resources and resourcecontainers, as documented. */
  strictUnion?: boolean;
  /** Joins and unions allowed in a query. */
  remoteTables?: number;
  /** Lower-case names of the tables that exist. Default: all. */
  tables?: readonly string[];
  numericBooleans?: boolean;
  /** Bytes of the largest answer of Resource Graph. Default: as the service. */
  mostBytes?: number;
  /** The clock, in milliseconds. */
  now?: () => number;
  /** Default: any free port. */
  port?: number;
}

/** One request that was answered, or not. */
export interface RecordedRequest {
  /** Milliseconds, by the clock of the options. */
  time: number;
  method: string;
  /** Path and query string. */
  path: string;
  /** The KQL and the scopes of a Resource Graph query. */
  query?: string;
  subscriptions?: readonly string[];
  managementGroups?: readonly string[];
  /** 0 when the connection ended without an answer. */
  status: number;
  /** The token's principal; undefined when authentication failed. */
  principal?: string;
}

/** A running local Azure. */
export interface LocalAzure {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly estate: Estate;
  readonly faults: Faults;
  readonly requests: RecordedRequest[];
  close(): Promise<void>;
}

/** Starts a local Azure on the loopback interface. */
export async function startAzure(options: AzureOptions = {}): Promise<LocalAzure> {
  const azure = new AzureServer(options);
  const server = createServer((request, response) => void azure.handle(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    estate: azure.estate,
    faults: azure.faults,
    requests: azure.requests,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  body: unknown;
  record: RecordedRequest;
  actions: FaultAction[];
}

class AzureServer {
  readonly estate: Estate;
  readonly faults = new Faults();
  readonly requests: RecordedRequest[] = [];
  readonly #tokens: ReadonlyMap<string, Principal>;
  readonly #quota: Quota | undefined;
  readonly #graph: ResourceGraph;
  readonly #manager: ResourceManager;
  readonly #now: () => number;

  constructor(options: AzureOptions) {
    this.#now = options.now ?? Date.now;
    this.estate = options.estate ?? generateEstate({ seed: 1, vms: 60, subscriptions: 4, now: new Date(this.#now()) });
    this.#tokens = new Map(Object.entries(options.tokens ?? { sandbox: { name: 'sandbox' } }));
    this.#quota = options.quota === false ? undefined : new Quota({ ...DEFAULT_QUOTA, ...options.quota }, this.#now);
    this.#manager = new ResourceManager(this.estate);
    this.#graph = new ResourceGraph(this.estate, {
      limits: {
        ...DEFAULT_LIMITS,
        remoteTables: options.remoteTables ?? DEFAULT_LIMITS.remoteTables,
        strictUnion: options.strictUnion ?? false,
      },
      tables: options.tables ?? this.estate.tables,
      numericBooleans: options.numericBooleans ?? false,
      mostBytes: options.mostBytes ?? MOST_BYTES,
      now: this.#now,
    });
  }

  /** Reads, records, and answers one request; whatever goes wrong becomes an ARM error body. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
    const body = parseJson(await readAll(request));
    const record: RecordedRequest = {
      time: this.#now(),
      method: request.method ?? 'GET',
      path: url.pathname + url.search,
      status: 0,
      ...queryOf(body),
    };
    const exchange: Exchange = { request, response, url, body, record, actions: [] };
    if (url.pathname.startsWith('/__sandbox/')) return this.#control(exchange);
    this.requests.push(record);
    exchange.actions = this.faults.meet({ method: record.method, path: record.path, query: record.query });
    const isOver = await this.#disturb(exchange);
    if (isOver) return;
    try {
      await this.#answer(exchange);
    } catch (error) {
      if (response.destroyed) return;
      const known =
        error instanceof ArmError
          ? error
          : new ArmError(500, 'InternalServerError', error instanceof Error ? error.message : String(error));
      send(exchange, known.status, known.body, known.headers);
    }
    for (const action of exchange.actions) if (action.kind === 'change') this.#change(action);
  }

  /** Applies the faults that come before an answer; true when there will be none of ours. */
  async #disturb(exchange: Exchange): Promise<boolean> {
    for (const action of exchange.actions) {
      switch (action.kind) {
        case 'delay':
          await sleep(action.ms);
          break;
        case 'hang':
          return true;
        case 'drop':
          exchange.request.socket.destroy();
          return true;
        case 'answer':
          send(exchange, action.status, action.body, action.headers ?? {});
          return true;
        case 'truncate':
        case 'change':
          break;
      }
    }
    return false;
  }

  #change({ change, remove, add }: Extract<FaultAction, { kind: 'change' }>): void {
    change?.(this.estate);
    for (const id of remove ?? []) this.estate.remove(id);
    for (const body of add ?? []) this.estate.add(body);
  }

  async #answer(exchange: Exchange): Promise<void> {
    const { request, url, record } = exchange;
    const { token, principal } = authenticate(request.headers.authorization, this.#tokens);
    record.principal = principal.name ?? token;
    if (!url.searchParams.has('api-version')) {
      throw new ArmError(
        400,
        'MissingApiVersionParameter',
        'The api-version query parameter (?api-version=) is required for all requests.',
      );
    }
    if (/^\/providers\/Microsoft\.ResourceGraph\/resources$/i.test(url.pathname))
      return this.#query(exchange, principal, token);
    if (request.method !== 'GET') {
      throw new ArmError(405, 'MethodNotAllowed', `The local Azure answers no ${request.method} on '${url.pathname}'.`);
    }
    send(exchange, 200, this.#manager.get(url, principal));
  }

  async #query(exchange: Exchange, principal: Principal, token: string): Promise<void> {
    const { request, response, body, actions } = exchange;
    if (request.method !== 'POST')
      throw new ArmError(
        405,
        'MethodNotAllowed',
        `The requested resource does not support http method '${request.method}'.`,
      );
    if (!request.headers['content-type']?.toLowerCase().startsWith('application/json')) {
      throw graphError(500, 'InternalServerError', [
        { code: 'InternalServerError', message: 'Content-Type must be application/json.' },
      ]);
    }
    const headers = this.#quota?.spend(token) ?? {};
    const abort = new AbortController();
    response.on('close', () => abort.abort());
    const truncate = actions.find((action) => action.kind === 'truncate');
    try {
      send(exchange, 200, await this.#graph.query(body, principal, token, truncate, abort.signal), headers);
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      send(exchange, error.status, error.body, { ...headers, ...error.headers });
    }
  }

  /** Faults and the request log over HTTP, for a sandbox in another process. */
  #control(exchange: Exchange): void {
    const { request, url, body } = exchange;
    const route = `${request.method} ${url.pathname.slice('/__sandbox'.length)}`;
    const [status, answer] = this.#controlled(route, body);
    send(exchange, status, answer);
  }

  #controlled(route: string, body: unknown): [status: number, answer: unknown] {
    switch (route) {
      case 'GET /requests':
        return [200, this.requests];
      case 'GET /faults':
        return [200, this.faults.list()];
      case 'POST /faults':
        return [201, { id: this.faults.plant(body as Fault) }];
      case 'DELETE /faults':
        this.faults.clear();
        return [200, {}];
      default:
        return [404, { error: { code: 'NotFound', message: `No ${route} in the sandbox.` } }];
    }
  }
}

function send(exchange: Exchange, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  const { response, record } = exchange;
  if (response.destroyed) return;
  record.status = status;
  const requestId = randomUUID();
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? {});
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'x-ms-request-id': requestId,
    'x-ms-correlation-request-id': requestId,
    ...headers,
  });
  response.end(text);
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function queryOf(body: unknown): Pick<RecordedRequest, 'query' | 'subscriptions' | 'managementGroups'> {
  if (typeof body !== 'object' || body === null) return {};
  const { query, subscriptions, managementGroups } = body as Pick<
    RecordedRequest,
    'query' | 'subscriptions' | 'managementGroups'
  >;
  return {
    ...(query !== undefined && { query }),
    ...(subscriptions && { subscriptions }),
    ...(managementGroups && { managementGroups }),
  };
}
