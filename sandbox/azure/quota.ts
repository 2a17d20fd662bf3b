import { graphError } from './errors.ts';

/** How many queries a principal has per window. Source: throttling page, 15 in 5 seconds. */
export interface QuotaOptions {
  queries: number;
  windowMs: number;
  /** Whether a 429 carries Retry-After; without it the SDK does not retry. */
  retryAfter: boolean;
}

export const DEFAULT_QUOTA: QuotaOptions = { queries: 15, windowMs: 5000, retryAfter: true };

/** Counts queries per principal in fixed windows, and says on every answer what is left. */
export class Quota {
  readonly #options: QuotaOptions;
  readonly #now: () => number;
  readonly #windows = new Map<string, { endsAt: number; used: number }>();

  constructor(options: QuotaOptions, now: () => number) {
    this.#options = options;
    this.#now = now;
  }

  /** Takes one query off. Returns the headers for the answer. @throws ArmError 429 when none is left */
  spend(principal: string): Record<string, string> {
    const { queries, windowMs, retryAfter } = this.#options;
    const now = this.#now();
    const current = this.#windows.get(principal);
    const window = current && current.endsAt > now ? current : { endsAt: now + windowMs, used: 0 };
    this.#windows.set(principal, window);
    const seconds = Math.max(1, Math.ceil((window.endsAt - now) / 1000));
    const isSpent = window.used >= queries;
    if (!isSpent) window.used++;
    const headers = quotaHeaders(queries - window.used, seconds);
    if (isSpent) throw throttled(retryAfter ? { ...headers, 'Retry-After': String(seconds) } : headers);
    return headers;
  }
}

/** The headers that tell a caller how many queries are left and when there will be more. */
export function quotaHeaders(remaining: number, resetsAfterSeconds: number): Record<string, string> {
  return {
    'x-ms-user-quota-remaining': String(remaining),
    'x-ms-user-quota-resets-after': new Date(resetsAfterSeconds * 1000).toISOString().slice(11, 19),
    'x-ms-ratelimit-remaining-tenant-resource-requests': String(remaining),
  };
}

/** The 429 of Resource Graph. */
export function throttled(headers: Readonly<Record<string, string>>) {
  const message =
    'Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed.';
  return graphError(429, 'RateLimiting', [{ code: 'RateLimiting', message }], headers);
}
