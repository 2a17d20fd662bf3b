import { describe, expect, test } from '@jest/globals';
import { RetryableError } from '../../src/core/errors.ts';
import type { MachineGroup } from '../../src/core/machine.ts';
import { Estate, PASS_LIFETIME_MS } from '../../src/estate/estate.ts';
import type { Answers, Census, KeyRank, Snapshots } from '../../src/ports.ts';
import { SharedAnswers } from '../../src/store/answers.ts';
import { keysOf } from '../../src/store/keys.ts';
import { LocalSnapshots } from '../../src/store/snapshots.ts';
import { built, catalogueOfVersions, groupOf, NOW, policyOf, teamOf } from '../core/build.ts';

const catalogue = catalogueOfVersions({ name: '1.0.0', daysOld: 90 }, { name: '1.1.0', daysOld: 30 });
const FIT = { osType: undefined, generation: undefined, architecture: undefined, securityType: undefined };

/** An estate over a census that tells what it was asked; time stands until it is moved. */
function estateOf(
  options: { groups?: readonly MachineGroup[]; answers?: Answers; snapshots?: Snapshots; fails?: () => boolean } = {},
) {
  let now = NOW.getTime();
  const clock = { now: () => new Date(now) };
  const asked: { keys: readonly KeyRank[]; others: readonly string[] }[] = [];
  const gate = { promise: Promise.resolve() };
  let passes = 0;
  const groups = options.groups ?? [
    groupOf({ key: 'old', count: 2 }),
    groupOf({ key: 'new', image: built('1.1.0'), count: 3 }),
  ];
  const census: Census = {
    async groups() {
      passes += 1;
      await gate.promise;
      if (options.fails?.()) throw new RetryableError('Azure is busy.', 'Ask again.');
      return { groups: groups.map((group) => ({ teams: ['team-x'], group })), total: 5, unread: [], requests: 2 };
    },
    members(_exemptions, keys, others) {
      asked.push({ keys, others });
      const members = keys.map(({ key, count }) => ({
        teams: ['team-x'],
        key,
        kindTag: undefined,
        inScaleSet: false,
        fit: FIT,
        ids: Array.from({ length: count }, (_, index) => `/${key}/${index}`),
      }));
      return Promise.resolve({ members, requests: 1 });
    },
  };
  const read: (boolean | undefined)[] = [];
  const galleries = {
    read: ({ fresh }: { fresh?: boolean } = {}) => {
      read.push(fresh);
      return Promise.resolve({ catalogue, asOf: NOW, unread: [{ scope: 's', reason: 'r' }], requests: 1 });
    },
  };
  const snapshots = options.snapshots ?? new LocalSnapshots();
  const answers = options.answers ?? new SharedAnswers(undefined, keysOf('{x}'), 'x', () => now);
  const estate = new Estate({ census, galleries, snapshots, answers, clock, policy: policyOf(), teams: [teamOf()] });
  return {
    estate,
    asked,
    read,
    gate,
    passes: () => passes,
    wait: (ms: number) => {
      now += ms;
    },
  };
}

describe('a pass', () => {
  test('asks for those who need attention alone, and tells the others', async () => {
    const { estate, asked } = estateOf();
    const whole = await estate.refresh();
    expect(asked).toEqual([{ keys: [{ key: 'old', count: 2, rank: 0 }], others: ['new'] }]);
    expect(whole).toMatchObject({ total: 5, requests: 4, unread: [{ scope: 's' }], asOfMs: NOW.getTime() });
    expect(await estate.team('team-x')).toMatchObject({ total: 5, counts: { current: 3, outdated: 2 } });
    expect(await estate.teams(['team-x', 'nobody'])).toHaveLength(1);
  });

  test('serves everybody for its lifetime', async () => {
    const { estate, passes, wait } = estateOf();
    await Promise.all([estate.refresh(), estate.current('team-x'), estate.refresh({ fresh: true })]);
    wait(PASS_LIFETIME_MS - 1);
    await estate.refresh();
    expect(passes()).toBe(1);
    wait(1);
    expect((await estate.current('team-x')).asOfMs).toBe(NOW.getTime() + PASS_LIFETIME_MS);
    expect(passes()).toBe(2);
  });

  test('is made anew when asked, with a catalogue read anew', async () => {
    const { estate, passes, read } = estateOf();
    await estate.refresh();
    await estate.refresh({ fresh: true });
    expect(passes()).toBe(2);
    expect(read).toEqual([false, true]);
  });

  test('that fails is told, and the one before stays', async () => {
    let fails = false;
    const { estate, wait } = estateOf({ fails: () => fails });
    await estate.refresh();
    fails = true;
    wait(PASS_LIFETIME_MS);
    await expect(estate.refresh()).rejects.toThrow('Azure is busy.');
    await expect(estate.current('team-x')).rejects.toThrow('Azure is busy.');
    expect(await estate.team('team-x')).toMatchObject({ asOfMs: NOW.getTime() });
    expect(await estate.estate()).toMatchObject({ asOfMs: NOW.getTime() });
  });

  test('is not there before the first', async () => {
    const { estate } = estateOf();
    expect([await estate.estate(), await estate.team('team-x'), await estate.teams(['team-x'])]).toEqual([
      undefined,
      undefined,
      [],
    ]);
  });

  test('whose snapshots are lost is made again', async () => {
    const first = new LocalSnapshots();
    const answers = new SharedAnswers(undefined, keysOf('{x}'), 'x', () => NOW.getTime());
    await estateOf({ answers, snapshots: first }).estate.refresh();
    const { estate, passes } = estateOf({ answers });
    expect(await estate.refresh()).toMatchObject({ total: 5 });
    expect(passes()).toBe(1);
  });

  test('that nobody keeps is an error, and so is a team that nobody configured', async () => {
    const forgetful = Object.assign(new LocalSnapshots(), { keep: () => Promise.resolve() });
    await expect(estateOf({ snapshots: forgetful }).estate.refresh()).rejects.toThrow('was not kept');
    await expect(estateOf().estate.current('nobody')).rejects.toThrow('team nobody');
  });

  test('without machines asks who nobody is', async () => {
    const { estate, asked } = estateOf({ groups: [] });
    await estate.refresh();
    expect(asked).toEqual([{ keys: [], others: [] }]);
  });
});
