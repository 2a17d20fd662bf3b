import { setTimeout as delay } from 'node:timers/promises';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import type { AzureScope } from '../config.ts';
import { FatalError, RetryableError } from '../core/errors.ts';
import { BEARER_POLICY, type ClientOptions } from './credential.ts';
import { failureOf, type Heard } from './failures.ts';
import { admitted, type Quota } from './limiter.ts';
import type { Row } from './rows.ts';

/** One answer of Resource Graph, all pages of it or as many as were asked for. */
export interface Answer {
  readonly rows: readonly Row[];
  /** Rows the query has in all, whatever was returned. */
  readonly totalRecords: number;
  readonly requests: number;
  /** The scope held more subscriptions than a query covers: rows are missing. */
  readonly scopeTruncated: boolean;
}

export interface AskOptions {
  readonly scope: AzureScope;
  /** Rows at the most; absent: all pages. */
  readonly top?: number;
  readonly skip?: number;
  /** A summarized answer has one page only; what it lacks is told by `totalRecords`. */
  readonly onePage?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** What is counted and reported of requests. */
export interface RequestLog {
  request(outcome: {
    readonly ok: boolean;
    readonly status: string;
    readonly durationMs: number;
    readonly requestId: string | undefined;
    readonly attempt: number;
  }): void;
  quota(remaining: number): void;
}

/** Azure Resource Graph's largest page. */
const PAGE_ROWS = 1000;
const ATTEMPTS = 4;
/** No answer within this time is worth waiting for any longer. */
const PATIENCE_MS = 45_000;

/**
 * Asks Azure Resource Graph through the real SDK. Every request, retries and pages included, passes one quota; answers are
 * checked for the shapes the service is known to send instead of what was asked for.
 */
export class ResourceGraph {
  readonly #client: ResourceGraphClient;
  readonly #quota: Quota;
  readonly #log: RequestLog;
  readonly #timeoutMs: number;

  constructor(client: ClientOptions, parts: { quota: Quota; log: RequestLog; timeoutMs: number }) {
    this.#client = new ResourceGraphClient(client.credential, client.options as object);
    // Plain http is only ever a loopback address, where our own policy sends the token.
    if (client.options.allowInsecureConnection) this.#client.pipeline.removePolicy({ name: BEARER_POLICY });
    this.#quota = parts.quota;
    this.#log = parts.log;
    this.#timeoutMs = parts.timeoutMs;
  }

  /** @throws RetryableError, FatalError, InvalidQuery when Azure refuses the query itself */
  async ask(query: string, options: AskOptions): Promise<Answer> {
    const rows: Row[] = [];
    const wanted = options.top ?? Number.POSITIVE_INFINITY;
    const seen = new Set<string>();
    let skipToken: string | undefined;
    let totalRecords = 0;
    let requests = 0;
    let scopeTruncated = false;
    do {
      const page = await this.#page(query, options, Math.min(PAGE_ROWS, wanted - rows.length), skipToken);
      requests += page.attempts;
      rows.push(...page.rows);
      totalRecords = page.totalRecords;
      scopeTruncated ||= page.scopeTruncated;
      skipToken = page.skipToken;
      // resultTruncated is no guide (a page can be short or cut with either value): the token alone says there is more.
      if (skipToken !== undefined && seen.has(skipToken)) {
        throw new FatalError(
          'Azure Resource Graph repeats a page.',
          'Ask again; if it stays so, report it with the reference id.',
        );
      }
      if (skipToken !== undefined) seen.add(skipToken);
    } while (skipToken !== undefined && rows.length < wanted && !options.onePage);
    return { rows, totalRecords, requests, scopeTruncated };
  }

