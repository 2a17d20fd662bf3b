import type { Redis } from 'ioredis';
import { folded } from '../core/team.ts';
import { compareText } from '../core/text.ts';
import type { Mute, Mutes } from '../ports.ts';
import type { Keys } from './keys.ts';
import { requireRedis } from './required.ts';

/** Removes mutes that are still what was read of them. KEYS: mutes. ARGV: field and text of each. */
const CLEAR = `
for index = 1, #ARGV, 2 do
  if redis.call('hget', KEYS[1], ARGV[index]) == ARGV[index + 1] then redis.call('hdel', KEYS[1], ARGV[index]) end
end
return 1`;

/** Mutes in Redis: one hash, a field for each team. Those that are over go when somebody reads them. */
export function redisMutes(redis: Redis | undefined, keys: Keys): Mutes {
  const ask = requireRedis(redis, 'The list of muted teams');
  return {
    async put(mute) {
      await ask((open) => open.hset(keys.mutes, folded(mute.team), JSON.stringify(mute)));
    },
    async remove(team) {
      await ask((open) => open.hdel(keys.mutes, folded(team)));
    },
    async all(nowMs) {
      const texts = Object.entries(await ask((open) => open.hgetall(keys.mutes)));
      const mutes = texts.map(([field, text]) => ({ field, text, mute: JSON.parse(text) as Mute }));
      const over = mutes.filter(({ mute }) => mute.untilMs <= nowMs);
      if (over.length > 0) {
        await ask((open) => open.eval(CLEAR, 1, keys.mutes, ...over.flatMap(({ field, text }) => [field, text])));
      }
      return mutes
        .map(({ mute }) => mute)
        .filter(({ untilMs }) => untilMs > nowMs)
        .sort((a, b) => compareText(a.team, b.team));
    },
  };
}
