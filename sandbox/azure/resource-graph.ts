import { createHash } from 'node:crypto';
import { type Principal, subscriptionsUnder, visibility } from './access.ts';
import { type ArmError, graphError } from './errors.ts';
import type { Estate, Visibility } from './estate.ts';
import type { FaultAction } from './faults.ts';
import type { QueryLimits, Tables } from './kql/context.ts';
import { QueryError } from './kql/errors.ts';
import { type ParsedQuery, prepareQuery, type QueryResult, runQuery } from './kql/query.ts';
import type { ColumnType } from './kql/syntax.ts';
import { formatDatetime, formatTimespan, type Value } from './kql/values.ts';

const MOST_ROWS_A_PAGE = 1000; // source: work with data
const MOST_SUBSCRIPTIONS = 1000; // source: troubleshoot
/** A larger answer is refused, whatever its rows. Source: the service's own words, as in microsoft/ARI#199 and dolevshor/azure-orphan-resources#46. */
export const MOST_BYTES = 16_777_216;
const WINDOW_ROWS = 200_000; // rows kept for the pages to come
const KEPT_RESULTS = 3;

/** How this Resource Graph differs from the documented one. */
export interface GraphOptions {
  limits: QueryLimits;
  /** Lower-case names of the tables that exist; the China cloud has fewer. */
  tables: readonly string[];
  /** Answer booleans as 0 and 1, as the live service was once seen to do. */
  numericBooleans: boolean;
  /** An answer of more bytes is refused. */
  mostBytes: number;
  now: () => number;
}

interface QueryRequest {
  query?: unknown;
  subscriptions?: unknown;
  managementGroups?: unknown;
  options?: { $top?: number; $skip?: number; $skipToken?: string; resultFormat?: string };
}

interface Page {
  skip: number;
  top: number;
}

/** `POST /providers/Microsoft.ResourceGraph/resources`. */
export class ResourceGraph {
  readonly #estate: Estate;
  readonly #options: GraphOptions;
  readonly #kept = new Map<string, { skip: number; result: QueryResult }>();

  constructor(estate: Estate, options: GraphOptions) {
    this.#estate = estate;
    this.#options = options;
  }

