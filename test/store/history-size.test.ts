import { expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import type { OpenFinding } from '../../src/core/history.ts';
import { keysOf } from '../../src/store/keys.ts';
import { testRedis } from '../support/redis.ts';
import { dayAt, recordOf, storesAt } from './build.ts';

const { url, prefix } = testRedis();
const store = storesAt(url, prefix);

/** The part of the findings that differ on the next day: four of five are others, one has changed its state. */
const CHANGING = 0.02;

/** Random numbers that are the same in every run. */
function randomOf(seed: number) {
  let state = seed;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const hex = (length: number) => Array.from({ length }, () => below(16).toString(16)).join('');
  return { below, hex, pick: <T>(all: readonly T[]): T => all[below(all.length)]! };
}

/** Findings of an estate: 20 subscriptions, 360 resource groups in each, names with a random part, 25 image versions. */
function estateOf(size: number) {
  const { below, hex, pick } = randomOf(size);
  const subscriptions = Array.from({ length: 20 }, () => `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`);
  const image = () => `ubuntu-22-04-hardened 1.${below(25)}.0`;
  const finding = (): Omit<OpenFinding, 'since'> => {
    const group = `rg-pay-${pick(['prod', 'test', 'dev'])}-${pick(['weu', 'neu', 'eus'])}-${below(40)}`;
    const name = `vm-${pick(['web', 'api', 'db', 'batch'])}-${hex(6)}`;
    return {
      id: `/subscriptions/${pick(subscriptions)}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`,
      state: pick(['outdated', 'nonGolden']),
      image: image(),
    };
  };
  const open = Array.from({ length: size }, finding);
  const nextDay = () => {
    for (let changed = 0; changed < Math.max(1, size * CHANGING); changed += 1) {
      const at = below(size);
      open[at] = changed % 5 === 4 ? { ...open[at]!, state: 'endOfLife', image: image() } : finding();
    }
  };
  return { open, nextDay };
}

/** Bytes in Redis' memory: of the last day, and of each day; the first day has nothing to differ from. */
async function sizesOf(team: string, recorded: number): Promise<{ last: number; perDay: number }> {
  const { head, days, changes } = keysOf(prefix).history(team);
  const redis = new Redis(url);
  const sizes = await Promise.all(
    [head, days, changes].map((key) => redis.call('MEMORY', 'USAGE', key, 'SAMPLES', '0') as Promise<number>),
  );
  redis.disconnect();
  return { last: sizes[0]!, perDay: sizes[1]! / recorded + sizes[2]! / (recorded - 1) };
}

// docs/performance.md states what was measured; these bounds leave room for another version of Redis or zlib.
test.each([
  { size: 50, recorded: 50, last: 2500, perDay: 800 },
  { size: 5000, recorded: 15, last: 65_000, perDay: 3500 },
  { size: 50_000, recorded: 4, last: 450_000, perDay: 14_000 },
])('given $size open findings, when 2 % change a day, then a day takes at most $perDay bytes', async (bound) => {
  const { history } = await store();
  const { open, nextDay } = estateOf(bound.size);
  const team = `size ${bound.size}`;
  for (let day = 0; day < bound.recorded; day += 1) {
    const counts = { current: 2 * bound.size, outdated: bound.size / 2, nonGolden: bound.size / 2 };
    const ages = { medianAgeDays: 34, p90AgeDays: 97 };
    await history.record(team, recordOf(dayAt(day), { counts, total: 3 * bound.size, ...ages }), open, () => false);
    nextDay();
  }
  const { last, perDay } = await sizesOf(team, bound.recorded);
  expect(perDay).toBeLessThan(bound.perDay);
  expect(last).toBeLessThan(bound.last);
});
