import { describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import type { OpenFinding } from '../../src/core/history.ts';
import { keysOf } from '../../src/store/keys.ts';
import { testRedis } from '../support/redis.ts';
import { dayAt, recordOf, storesAt } from './build.ts';

const { url, prefix } = testRedis();
const store = storesAt(url, prefix);

const seen = (...ids: string[]): Omit<OpenFinding, 'since'>[] =>
  ids.map((id) => ({ id, state: 'outdated', image: 'ubuntu-22 1.4.0' }));
const ids = (open: readonly OpenFinding[] | undefined) => open?.map(({ id }) => id);
const nothingHidden = () => false;

test('given a team nobody recorded, when it is asked for, then nothing is remembered', async () => {
  const { history } = await store();
  expect([await history.days('none', dayAt(0)), await history.openOn('none', dayAt(9))]).toEqual([[], undefined]);
  expect(await history.lastDay('none')).toBeUndefined();
});

test('given recorded days with a gap, when any day is asked for, then the last recorded one not after it answers', async () => {
  const { history } = await store();
  await history.record('gap', recordOf(dayAt(1)), seen('/a', '/b'), nothingHidden);
  await history.record('gap', recordOf(dayAt(4)), seen('/b', '/c'), nothingHidden);
  const open = await Promise.all([0, 1, 3, 4, 9].map((number) => history.openOn('gap', dayAt(number))));
  expect(open.map(ids)).toEqual([undefined, ['/a', '/b'], ['/a', '/b'], ['/b', '/c'], ['/b', '/c']]);
});

test('given a record, when it is read from another process, under another configuration and spelling, then it is whole', async () => {
  const record = recordOf(dayAt(1), { counts: { outdated: 2, current: 8 }, medianAgeDays: 30, p90AgeDays: 90 });
  const other = recordOf(dayAt(2));
  const [here, there] = [await store(), await store({ scope: 'another configuration' })];
  await here.history.record('Whole', record, [], nothingHidden);
  await here.history.record('Whole', other, [], nothingHidden);
  expect(await there.history.days('whole', dayAt(1))).toEqual([record, other]);
  expect(await there.history.days('whole', dayAt(2))).toEqual([other]);
  expect(await there.history.lastDay('WHOLE')).toBe(dayAt(2));
});

describe('a day that is recorded again', () => {
  test('given a complete reading, when another one comes, then the first stands', async () => {
    const { history } = await store();
    expect(await history.record('first', recordOf(dayAt(1)), seen('/a'), nothingHidden)).toBe(true);
    expect(await history.record('first', recordOf(dayAt(1), { total: 99 }), seen('/b'), nothingHidden)).toBe(false);
    expect(ids(await history.openOn('first', dayAt(1)))).toEqual(['/a']);
    expect(await history.days('first', dayAt(1))).toEqual([recordOf(dayAt(1))]);
  });

  test('given an incomplete reading, when a later one replaces it, then it is compared with the day before', async () => {
    const { history } = await store();
    await history.record('partial', recordOf(dayAt(1)), seen('/a', '/b'), nothingHidden);
    await history.record('partial', recordOf(dayAt(2), { complete: false }), seen('/b', '/c'), nothingHidden);
    expect(await history.record('partial', recordOf(dayAt(2)), seen('/a'), nothingHidden)).toBe(true);
    expect(await history.openOn('partial', dayAt(2))).toMatchObject([{ id: '/a', since: dayAt(1) }]);
    expect(ids(await history.openOn('partial', dayAt(1)))).toEqual(['/a', '/b']);
    expect(await history.days('partial', dayAt(1))).toHaveLength(2);
  });

  test('given an incomplete reading, when an older incomplete one comes late, then the younger stays', async () => {
    const { history } = await store();
    const younger = recordOf(dayAt(1), { complete: false });
    await history.record('late', younger, seen('/a'), nothingHidden);
    const older = { ...younger, asOfMs: younger.asOfMs - 1 };
    expect(await history.record('late', older, seen('/b'), nothingHidden)).toBe(false);
    expect(await history.record('late', { ...older, complete: true }, seen('/b'), nothingHidden)).toBe(true);
  });

  test('given a complete reading, when a digest tells another one, then that one stands whatever comes after it', async () => {
    const { history } = await store();
    const told = recordOf(dayAt(2), { told: true, complete: false });
    await history.record('told', recordOf(dayAt(1)), seen('/a'), nothingHidden);
    await history.record('told', recordOf(dayAt(2)), seen('/a', '/b'), nothingHidden);
    expect(await history.record('told', told, seen('/c'), nothingHidden)).toBe(true);
    const later = { ...recordOf(dayAt(2)), asOfMs: told.asOfMs + 1 };
    expect(await history.record('told', later, seen('/d'), nothingHidden)).toBe(false);
    expect(ids(await history.openOn('told', dayAt(2)))).toEqual(['/c']);
    expect(ids(await history.openOn('told', dayAt(1)))).toEqual(['/a']);
  });

  test('given a reading that was told, when a digest is made once more, then the younger one stands', async () => {
    const { history } = await store();
    const told = recordOf(dayAt(1), { told: true });
    await history.record('again', told, seen('/a'), nothingHidden);
    expect(await history.record('again', told, seen('/b'), nothingHidden)).toBe(false);
    expect(await history.record('again', { ...told, asOfMs: told.asOfMs + 1 }, seen('/c'), nothingHidden)).toBe(true);
  });

  test('given a later day, when an earlier one comes, then it is refused', async () => {
    const { history } = await store();
    await history.record('earlier', recordOf(dayAt(2)), seen('/a'), nothingHidden);
    expect(await history.record('earlier', recordOf(dayAt(1)), seen('/b'), nothingHidden)).toBe(false);
    expect(await history.openOn('earlier', dayAt(1))).toBeUndefined();
  });

  test('given many workers, when they record the same day at once, then one reading is remembered as a whole', async () => {
    const workers = await Promise.all(Array.from({ length: 8 }, () => store()));
    await workers[0]!.history.record('race', recordOf(dayAt(1)), seen('/a'), nothingHidden);
    const won = await Promise.all(
      workers.map(({ history }, index) =>
        history.record('race', recordOf(dayAt(2), { total: index }), seen(`/${index}`), nothingHidden),
      ),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    const { history } = workers[0]!;
    expect(await history.days('race', dayAt(2))).toEqual([recordOf(dayAt(2), { total: won.indexOf(true) })]);
    expect(ids(await history.openOn('race', dayAt(2)))).toEqual([`/${won.indexOf(true)}`]);
    expect(ids(await history.openOn('race', dayAt(1)))).toEqual(['/a']);
  });
});

test('given two days with the same change, when both are rolled back, then neither was lost', async () => {
  const { history } = await store();
  const readings = [seen('/a'), [], seen('/a'), []];
  for (const [number, reading] of readings.entries()) {
    await history.record('twins', recordOf(dayAt(number)), reading, nothingHidden);
  }
  const open = await Promise.all([0, 1, 2, 3].map((number) => history.openOn('twins', dayAt(number))));
  expect(open.map(ids)).toEqual([['/a'], [], ['/a'], []]);
});

test('given more than two years, when a day is recorded, then what is older is forgotten and the rest still rolls back', async () => {
  const { history } = await store();
  for (const number of [0, 1, 400, 732]) {
    await history.record('old', recordOf(dayAt(number)), seen(`/${number}`), nothingHidden);
  }
  expect((await history.days('old', dayAt(0))).map(({ day }) => day)).toEqual([1, 400, 732].map(dayAt));
  expect(await history.openOn('old', dayAt(0))).toBeUndefined();
  expect(ids(await history.openOn('old', dayAt(1)))).toEqual(['/1']);
});

test('given a day of a team, when its keys are listed, then all are under the prefix and outlive the team by two years', async () => {
  const { history } = await store();
  await history.record('keys', recordOf(dayAt(1)), seen('/a'), nothingHidden);
  await history.record('keys', recordOf(dayAt(2)), seen('/b'), nothingHidden);
  const { head, days, changes } = keysOf(prefix).history('keys');
  const redis = new Redis(url);
  const lifetimes = await Promise.all([head, days, changes].map((key) => redis.ttl(key)));
  redis.disconnect();
  expect([head, days, changes].every((key) => key.startsWith(`${prefix}:`))).toBe(true);
  const days731 = 731 * 86_400;
  for (const seconds of lifetimes) expect([days731 - 60 < seconds, seconds <= days731]).toEqual([true, true]);
});
