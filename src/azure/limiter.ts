import { setTimeout as delay } from 'node:timers/promises';
import { RetryableError } from '../core/errors.ts';

/** What Azure's quota headers say after a request. */
export interface QuotaNote {
  /** `x-ms-user-quota-remaining`. */
  readonly remaining: number;
  /** `x-ms-user-quota-resets-after`, in milliseconds. */
  readonly resetsAfterMs: number;
}

/**
 * The budget of Resource Graph requests, shared by everything that uses the identity. `take` returns 0 when a request may
 * be sent now, else how many milliseconds to wait before asking again.
 */
export interface Quota {
  take(): Promise<number>;
  note(note: QuotaNote): Promise<void>;
}

/** Resource Graph's documented quota: about 15 requests in 5 seconds for a principal. */
export const QUOTA = { requests: 15, windowMs: 5000 } as const;

/**
 * Waits until the quota lets one request through.
 *
 * @throws RetryableError when it would take longer than `until` (milliseconds since the epoch); the signal's reason
 */
export async function admitted(quota: Quota, until: number, signal: AbortSignal | undefined): Promise<void> {
  for (;;) {
    signal?.throwIfAborted();
    const waitMs = await quota.take();
    if (waitMs <= 0) return;
    if (Date.now() + waitMs > until) {
      throw new RetryableError('Azure is busy.', 'It limits how often it may be asked; ask again shortly.', {
        retryAfterMs: waitMs,
      });
    }
    // Jitter, so that the replicas waiting for one window do not all come at its first instant.
    await delay(waitMs + Math.floor(Math.random() * 250), undefined, signal ? { signal } : {});
  }
}

/** A quota for one process alone: what the command line uses, and what remains when Redis is away. */
export function localQuota(now: () => number): Quota {
  let remaining: number = QUOTA.requests;
  let resetsAt = 0;
  const roll = () => {
    if (now() < resetsAt) return;
    remaining = QUOTA.requests;
    resetsAt = now() + QUOTA.windowMs;
  };
  return {
    take() {
      roll();
      if (remaining <= 0) return Promise.resolve(Math.max(1, resetsAt - now()));
      remaining -= 1;
      return Promise.resolve(0);
    },
    note(note) {
      roll();
      // Azure knows of requests that others made with this identity; it never gives us more than we thought.
      if (note.remaining <= remaining) {
        remaining = note.remaining;
        resetsAt = now() + note.resetsAfterMs;
      }
      return Promise.resolve();
    },
  };
}