  async #page(query: string, { scope, skip, signal }: AskOptions, top: number, skipToken: string | undefined) {
    const until = Date.now() + PATIENCE_MS;
    for (let attempt = 1; ; attempt += 1) {
      await admitted(this.#quota, until, signal);
      const startedAt = performance.now();
      const heard: Heard = {};
      try {
        const answer = await this.#client.resources(
          {
            query,
            ...scopeOf(scope),
            options: {
              top,
              resultFormat: 'objectArray',
              // A token knows where to go on, and `skip` would overrule it: the page would begin again at the window's first row.
              ...(skipToken !== undefined ? { skipToken } : skip ? { skip } : {}),
              ...(scope.kind === 'subscriptions' ? {} : { allowPartialScopes: true }),
            },
          },
          {
            abortSignal: AbortSignal.any([AbortSignal.timeout(this.#timeoutMs), ...(signal ? [signal] : [])]),
            onResponse: ({ status, headers }) => Object.assign(heard, heardFrom(status, headers)),
          },
        );
        await this.#note(heard);
        const rows = rowsOf(answer.data);
        this.#log.request({
          ok: true,
          status: '200',
          durationMs: performance.now() - startedAt,
          requestId: heard.requestId,
          attempt,
        });
        return {
          rows,
          totalRecords: Number(answer.totalRecords),
          skipToken: answer.skipToken || undefined,
          scopeTruncated: heard.limitHit ?? false,
          attempts: attempt,
        };
      } catch (error) {
        await this.#note(heard);
        const failure = failureOf(error, heard);
        this.#log.request({
          ok: false,
          status: failure.status,
          durationMs: performance.now() - startedAt,
          requestId: heard.requestId,
          attempt,
        });
        signal?.throwIfAborted();
        const { error: translated } = failure;
        if (!(translated instanceof RetryableError)) throw translated;
        const waitMs = translated.retryAfterMs ?? 500 * 2 ** (attempt - 1);
        if (attempt >= failure.attempts(ATTEMPTS) || Date.now() + waitMs > until) throw translated;
        if (failure.throttled) await this.#quota.note({ remaining: 0, resetsAfterMs: waitMs });
        else await delay(waitMs + Math.floor(Math.random() * 250), undefined, signal ? { signal } : {});
      }
    }
  }

  async #note(heard: { remaining?: number; resetsAfterMs?: number }): Promise<void> {
    if (heard.remaining === undefined || heard.resetsAfterMs === undefined) return;
    this.#log.quota(heard.remaining);
    await this.#quota.note({ remaining: heard.remaining, resetsAfterMs: heard.resetsAfterMs });
  }
}

/** An empty list might mean "nothing" or "the whole tenant" to the service, so it is never sent. */
function scopeOf(scope: AzureScope): { subscriptions?: string[]; managementGroups?: string[] } {
  if (scope.kind === 'everything') return {};
  if (scope.ids.length === 0) throw new RangeError('A scope without ids must not be asked');
  return scope.kind === 'subscriptions' ? { subscriptions: [...scope.ids] } : { managementGroups: [...scope.ids] };
}

function rowsOf(data: unknown): readonly Row[] {
  if (Array.isArray(data)) return data as Row[];
  throw new FatalError(
    'Azure Resource Graph answered in another form than it was asked for.',
    'Check that nothing between the bot and Azure rewrites answers.',
  );
}

function heardFrom(status: number, headers: { get(name: string): string | undefined }): Heard {
  const remaining = Number.parseInt(headers.get('x-ms-user-quota-remaining') ?? '', 10);
  const [, hours, minutes, seconds] =
    /^(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(headers.get('x-ms-user-quota-resets-after') ?? '') ?? [];
  const requestId = headers.get('x-ms-request-id');
  const retryAfter = headers.get('retry-after');
  return {
    status,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(Number.isNaN(remaining) ? {} : { remaining }),
    ...(seconds === undefined
      ? {}
      : { resetsAfterMs: (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000 }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(headers.get('x-ms-tenant-subscription-limit-hit') === 'true' ? { limitHit: true } : {}),
  };
}
