import type { Redis } from 'ioredis';
import type { Pace } from '../ports.ts';
import type { Keys } from './keys.ts';
import { requireRedis } from './required.ts';

/**
 * A bucket's hash holds `next`, when it would be empty again if nobody came any more, and `held`, before which nobody goes;
 * milliseconds by the server's clock, so that replicas whose clocks differ agree. Each bucket gives its own next turn: one
 * that has to wait for another bucket's uses its turn late, and keeps nobody else from going meanwhile. After a hold turns
 * come one by one: whoever was told to wait has used the burst up.
 *
 * KEYS: buckets. ARGV: patience, then `everyMs` and `burst` of each. Returns the wait in ms.
 */
const RESERVE = `
local time = redis.call('time')
local now = time[1] * 1000 + time[2] / 1000
local turn = now
local nexts = {}
for index, key in ipairs(KEYS) do
  local every = tonumber(ARGV[2 * index])
  local slack = every * (tonumber(ARGV[2 * index + 1]) - 1)
  local known = redis.call('hmget', key, 'next', 'held')
  local held = tonumber(known[2]) or 0
  local next = math.max(tonumber(known[1]) or 0, now)
  if held > now then next = math.max(next, held + slack) end
  turn = math.max(turn, next - slack)
  nexts[index] = next + every
end
local wait = math.ceil(turn - now)
if wait > tonumber(ARGV[1]) then return wait end
for index, key in ipairs(KEYS) do
  redis.call('hset', key, 'next', string.format('%.3f', nexts[index]))
  local ttl = math.max(redis.call('pttl', key), math.ceil(nexts[index] - now))
  redis.call('pexpire', key, ttl)
end
return wait`;

/** KEYS: bucket. ARGV: milliseconds. A longer hold stays. */
const HOLD = `
local time = redis.call('time')
local now = time[1] * 1000 + time[2] / 1000
local held = math.max(tonumber(redis.call('hget', KEYS[1], 'held') or 0), now + tonumber(ARGV[1]))
redis.call('hset', KEYS[1], 'held', string.format('%.3f', held))
redis.call('pexpire', KEYS[1], math.max(redis.call('pttl', KEYS[1]), math.ceil(held - now)))
return 1`;

/** One pace for all replicas, in Redis (the generic cell rate algorithm). */
export function redisPace(redis: Redis | undefined, keys: Keys): Pace {
  const ask = requireRedis(redis, 'The pace of sending to Slack');
  return {
    async reserve(buckets, patienceMs) {
      const args = buckets.flatMap(({ everyMs, burst }) => [everyMs, burst]);
      const names = buckets.map(({ key }) => keys.pace(key));
      return Number(await ask((open) => open.eval(RESERVE, names.length, ...names, patienceMs, ...args)));
    },
    async hold(key, ms) {
      await ask((open) => open.eval(HOLD, 1, keys.pace(key), ms));
    },
  };
}
