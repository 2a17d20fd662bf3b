import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { openRedis } from '../../sandbox/redis.ts';
import { localQuota } from '../../src/azure/limiter.ts';
import { SharedAnswers } from '../../src/store/answers.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { keysOf } from '../../src/store/keys.ts';
import { testRedis } from '../support/redis.ts';

const { url, prefix } = testRedis();
const silent = { info: () => {}, warn: () => {} };
const opened: Store[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

async function store(options: { scope?: string; url?: string | undefined } = {}): Promise<Store> {
  const made = await openStore({
    url: 'url' in options ? options.url : url,
    prefix,
    scope: options.scope ?? 'a',
    log: silent,
    waitMs: 2000,
  });
  opened.push(made);
  return made;
}

/** A question that counts how often it is asked and answers when told to. */
function question() {
  let asked = 0;
  const answer = Promise.withResolvers<string>();
  const heard = Promise.withResolvers<void>();
  return {
    ask: () => {
      asked += 1;
      heard.resolve();
      return answer.promise;
    },
    heard: heard.promise,
    answer: answer.resolve,
    fail: answer.reject,
    asked: () => asked,
  };
}

const lifetimeMs = 60_000;

describe('equal questions', () => {
  test('of one process are asked once', async () => {
    const { answers } = await store();
    const one = question();
    const all = Array.from({ length: 100 }, () => answers.share('one', one.ask, { lifetimeMs }));
    one.answer('x');
    const shared = await Promise.all(all);
    expect(one.asked()).toBe(1);
    expect(shared.filter(({ reused }) => !reused)).toHaveLength(1);
  });

  test('of two processes at the same time are asked once', async () => {
    const [a, b] = [await store(), await store()];
    const one = question();
    const first = a.answers.share('two', one.ask, { lifetimeMs });
    await one.heard;
    const second = b.answers.share('two', one.ask, { lifetimeMs });
    one.answer('x');
    expect(await Promise.all([first, second])).toEqual([
      { value: 'x', reused: false },
      { value: 'x', reused: true },
    ]);
    expect(one.asked()).toBe(1);
  });

  test('that take longer than a dead process is waited for are asked once all the same', async () => {
    const redis = new Redis(url);
    const askingMs = 150;
    const two = [1, 2].map(() => new SharedAnswers(redis, keysOf(prefix), 'long', Date.now, askingMs));
    let asked = 0;
    const slow = async () => {
      asked += 1;
      await delay(4 * askingMs);
      return 'x';
    };
    const shared = await Promise.all(two.map((answers) => answers.share('long', slow, { lifetimeMs })));
    redis.disconnect();
    expect(shared.map(({ value }) => value)).toEqual(['x', 'x']);
    expect(asked).toBe(1);
  });

  test('asked anew are asked again, and others see the new answer', async () => {
    const [a, b] = [await store(), await store()];
    await a.answers.share('anew', () => Promise.resolve(1), { lifetimeMs });
    await b.answers.share('anew', () => Promise.resolve(2), { lifetimeMs, fresh: true });
    expect(await a.answers.share('anew', () => Promise.resolve(3), { lifetimeMs })).toEqual({ value: 2, reused: true });
  });

  test('asked anew while another process asks take its answer', async () => {
    const [a, b] = [await store(), await store()];
    await a.answers.share('joint', () => Promise.resolve('old'), { lifetimeMs });
    const one = question();
    const first = a.answers.share('joint', one.ask, { lifetimeMs, fresh: true });
    await one.heard;
    const second = b.answers.share('joint', () => Promise.resolve('mine'), { lifetimeMs, fresh: true });
    // Whoever finds somebody asking throws the old answer away before waiting for the new one.
    const redis = new Redis(url);
    while ((await redis.exists(keysOf(prefix).answer('a:joint'))) === 1);
    redis.disconnect();
    one.answer('theirs');
    await first;
    expect((await second).value).toBe('theirs');
  });

  test('are not shared between configurations', async () => {
    const [a, b] = [await store({ scope: 'a' }), await store({ scope: 'b' })];
    await a.answers.share('config', () => Promise.resolve(1), { lifetimeMs });
    expect((await b.answers.share('config', () => Promise.resolve(2), { lifetimeMs })).value).toBe(2);
  });

  test('that failed leave nothing behind', async () => {
    const { answers } = await store();
    await expect(answers.share('fails', () => Promise.reject(new Error('no')), { lifetimeMs })).rejects.toThrow('no');
    expect(await answers.share('fails', () => Promise.resolve('yes'), { lifetimeMs })).toEqual({
      value: 'yes',
      reused: false,
    });
  });

  test('expire', async () => {
    const { answers } = await store();
    await answers.share('short', () => Promise.resolve(1), { lifetimeMs });
    const redis = new Redis(url);
    await redis.del(keysOf(prefix).answer('a:short'));
    redis.disconnect();
    expect((await answers.share('short', () => Promise.resolve(2), { lifetimeMs })).value).toBe(2);
  });
});

describe('a delivery', () => {
  test('is acted upon once, in all processes', async () => {
    const [a, b] = [await store(), await store()];
    const first = await Promise.all([a.once('t1', lifetimeMs), b.once('t1', lifetimeMs), a.once('t1', lifetimeMs)]);
    expect(first.filter(Boolean)).toHaveLength(1);
    expect(await b.once('t2', lifetimeMs)).toBe(true);
  });
});

describe('the quota', () => {
  const limits = { requests: 3, windowMs: 60_000 };

  test('is one for all processes', async () => {
    const quotas = [await store(), await store()].map((each) => each.quota(limits, localQuota(Date.now)));
    const waits = await Promise.all(Array.from({ length: 5 }, (_, index) => quotas[index % 2]!.take()));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(3);
    expect(Math.max(...waits)).toBeLessThanOrEqual(60_000);
  });

  test('believes Azure where it leaves less', async () => {
    const own = await openStore({ url, prefix: `${prefix}:quota`, scope: 'a', log: silent });
    opened.push(own);
    const quota = own.quota(limits, localQuota(Date.now));
    expect(await quota.take()).toBe(0);
    await quota.note({ remaining: 0, resetsAfterMs: 30_000 });
    const wait = await quota.take();
    expect(wait).toBeGreaterThan(20_000);
    expect(wait).toBeLessThanOrEqual(30_000);
  });
});

describe('without Redis', () => {
  test.each([
    ['configured', undefined],
    ['there at start', 'redis://127.0.0.1:1'],
  ])('%s a process shares with itself', async (_case, at) => {
    const made = await openStore({ url: at, prefix, scope: 'a', log: silent, waitMs: 50 });
    opened.push(made);
    let asked = 0;
    const ask = () => {
      asked += 1;
      return Promise.resolve(asked);
    };
    await made.answers.share('k', ask, { lifetimeMs });
    expect(await made.answers.share('k', ask, { lifetimeMs })).toEqual({ value: 1, reused: true });
    expect([await made.once('d', 1000), await made.once('d', 1000)]).toEqual([true, false]);
    expect(
      await made
        .quota(
          { requests: 1, windowMs: 1000 },
          localQuota(() => 0),
        )
        .take(),
    ).toBe(0);
    expect(await made.ready()).toBe(at === undefined);
  });

  test('in the middle it goes on, and says so', async () => {
    const server = await openRedis({ alwaysPrivate: true });
    const warned = Promise.withResolvers<string>();
    const log = { info: () => {}, warn: (_: object, message: string) => warned.resolve(message) };
    const made = await openStore({ url: server.url, prefix, scope: 'a', log, waitMs: 2000 });
    opened.push(made);
    expect(await made.ready()).toBe(true);

    await server.close();
    expect(await made.answers.share('mid', () => Promise.resolve('alone'), { lifetimeMs })).toEqual({
      value: 'alone',
      reused: false,
    });
    expect(await made.once('mid', 1000)).toBe(true);
    expect(await made.ready()).toBe(false);
    expect(await warned.promise).toMatch(/Redis is away/);
  });
});

test('a database that Redis does not have is not taken for database 0', async () => {
  const warned = Promise.withResolvers<string>();
  const log = { info: () => {}, warn: (_: object, message: string) => warned.resolve(message) };
  const made = await openStore({ url: new URL('/9999', url).href, prefix, scope: 'a', log, waitMs: 500 });
  opened.push(made);
  expect(await warned.promise).toMatch(/no database of this number/);
  await made.answers.share('elsewhere', () => Promise.resolve(1), { lifetimeMs });
  expect(await made.ready()).toBe(false);
  const redis = new Redis(url);
  expect(await redis.exists(keysOf(prefix).answer('a:elsewhere'))).toBe(0);
  redis.disconnect();
});

test('all keys lie in one slot', () => {
  const keys = keysOf('{golden}');
  for (const key of [keys.answer('x{y}'), keys.asking('x'), keys.once('x'), keys.quota])
    expect(key).toMatch(/^\{golden\}:/);
});

describe('a quota of one process', () => {
  test('lets the window pass, and believes Azure', async () => {
    let now = 0;
    const quota = localQuota(() => now);
    const taken = await Promise.all(Array.from({ length: 16 }, () => quota.take()));
    expect(taken.filter((wait) => wait === 0)).toHaveLength(15);
    expect(taken.at(-1)).toBe(5000);
    now = 5000;
    expect(await quota.take()).toBe(0);
    await quota.note({ remaining: 0, resetsAfterMs: 700 });
    expect(await quota.take()).toBe(700);
    now = 5700;
    await quota.note({ remaining: 99, resetsAfterMs: 1 });
    expect(await quota.take()).toBe(0);
  });
});
