import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { keysOf } from '../../src/store/keys.ts';
import { testRedis } from '../support/redis.ts';
import { storesAt } from './build.ts';

const { url, prefix } = testRedis();
const store = storesAt(url, prefix);

/** So long that no test lasts until the next turn. */
const HOUR_MS = 3_600_000;
const PATIENT = Number.MAX_SAFE_INTEGER;
/** The server's clock goes on while a test runs. */
const SLACK_MS = 60_000;
const bucket = (key: string, changes: { everyMs?: number; burst?: number } = {}) => ({
  key,
  everyMs: HOUR_MS,
  burst: 1,
  ...changes,
});
const hours = (waits: readonly number[]) => waits.map((wait) => Math.round(wait / HOUR_MS)).toSorted((a, b) => a - b);

describe('one bucket', () => {
  test('given two processes, when both reserve at once, then every turn is given once and in its time', async () => {
    const stores = [await store(), await store()];
    const waits = await Promise.all(
      Array.from({ length: 10 }, (_, index) => stores[index % 2]!.pace.reserve([bucket('one')], PATIENT)),
    );
    expect(hours(waits)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('given a burst, when it is used up, then turns come one by one', async () => {
    const { pace } = await store();
    const waits: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) waits.push(await pace.reserve([bucket('burst', { burst: 3 })], PATIENT));
    expect(hours(waits)).toEqual([0, 0, 0, 1, 2]);
    expect(waits.slice(0, 3)).toEqual([0, 0, 0]);
  });

  test('given little patience, when the turn is too far away, then its wait is told and nothing is reserved', async () => {
    const { pace } = await store();
    await pace.reserve([bucket('patience')], 0);
    const waits = [
      await pace.reserve([bucket('patience')], 1000),
      await pace.reserve([bucket('patience')], 1000),
      await pace.reserve([bucket('patience')], PATIENT),
      await pace.reserve([bucket('patience')], PATIENT),
    ];
    expect(hours(waits)).toEqual([1, 1, 1, 2]);
  });

  test('given any pace, when turns are reserved, then no span of time has more of them than burst and pace allow', async () => {
    const { pace } = await store();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 15 }), async (burst, turns) => {
        run += 1;
        const waits: number[] = [];
        for (let turn = 0; turn < turns; turn += 1) {
          waits.push(await pace.reserve([bucket(`law ${run}`, { burst })], PATIENT));
        }
        const slots = waits.map((wait) => Math.round(wait / HOUR_MS));
        expect(slots).toEqual(Array.from({ length: turns }, (_, turn) => Math.max(0, turn - burst + 1)));
      }),
      { numRuns: 30 },
    );
  });
});

describe('several buckets', () => {
  test('given one that is full, when both are reserved without patience, then neither turn is used', async () => {
    const { pace } = await store();
    await pace.reserve([bucket('full')], 0);
    const wait = await pace.reserve([bucket('full'), bucket('empty')], 1000);
    expect(hours([wait])).toEqual([1]);
    expect(await pace.reserve([bucket('empty')], 0)).toBe(0);
  });

  test('given one that is full, when both are reserved, then the longer wait counts, and the other goes on meanwhile', async () => {
    const { pace } = await store();
    await pace.hold('channel', 5 * HOUR_MS);
    const shared = { everyMs: HOUR_MS, burst: 2 };
    const wait = await pace.reserve([bucket('channel'), bucket('method', shared)], PATIENT);
    expect(hours([wait])).toEqual([5]);
    expect(await pace.reserve([bucket('method', shared)], 0)).toBe(0);
    expect(hours([await pace.reserve([bucket('method', shared)], PATIENT)])).toEqual([1]);
  });

  test('given none, when they are reserved, then there is nothing to wait for', async () => {
    const { pace } = await store();
    expect(await pace.reserve([], 0)).toBe(0);
  });
});

describe('a hold', () => {
  test('given a bucket with a burst, when it is held, then turns come one by one from the end of the hold', async () => {
    const { pace } = await store();
    await pace.hold('held', 2 * HOUR_MS);
    const waits: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) waits.push(await pace.reserve([bucket('held', { burst: 3 })], PATIENT));
    expect(hours(waits)).toEqual([2, 3, 4]);
  });

  test('given a hold, when a shorter one comes, then the longer one stays', async () => {
    const { pace } = await store();
    await pace.hold('longer', 2 * HOUR_MS);
    await pace.hold('longer', HOUR_MS);
    expect(hours([await pace.reserve([bucket('longer')], PATIENT)])).toEqual([2]);
  });

  test('given turns that are reserved already, when the bucket is held shorter than that, then the next comes after them', async () => {
    const { pace } = await store();
    for (let turn = 0; turn < 4; turn += 1) await pace.reserve([bucket('reserved')], PATIENT);
    await pace.hold('reserved', HOUR_MS);
    expect(hours([await pace.reserve([bucket('reserved')], PATIENT)])).toEqual([4]);
  });
});

test('given buckets, when nobody comes any more, then their keys expire once they are empty again', async () => {
  const { pace } = await store();
  await pace.reserve([bucket('ttl')], PATIENT);
  await pace.reserve([bucket('ttl')], PATIENT);
  await pace.hold('ttl held', HOUR_MS);
  await pace.reserve([bucket('ttl short', { everyMs: 1 })], PATIENT);
  const redis = new Redis(url);
  const keys = ['ttl', 'ttl held'].map(keysOf(prefix).pace);
  const lifetimes = await Promise.all(keys.map((key) => redis.pttl(key)));
  redis.disconnect();
  expect(lifetimes[0]).toBeGreaterThan(2 * HOUR_MS - SLACK_MS);
  expect(lifetimes[0]).toBeLessThanOrEqual(2 * HOUR_MS);
  expect(lifetimes[1]).toBeGreaterThan(HOUR_MS - SLACK_MS);
  expect(lifetimes[1]).toBeLessThanOrEqual(HOUR_MS);
});
