import { describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { keysOf } from '../../src/store/keys.ts';
import { testRedis } from '../support/redis.ts';
import { storesAt } from './build.ts';

const { url, prefix } = testRedis();
const store = storesAt(url, prefix);

describe('notes', () => {
  test('given a value, when another process reads it, then it is equal, until it is removed', async () => {
    const [a, b] = [await store(), await store()];
    const value = { head: { text: 'ä *x*', blocks: [{ type: 'divider' }] }, thread: [] };
    await a.notes.put('value', value);
    expect(await b.notes.get('value')).toEqual(value);
    await b.notes.remove('value');
    expect(await a.notes.get('value')).toBeUndefined();
  });

  test('given a lifetime, when the note is kept, then Redis forgets it after that; without one it stays', async () => {
    const { notes } = await store();
    await notes.put('short', 1, 5000.5);
    await notes.put('long', 1);
    const redis = new Redis(url);
    const lifetimes = [await redis.pttl(keysOf(prefix).note('short')), await redis.pttl(keysOf(prefix).note('long'))];
    redis.disconnect();
    expect(lifetimes[0]).toBeGreaterThan(0);
    expect(lifetimes[0]).toBeLessThanOrEqual(5001);
    expect(lifetimes[1]).toBe(-1);
  });
});

describe('mutes', () => {
  const mute = (team: string, untilMs: number, by = 'U1') => ({ team, untilMs, by });

  test('given mutes, when time passes, then each ends by itself and leaves nothing behind', async () => {
    const [a, b] = [await store({ corner: ':end' }), await store({ corner: ':end' })];
    await a.mutes.put(mute('web', 2000));
    await a.mutes.put(mute('api', 3000));
    expect(await b.mutes.all(1999)).toEqual([mute('api', 3000), mute('web', 2000)]);
    expect(await b.mutes.all(2000)).toEqual([mute('api', 3000)]);
    const redis = new Redis(url);
    const fields = await redis.hkeys(keysOf(`${prefix}:end`).mutes);
    redis.disconnect();
    expect(fields).toEqual(['api']);
  });

  test('given a mute, when the team is muted again in another spelling or heard again, then that counts', async () => {
    const { mutes } = await store({ corner: ':again' });
    await mutes.put(mute('Web', 2000));
    await mutes.put(mute('web', 5000, 'U2'));
    expect(await mutes.all(1000)).toEqual([mute('web', 5000, 'U2')]);
    await mutes.remove('WEB');
    expect(await mutes.all(1000)).toEqual([]);
  });
});

describe('chosen teams', () => {
  test('given a person, when teams are chosen twice and dropped, then each counts once and others see their own', async () => {
    const { follows } = await store();
    await Promise.all(['web', 'api', 'web', 'db'].map((team) => follows.add('U1', team)));
    await follows.remove('U1', 'db');
    await follows.remove('U1', 'never');
    expect([await follows.of('U1'), await follows.of('U2')]).toEqual([['api', 'web'], []]);
  });
});
