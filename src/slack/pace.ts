import { setTimeout as pause } from 'node:timers/promises';
import type { Pace } from '../ports.ts';

type Bucket = Parameters<Pace['reserve']>[0][number];

/**
 * Posting, for all replicas. "chat.postMessage generally allows posting one message per second per channel, while also
 * maintaining a workspace-wide limit" of "several hundred messages per minute", with bursts tolerated; the other methods
 * by their tiers, with a reserve for what else the app does. https://docs.slack.dev/apis/web-api/rate-limits and
 * https://docs.slack.dev/reference/methods/chat.postMessage
 */
export const POSTING: Bucket = { key: 'slack:post', everyMs: 200, burst: 10 };
/** Tier 3: 50 a minute. */
export const JOINING: Bucket = { key: 'slack:join', everyMs: 1_500, burst: 5 };
/** Tier 3: 50 a minute. */
export const READING: Bucket = { key: 'slack:history', everyMs: 1_500, burst: 10 };
/** Tier 4: 100 a minute. */
export const USERS: Bucket = { key: 'slack:users', everyMs: 750, burst: 20 };
/** Tier 2: 20 a minute. */
export const GROUPS: Bucket = { key: 'slack:groups', everyMs: 4_000, burst: 5 };

/** One message per second and channel; the burst is a message with its first replies. */
export function channelBucket(channel: string): Bucket {
  return { key: `slack:post:${channel}`, everyMs: 1_000, burst: 3 };
}

/**
 * Waits for a turn, if it comes soon.
 *
 * @returns 0 when it is our turn, else how many milliseconds to come back after
 */
export async function takeTurn(pace: Pace, buckets: readonly Bucket[], patienceMs: number): Promise<number> {
  const waitMs = await pace.reserve(buckets, patienceMs);
  if (waitMs > patienceMs) return waitMs;
  if (waitMs > 0) await pause(waitMs);
  return 0;
}
