import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import type { EstateSnapshot, TeamSnapshot } from '../../src/core/snapshot.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { keysOf } from '../../src/store/keys.ts';
import { LocalSnapshots, SharedSnapshots } from '../../src/store/snapshots.ts';
import { testRedis } from '../support/redis.ts';

const { url, prefix } = testRedis();
const opened: Store[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

async function snapshots(scope: string, options: { url?: string | undefined; privateAnswers?: boolean } = {}) {
  const store = await openStore({
    url,
    prefix,
    scope,
    log: { info: () => {}, warn: () => {} },
    waitMs: 500,
    ...options,
  });
  opened.push(store);
  return store.snapshots;
}

const counts = {
  current: 1,
  outdated: 0,
  endOfLife: 0,
  nonGolden: 0,
  revoked: 0,
  unknown: 0,
  exempt: 0,
  platformManaged: 0,
};

function estateOf(asOfMs = 1): EstateSnapshot {
  const part = { total: 1, counts };
  return { asOfMs, total: 1, unowned: { ...part, examples: [] }, overall: part, versions: [], unread: [], requests: 4 };
}

function teamOf(team: string, asOfMs = 1): TeamSnapshot {
  return { team, asOfMs, total: 1, counts, ages: [[3, 1]], versions: [], cases: [], warnings: ['ü'], unread: [] };
}

describe('the last pass', () => {
  test('is not there before the first', async () => {
    const kept = await snapshots('none');
    expect([await kept.estate(), await kept.team('a'), await kept.teams(['a']), await kept.teams([])]).toEqual([
      undefined,
      undefined,
      [],
      [],
    ]);
  });

  test('is for all processes of a configuration, as it was kept', async () => {
    await (await snapshots('one')).keep(estateOf(), [teamOf('a'), teamOf('B c')]);
    const elsewhere = await snapshots('one');
    expect(await elsewhere.estate()).toEqual(estateOf());
    expect(await elsewhere.team('B c')).toEqual(teamOf('B c'));
    expect(await elsewhere.teams(['B c', 'nobody', 'a'])).toEqual([teamOf('B c'), teamOf('a')]);
    expect(await (await snapshots('other')).estate()).toBeUndefined();
  });

  test('takes the place of the one before as a whole', async () => {
    const kept = await snapshots('replaced');
    await kept.keep(estateOf(1), [teamOf('a', 1), teamOf('b', 1)]);
    await kept.keep(estateOf(2), [teamOf('b', 2)]);
    expect(await kept.teams(['a', 'b'])).toEqual([teamOf('b', 2)]);
    expect(await kept.estate()).toEqual(estateOf(2));
  });

  test('is forgotten when nobody repeats it for weeks', async () => {
    await (await snapshots('old')).keep(estateOf(), []);
    const redis = new Redis(url);
    const days = (await redis.pttl(keysOf(prefix).snapshots('old'))) / 86_400_000;
    redis.disconnect();
    expect(days).toBeGreaterThan(30);
    expect(days).toBeLessThanOrEqual(35);
  });

  test('takes a tenth of its size', async () => {
    const redis = new Redis(url);
    const ids = Array.from(
      { length: 5000 },
      (_, index) => `/subscriptions/x/resourceGroups/y/virtualMachines/m${index}`,
    );
    const one = {
      state: 'outdated',
      kind: 'cattle',
      type: 'virtualMachine',
      image: '',
      reason: '',
      nextStep: '',
      ids,
    } as const;
    const team = { ...teamOf('big'), cases: [one] };
    await (await snapshots('size')).keep(estateOf(), [team]);
    const bytes = await redis.hstrlen(keysOf(prefix).snapshots('size'), 'team:big');
    redis.disconnect();
    expect(bytes).toBeLessThan(JSON.stringify(team).length / 10);
  });
});

describe('without Redis', () => {
  test.each([
    ['where none is configured', { url: undefined }],
    ['where it is away', { url: 'redis://127.0.0.1:1' }],
    ['where answers are private', { privateAnswers: true }],
  ])('a process keeps its own, %s', async (_name, options) => {
    const kept = await snapshots('alone', options);
    await kept.keep(estateOf(), [teamOf('a')]);
    expect([await kept.estate(), await kept.team('a'), await kept.teams(['a', 'b'])]).toEqual([
      estateOf(),
      teamOf('a'),
      [teamOf('a')],
    ]);
    expect(await (await snapshots('alone')).estate()).toBeUndefined();
  });

  test('what was kept while Redis was away stands until a newer one is there', async () => {
    const redis = new Redis(url, { lazyConnect: true, enableOfflineQueue: false });
    await redis.connect();
    redis.disconnect();
    await once(redis, 'end');
    const mine = new SharedSnapshots(redis, keysOf(prefix), 'back');
    await mine.keep(estateOf(5), [teamOf('a', 5)]);
    await redis.connect();
    const theirs = await snapshots('back');
    await theirs.keep(estateOf(4), [teamOf('a', 4)]);
    expect([await mine.estate(), await mine.team('a')]).toEqual([estateOf(5), teamOf('a', 5)]);
    await theirs.keep(estateOf(6), [teamOf('a', 6)]);
    expect([await mine.estate(), await mine.team('a')]).toEqual([estateOf(6), teamOf('a', 6)]);
    await mine.keep(estateOf(7), []);
    expect([await theirs.estate(), await mine.team('a')]).toEqual([estateOf(7), undefined]);
    redis.disconnect();
  });

  test('a process with an identity of its own sees what the installation keeps, and adds nothing to it', async () => {
    const theirs = await snapshots('private');
    const mine = await snapshots('private', { privateAnswers: true });
    await theirs.keep(estateOf(1), [teamOf('a', 1)]);
    expect(await mine.team('a')).toEqual(teamOf('a', 1));
    await mine.keep(estateOf(2), [teamOf('a', 2)]);
    expect([await mine.team('a'), await theirs.team('a')]).toEqual([teamOf('a', 2), teamOf('a', 1)]);
  });

  test('a process alone forgets teams that are not in the pass any more', async () => {
    const kept = new LocalSnapshots();
    await kept.keep(estateOf(1), [teamOf('a')]);
    await kept.keep(estateOf(2), [teamOf('b')]);
    expect(await kept.teams(['a', 'b'])).toEqual([teamOf('b')]);
  });
});
