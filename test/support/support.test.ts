import { describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { testRedis } from './redis.ts';
import { tallyLine, tallyOf } from './tally.ts';

describe('the line that ends a test run', () => {
  const counted = { passed: 4, failed: 0, skipped: 1 };

  test('given jest that succeeded, then it says what jest counted', () => {
    expect(tallyLine(tallyOf(counted, 0))).toBe('4 passed, 0 failed, 1 skipped');
  });

  test('given jest that failed without a failed test, as for want of coverage, then that is one failure', () => {
    expect(tallyLine(tallyOf(counted, 1))).toBe('4 passed, 1 failed, 1 skipped');
  });

  test('given jest that ended before it counted, then that is one failure', () => {
    expect(tallyLine(tallyOf(undefined, 1))).toBe('0 passed, 1 failed, 0 skipped');
  });

  test('given failed tests, then they are counted once', () => {
    expect(tallyOf({ ...counted, failed: 2 }, 1)).toEqual({ passed: 4, failed: 2, skipped: 1 });
  });
});

describe('testRedis', () => {
  const mine = testRedis();
  const theirs = testRedis();

  test('given two test files, then they share the server and no key', async () => {
    const redis = new Redis(mine.url);
    await redis.set(`${mine.prefix}:key`, 'mine');
    const found = await redis.keys(`${theirs.prefix}*`);
    redis.disconnect();
    expect(theirs.url).toBe(mine.url);
    expect(found).toEqual([]);
  });
});
