import type { Redis } from 'ioredis';
import type { Notes } from '../ports.ts';
import type { Keys } from './keys.ts';
import { requireRedis } from './required.ts';

/** Notes in Redis, as JSON. */
export function redisNotes(redis: Redis | undefined, keys: Keys): Notes {
  const ask = requireRedis(redis, 'What is about to be said in Slack');
  return {
    async put(key, value, lifetimeMs) {
      const text = JSON.stringify(value);
      await ask((open) =>
        lifetimeMs === undefined
          ? open.set(keys.note(key), text)
          : open.set(keys.note(key), text, 'PX', Math.max(1, Math.ceil(lifetimeMs))),
      );
    },
    async get(key) {
      const text = await ask((open) => open.get(keys.note(key)));
      return text === null ? undefined : (JSON.parse(text) as unknown);
    },
    async remove(key) {
      await ask((open) => open.del(keys.note(key)));
    },
  };
}
