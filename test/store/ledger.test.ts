import { describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import type { WeekOutcome } from '../../src/ports.ts';
import { keysOf } from '../../src/store/keys.ts';
import { testRedis } from '../support/redis.ts';
import { storesAt } from './build.ts';

const { url, prefix } = testRedis();
const store = storesAt(url, prefix);

const WEEK = '2026-W47';
const MONDAY_MS = Date.UTC(2026, 10, 16);
const LEASE_MS = 60_000;
const posted: WeekOutcome = { state: 'posted', channel: 'C1', ts: '1.2', late: false };
const skipped: WeekOutcome = { state: 'skipped', why: 'nobody was there' };
const trouble = { why: 'archived', remedy: 'unarchive it' };
const lease = (token: string, afterMs = 0) => ({ token, nowMs: MONDAY_MS + afterMs, leaseMs: LEASE_MS });

describe('since when a team has digests', () => {
  test('given two processes, when both ask first at once, then they hear the same, and so does who asks later', async () => {
    const [a, b] = [await store(), await store()];
    const [first, second] = await Promise.all([a.ledger.since('new', 1000), b.ledger.since('NEW', 2000)]);
    expect(second).toBe(first);
    expect(await b.ledger.since('new', 3000)).toBe(first);
  });
});

describe('the lease of a week', () => {
  test('given many processes, when all take it at once, then one has it', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => store()));
    const taken = await Promise.all(all.map(({ ledger }, index) => ledger.take('race', WEEK, lease(`token ${index}`))));
    expect(taken.filter((answer) => answer === 'taken')).toHaveLength(1);
    expect(taken.filter((answer) => answer === 'busy')).toHaveLength(9);
  });

  test('given a holder, when it takes the week again in time, then the lease begins anew', async () => {
    const { ledger } = await store();
    await ledger.take('renew', WEEK, lease('a'));
    expect(await ledger.take('renew', WEEK, lease('a', LEASE_MS - 1))).toBe('taken');
    expect(await ledger.take('renew', WEEK, lease('b', LEASE_MS))).toBe('busy');
    expect(await ledger.take('renew', WEEK, lease('b', 2 * LEASE_MS - 1))).toBe('taken');
  });

  test('given a holder that fell silent, when its lease is over, then another has it and the first does not', async () => {
    const { ledger } = await store();
    await ledger.take('silent', WEEK, lease('a'));
    expect(await ledger.take('silent', WEEK, lease('b', LEASE_MS))).toBe('taken');
    expect(await ledger.take('silent', WEEK, lease('a', LEASE_MS + 1))).toBe('busy');
  });

  test('given a held week, when another week or team is taken, then it is free', async () => {
    const { ledger } = await store();
    await ledger.take('free', WEEK, lease('a'));
    expect(await ledger.take('free', '2026-W48', lease('b'))).toBe('taken');
    expect(await ledger.take('other', WEEK, lease('b'))).toBe('taken');
  });
});

describe('giving a week back', () => {
  test('given a holder with a trouble, when it gives the week back, then others may take it and read why', async () => {
    const { ledger } = await store();
    await ledger.take('back', WEEK, lease('a'));
    await ledger.giveBack('back', WEEK, 'a', { ...trouble, atMs: MONDAY_MS });
    expect(await ledger.weeks('back', [WEEK])).toEqual([{ week: WEEK, outcome: undefined, trouble, atMs: MONDAY_MS }]);
    expect(await ledger.take('back', WEEK, lease('b'))).toBe('taken');
  });

  test('given an earlier trouble, when the next holder has none of its own, then the earlier one stands', async () => {
    const { ledger } = await store();
    await ledger.take('twice', WEEK, lease('a'));
    await ledger.giveBack('twice', WEEK, 'a', { ...trouble, atMs: MONDAY_MS });
    await ledger.take('twice', WEEK, lease('b'));
    await ledger.giveBack('twice', WEEK, 'b');
    expect(await ledger.weeks('twice', [WEEK])).toMatchObject([{ trouble }]);
  });

  test('given a new holder, when the one before gives the week back, then nothing changes', async () => {
    const { ledger } = await store();
    await ledger.take('stale', WEEK, lease('a'));
    await ledger.take('stale', WEEK, lease('b', LEASE_MS));
    await ledger.giveBack('stale', WEEK, 'a', { ...trouble, atMs: MONDAY_MS });
    expect(await ledger.take('stale', WEEK, lease('c', LEASE_MS + 1))).toBe('busy');
    expect(await ledger.weeks('stale', [WEEK])).toMatchObject([{ trouble: undefined }]);
  });
});

