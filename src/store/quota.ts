import type { Redis } from 'ioredis';
import type { Keys } from './keys.ts';

/** The quota of Resource Graph requests; see src/azure/limiter.ts for what it promises. */
export interface SharedQuota {
  take(): Promise<number>;
  note(note: { readonly remaining: number; readonly resetsAfterMs: number }): Promise<void>;
}

/** Redis' own clock decides, so that replicas with other clocks agree. KEYS: quota. ARGV: requests, window in ms. */
const TAKE = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local remaining = tonumber(redis.call('hget', KEYS[1], 'remaining'))
local resetsAt = tonumber(redis.call('hget', KEYS[1], 'resetsAt'))
if not resetsAt or now >= resetsAt then
  remaining = tonumber(ARGV[1])
  resetsAt = now + tonumber(ARGV[2])
end
local wait = 0
if remaining > 0 then remaining = remaining - 1 else wait = math.max(1, resetsAt - now) end
redis.call('hset', KEYS[1], 'remaining', remaining, 'resetsAt', resetsAt)
redis.call('pexpire', KEYS[1], math.max(60000, resetsAt - now + 1000))
return wait`;

/** What Azure said counts where it leaves less than we thought. ARGV: remaining, resets after in ms. */
const NOTE = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local remaining = tonumber(redis.call('hget', KEYS[1], 'remaining'))
if not remaining or tonumber(ARGV[1]) <= remaining then
  redis.call('hset', KEYS[1], 'remaining', ARGV[1], 'resetsAt', now + tonumber(ARGV[2]))
  redis.call('pexpire', KEYS[1], math.max(60000, tonumber(ARGV[2]) + 1000))
end
return 0`;

/** One quota for all processes of the installation; while Redis is away each process keeps `fallback`. */
export function sharedQuota(
  redis: Redis,
  keys: Keys,
  limits: { readonly requests: number; readonly windowMs: number },
  fallback: SharedQuota,
): SharedQuota {
  return {
    async take() {
      try {
        return Number(await redis.eval(TAKE, 1, keys.quota, limits.requests, limits.windowMs));
      } catch {
        return fallback.take();
      }
    },
    async note(note) {
      try {
        await redis.eval(NOTE, 1, keys.quota, note.remaining, Math.ceil(note.resetsAfterMs));
      } catch {
        await fallback.note(note);
      }
    },
  };
}