  /** Answers one query. @throws ArmError as the service would refuse it */
  async query(
    body: unknown,
    principal: Principal,
    token: string,
    truncate: Extract<FaultAction, { kind: 'truncate' }> | undefined,
    signal: AbortSignal,
  ) {
    const request = asRequest(body);
    const text = request.query as string;
    const sees = this.#scope(request, principal);
    const prepared = this.#prepare(text);
    const hash = hashOf(text, request.subscriptions, request.managementGroups);
    const page = pageOf(request.options ?? {}, hash);
    const key = JSON.stringify([hash, token, this.#estate.revision]);
    const isFirstPage = request.options?.$skipToken === undefined;
    const { result, skip } = await this.#result(prepared, sees, page, key, isFirstPage, signal);
    const rows = result.rows.slice(page.skip - skip, page.skip - skip + page.top);
    if (truncate) return this.#answer(request, result, rows.slice(0, truncate.rows), truncate.claim, undefined);
    const next = page.skip + rows.length;
    const hasMore = rows.length > 0 && next < result.totalRecords;
    const isPageable = prepared.isPageable && !result.columns.every((column) => column.type === 'dynamic');
    const skipToken = hasMore && isPageable ? tokenOf({ skip: next, top: page.top }, hash) : undefined;
    return this.#answer(request, result, rows, hasMore && !isPageable ? 'true' : 'false', skipToken);
  }

  #prepare(text: string): ParsedQuery {
    try {
      return prepareQuery(text, this.#options.tables, this.#options.limits);
    } catch (error) {
      if (error instanceof QueryError) throw invalidQuery(error);
      throw error;
    }
  }

  /** Computed afresh for a first page; later pages come from what was kept, as long as the estate stayed as it was. */
  async #result(
    prepared: ParsedQuery,
    sees: Visibility,
    page: Page,
    key: string,
    isFirstPage: boolean,
    signal: AbortSignal,
  ) {
    const kept = this.#kept.get(key);
    if (
      kept &&
      !isFirstPage &&
      page.skip >= kept.skip &&
      (page.skip + page.top <= kept.skip + kept.result.rows.length ||
        kept.skip + kept.result.rows.length >= kept.result.totalRecords)
    ) {
      return kept;
    }
    const tables: Tables = {
      names: this.#options.tables,
      extents: (table, types) => this.#estate.extents(table, types, sees),
    };
    try {
      const window = { skip: page.skip, take: prepared.isPageable ? WINDOW_ROWS : page.top };
      const fresh = {
        skip: page.skip,
        result: await runQuery(prepared, { tables, now: this.#options.now(), signal, window }),
      };
      if (fresh.result.totalRecords > page.skip + page.top) this.#keep(key, fresh);
      return fresh;
    } catch (error) {
      if (error instanceof QueryError) throw invalidQuery(error);
      throw error;
    }
  }

  #keep(key: string, entry: { skip: number; result: QueryResult }): void {
    this.#kept.delete(key);
    this.#kept.set(key, entry);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_RESULTS && oldest !== undefined) this.#kept.delete(oldest);
  }

  /** What the request asks for, of what the principal may read. */
  #scope(request: QueryRequest, principal: Principal): Visibility {
    const subscriptions = textList(request.subscriptions, 'subscriptions');
    const groups = textList(request.managementGroups, 'managementGroups');
    if (subscriptions.length > 0 && groups.length > 0) {
      throw badRequest('InvalidScope', 'Subscriptions and management groups cannot be specified in the same request.');
    }
    if (subscriptions.length > MOST_SUBSCRIPTIONS) {
      throw badRequest(
        'SubscriptionsLimitExceeded',
        `At most ${MOST_SUBSCRIPTIONS} subscriptions are allowed in a request.`,
      );
    }
    const malformed = subscriptions.filter((id) => !/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id));
    if (malformed.length > 0)
      throw badRequest('SubscriptionsContainInvalidGuids', `Not subscription ids: ${malformed.join(', ')}.`);
    if (subscriptions.length === 0 && groups.length === 0) return visibility(this.#estate, principal);
    const wanted =
      groups.length > 0 ? this.#subscriptionsOf(groups, principal) : subscriptions.map((id) => id.toLowerCase());
    const sees = visibility(this.#estate, principal, new Set(wanted));
    if (sees.subscriptions.size === 0) {
      throw badRequest(
        'NoValidSubscriptionsInQueryRequest',
        'There must be at least one subscription that is eligible to contain resources.',
      );
    }
    return groups.length > 0 ? { ...sees, tenantScope: true } : sees;
  }

  #subscriptionsOf(groups: readonly string[], principal: Principal): string[] {
    return groups.flatMap((group) => subscriptionsUnder(this.#estate, principal, group) ?? []);
  }

  /** @throws ArmError where it is larger than the service sends */
  #answer(
    request: QueryRequest,
    result: QueryResult,
    rows: readonly (readonly Value[])[],
    resultTruncated: string,
    skipToken: string | undefined,
  ) {
    const write = result.columns.map((column) => this.#writer(column));
    const cells = (row: readonly Value[]) =>
      row.map((value, index) => (write[index] as (value: Value) => unknown)(value));
    const isTable = request.options?.resultFormat !== 'objectArray';
    const data = isTable
      ? { columns: result.columns.map(({ name, type }) => ({ name, type: WIRE_TYPES[type] })), rows: rows.map(cells) }
      : rows.map((row) =>
          Object.fromEntries(cells(row).map((cell, index) => [result.columns[index]?.name ?? '', cell])),
        );
    const answer = {
      totalRecords: result.totalRecords,
      count: rows.length,
      data,
      facets: [],
      resultTruncated,
      ...(skipToken !== undefined && { $skipToken: skipToken }),
    };
    const bytes = Buffer.byteLength(JSON.stringify(answer));
    if (bytes > this.#options.mostBytes) throw tooLarge(bytes, this.#options.mostBytes);
    return answer;
  }

  #writer({ type }: ColumnType): (value: Value) => unknown {
    if (type === 'datetime') return (value) => (typeof value === 'bigint' ? formatDatetime(value) : value);
    if (type === 'timespan') return (value) => (typeof value === 'bigint' ? formatTimespan(value) : value);
    if (type === 'bool' && this.#options.numericBooleans) return (value) => (value === null ? null : Number(value));
    return (value) => value;
  }
}

const WIRE_TYPES: Record<ColumnType['type'], string> = {
  string: 'string',
  guid: 'string',
  timespan: 'string',
  datetime: 'datetime',
  dynamic: 'object',
  bool: 'boolean',
  int: 'integer',
  long: 'integer',
  real: 'number',
  decimal: 'number',
};

const badRequest = (code: string, message: string): ArmError => graphError(400, 'BadRequest', [{ code, message }]);

const tooLarge = (bytes: number, most: number): ArmError =>
  badRequest(
    'ResponsePayloadTooLarge',
    `Response payload size is ${bytes}, and has exceeded the limit of ${most}. Please consider querying less data at a time and make paginated call if needed.`,
  );

function invalidQuery(error: QueryError): ArmError {
  const summary =
    'Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.';
  return graphError(400, 'BadRequest', [
    { code: 'InvalidQuery', message: summary },
    ...error.details.map((detail) => ({ ...detail })),
  ]);
}

function asRequest(body: unknown): QueryRequest {
  if (typeof body !== 'object' || body === null)
    throw badRequest('InvalidRequest', 'The request body is not a JSON object.');
  const request = body as QueryRequest;
  if (typeof request.query !== 'string' || request.query.trim() === '')
    throw badRequest('EmptyQuery', 'Query is empty or missing.');
  return request;
}

function textList(value: unknown, name: string): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string'))
    throw badRequest('InvalidRequest', `'${name}' must be a list of texts.`);
  return value as string[];
}

function hashOf(query: string, ...scopes: unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([query, ...scopes]))
    .digest('base64url')
    .slice(0, 16);
}

/** The page asked for: `$top` and `$skip` beat what the token says. */
function pageOf(options: NonNullable<QueryRequest['options']>, hash: string): Page {
  const { $top, $skip, $skipToken } = options;
  if ($top !== undefined && (!Number.isInteger($top) || $top < 1 || $top > MOST_ROWS_A_PAGE)) {
    throw badRequest('InvalidTop', `$top must be between 1 and ${MOST_ROWS_A_PAGE}.`);
  }
  if ($skip !== undefined && (!Number.isInteger($skip) || $skip < 0))
    throw badRequest('InvalidSkip', '$skip must not be negative.');
  const page = $skipToken === undefined ? { skip: 0, top: MOST_ROWS_A_PAGE } : readToken($skipToken, hash);
  return { skip: $skip ?? page.skip, top: $top ?? page.top };
}

/** Holds what a decoded real token holds, and which query it belongs to. */
function tokenOf(page: Page, hash: string): string {
  return Buffer.from(JSON.stringify({ $id: '1', MaxRows: page.top, RowsToSkip: page.skip, QueryHash: hash })).toString(
    'base64',
  );
}

function readToken(token: string, hash: string): Page {
  try {
    const {
      MaxRows: top,
      RowsToSkip: skip,
      QueryHash: of,
    } = JSON.parse(Buffer.from(token, 'base64').toString()) as Record<string, unknown>;
    if (of === hash && typeof top === 'number' && typeof skip === 'number') return { skip, top };
  } catch {
    // Falls through: a token that does not decode is as invalid as one of another query.
  }
  throw badRequest('InvalidSkipToken', 'The skip token does not belong to this query and scope.');
}
