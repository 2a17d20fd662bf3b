import type { Redis } from 'ioredis';
import type { Keys } from './keys.ts';

/** Answers true for the first who asks about a key within its lifetime, in all processes. */
export type Once = (key: string, lifetimeMs: number) => Promise<boolean>;

/**
 * Slack delivers at least once and people press twice; whoever gets `true` acts. While Redis is away a process remembers
 * its own deliveries: better a doubled answer than none.
 */
export function sharedOnce(redis: Redis | undefined, keys: Keys, now: () => number): Once {
  const seen = new Map<string, number>();
  const locally = (key: string, lifetimeMs: number): boolean => {
    for (const [old, until] of seen) if (until <= now()) seen.delete(old);
    if (seen.has(key)) return false;
    seen.set(key, now() + lifetimeMs);
    return true;
  };
  return async (key, lifetimeMs) => {
    if (!locally(key, lifetimeMs)) return false;
    if (!redis) return true;
    try {
      return (await redis.set(keys.once(key), '1', 'PX', lifetimeMs, 'NX')) === 'OK';
    } catch {
      return true;
    }
  };
}