describe('settling a week', () => {
  test('given two outcomes at once, when they are settled, then one stands for everybody', async () => {
    const [a, b] = [await store(), await store()];
    const stands = await Promise.all([
      a.ledger.settle('settle', WEEK, posted, MONDAY_MS),
      b.ledger.settle('settle', WEEK, skipped, MONDAY_MS),
    ]);
    const winner = stands[0] ? posted : skipped;
    expect(stands.filter(Boolean)).toHaveLength(1);
    expect(await b.ledger.take('settle', WEEK, lease('late'))).toEqual(winner);
    expect(await a.ledger.weeks('settle', [WEEK])).toMatchObject([{ outcome: winner, atMs: MONDAY_MS }]);
  });

  test('given a trouble, when the week ends and its holder comes late, then the outcome alone is left', async () => {
    const { ledger } = await store();
    await ledger.take('end', WEEK, lease('a'));
    await ledger.giveBack('end', WEEK, 'a', { ...trouble, atMs: MONDAY_MS });
    await ledger.take('end', WEEK, lease('b'));
    await ledger.settle('end', WEEK, posted, MONDAY_MS + 1);
    await ledger.giveBack('end', WEEK, 'b', { ...trouble, atMs: MONDAY_MS + 2 });
    expect(await ledger.weeks('end', [WEEK])).toEqual([
      { week: WEEK, outcome: posted, trouble: undefined, atMs: MONDAY_MS + 1 },
    ]);
  });

  test('given several weeks, when they are read from another process, then each is told in the order asked', async () => {
    const [a, b] = [await store(), await store({ scope: 'another configuration' })];
    await a.ledger.settle('several', '2026-W46', skipped, MONDAY_MS);
    expect(await b.ledger.weeks('several', [WEEK, '2026-W46'])).toEqual([
      { week: WEEK, outcome: undefined, trouble: undefined, atMs: undefined },
      { week: '2026-W46', outcome: skipped, trouble: undefined, atMs: MONDAY_MS },
    ]);
    expect(await b.ledger.weeks('several', [])).toEqual([]);
  });

  test('given weeks of more than two years, when one is settled, then those older than 110 weeks are gone', async () => {
    const { ledger } = await store();
    const since = await ledger.since('years', 1000);
    const [old, kept] = ['2024-W40', '2024-W41'];
    for (const week of [old, kept]) {
      await ledger.take('years', week, lease('a'));
      await ledger.giveBack('years', week, 'a', { ...trouble, atMs: 1000 });
    }
    await ledger.settle('years', WEEK, posted, MONDAY_MS);
    expect(await ledger.weeks('years', [old, kept])).toMatchObject([{ trouble: undefined }, { trouble }]);
    expect(await ledger.since('years', 2000)).toBe(since);
  });
});

test('given a team in the ledger, when its key is looked for, then it is under the prefix and outlives the team by two years', async () => {
  const { ledger } = await store();
  await ledger.settle('key', WEEK, posted, MONDAY_MS);
  const redis = new Redis(url);
  const lifetime = await redis.ttl(keysOf(prefix).ledger('key'));
  redis.disconnect();
  expect([lifetime > 109 * 7 * 86_400, lifetime <= 110 * 7 * 86_400]).toEqual([true, true]);
});
