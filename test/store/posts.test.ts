import { describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { keysOf } from '../../src/store/keys.ts';
import { testRedis } from '../support/redis.ts';
import { storesAt } from './build.ts';

const { url, prefix } = testRedis();
const store = storesAt(url, prefix);

const where = { channel: 'C1', ts: '1795219200.000100' };
const pending = (token: string, sinceMs: number) => ({ kind: 'pending', token, sinceMs });

describe('beginning', () => {
  test('given many processes, when all begin at once, then one may send and the others hear of it', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => store()));
    const begun = await Promise.all(all.map(({ posts }, index) => posts.begin('race', `${index}`, index)));
    const winner = begun.findIndex(({ kind }) => kind === 'go');
    expect(begun.filter(({ kind }) => kind === 'go')).toEqual([{ kind: 'go', token: `${winner}` }]);
    expect(begun.filter(({ kind }) => kind !== 'go')).toEqual(Array(9).fill(pending(`${winner}`, winner)));
  });

  test('given a message that was begun, when its own token begins again, then it is pending: it may have been said', async () => {
    const { posts } = await store();
    await posts.begin('again', 'a', 1);
    expect(await posts.begin('again', 'a', 2)).toEqual(pending('a', 1));
  });

  test('given a message, when it is looked at, then that changes nothing', async () => {
    const { posts } = await store();
    expect(await posts.look('look')).toBeUndefined();
    await posts.begin('look', 'a', 1);
    expect(await posts.look('look')).toEqual(pending('a', 1));
    expect(await posts.look('look')).toEqual(pending('a', 1));
  });
});

describe('taking over', () => {
  test('given many who found the same beginning, when all retake it at once, then one may send', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => store()));
    await all[0]!.posts.begin('retake', 'dead', 1);
    const begun = await Promise.all(all.map(({ posts }, index) => posts.retake('retake', 'dead', `${index}`, 2)));
    expect(begun.filter(({ kind }) => kind === 'go')).toHaveLength(1);
    const winner = begun.findIndex(({ kind }) => kind === 'go');
    expect(await all[0]!.posts.look('retake')).toEqual(pending(`${winner}`, 2));
  });

  test('given a message that was taken back meanwhile, when it is retaken, then it may be sent', async () => {
    const { posts } = await store();
    expect(await posts.retake('free', 'dead', 'a', 1)).toEqual({ kind: 'go', token: 'a' });
  });

  test('given a message that was sent meanwhile, when it is retaken, then it is not sent again', async () => {
    const { posts } = await store();
    await posts.begin('found', 'a', 1);
    await posts.sent('found', where);
    expect(await posts.retake('found', 'a', 'b', 2)).toEqual({ kind: 'sent', ...where });
  });
});

describe('the end', () => {
  test('given any state, when it turns out to be sent, then that stands against everything', async () => {
    const { posts } = await store();
    await posts.begin('sent', 'a', 1);
    await posts.giveUp('sent', 'a');
    await posts.sent('sent', where);
    await posts.release('sent', 'a');
    await posts.giveUp('sent', 'a');
    expect(await posts.begin('sent', 'b', 2)).toEqual({ kind: 'sent', ...where });
  });

  test('given whoever began, when it takes that back, then the next may begin', async () => {
    const { posts } = await store();
    await posts.begin('release', 'a', 1);
    await posts.release('release', 'a');
    expect(await posts.begin('release', 'b', 2)).toEqual({ kind: 'go', token: 'b' });
  });

  test('given whoever began, when it gives up, then nobody says it again', async () => {
    const { posts } = await store();
    await posts.begin('unsure', 'a', 1);
    await posts.giveUp('unsure', 'a');
    await posts.release('unsure', 'a');
    expect(await posts.begin('unsure', 'b', 2)).toEqual({ kind: 'unsure' });
    expect(await posts.retake('unsure', 'a', 'b', 2)).toEqual({ kind: 'unsure' });
    expect(await posts.look('unsure')).toEqual({ kind: 'unsure' });
  });

  test.each(['release', 'giveUp'] as const)(
    'given another token, when it calls %s, then nothing changes',
    async (call) => {
      const { posts } = await store();
      await posts.begin(`other ${call}`, 'a', 1);
      await posts[call](`other ${call}`, 'b');
      expect(await posts.look(`other ${call}`)).toEqual(pending('a', 1));
    },
  );
});

test('given messages in every state, when their keys are looked for, then they are under the prefix for 100 days', async () => {
  const { posts } = await store();
  for (const key of ['ttl begun', 'ttl unsure', 'ttl sent']) await posts.begin(key, 'a', 1);
  await posts.giveUp('ttl unsure', 'a');
  await posts.sent('ttl sent', where);
  const redis = new Redis(url);
  const keys = ['ttl begun', 'ttl unsure', 'ttl sent'].map(keysOf(prefix).post);
  const lifetimes = await Promise.all(keys.map((key) => redis.ttl(key)));
  redis.disconnect();
  expect(lifetimes.map((seconds) => Math.round(seconds / 86_400))).toEqual([100, 100, 100]);
});
