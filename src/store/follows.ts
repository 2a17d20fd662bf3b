import type { Redis } from 'ioredis';
import { compareText } from '../core/text.ts';
import type { Follows } from '../ports.ts';
import type { Keys } from './keys.ts';
import { requireRedis } from './required.ts';

/** Whose teams, in Redis: a set for each person. */
export function redisFollows(redis: Redis | undefined, keys: Keys): Follows {
  const ask = requireRedis(redis, 'The list of teams that a person chose');
  return {
    async of(user) {
      return (await ask((open) => open.smembers(keys.follows(user)))).sort(compareText);
    },
    async add(user, team) {
      await ask((open) => open.sadd(keys.follows(user), team));
    },
    async remove(user, team) {
      await ask((open) => open.srem(keys.follows(user), team));
    },
  };
}
