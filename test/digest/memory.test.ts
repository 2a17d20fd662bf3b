import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SkippedWeek } from '../../src/core/digest.ts';
import type { Unread } from '../../src/core/report.ts';
import type { Case, TeamSnapshot } from '../../src/core/snapshot.ts';
import type { Team } from '../../src/core/team.ts';
import { Memory } from '../../src/digest/memory.ts';
import type { WeekEntry, WeekOutcome } from '../../src/ports.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { teamOf } from '../core/build.ts';
import { caseOf, countsOf, estateOf, snapshotOf, teamDigestOf } from '../core/digest-build.ts';
import { testRedis } from '../support/redis.ts';
import { SimulatedClock } from './workers.ts';

const { url, prefix } = testRedis();
const MONDAY = new Date('2026-11-16T08:00:00Z');
const WEEK = '2026-W47';
const DAY_MS = 86_400_000;

let store: Store;
beforeAll(async () => {
  store = await openStore({ url, prefix, scope: 'test', log: { info: () => {}, warn: () => {} } });
});
afterAll(() => store.close());

/** What Azure is as long as nobody changes it. */
interface Azure {
  cases: readonly Case[];
  unread: readonly Unread[];
  /** How old a reading is when it is taken, in milliseconds. */
  agoMs: number;
}

let worlds = 0;
/** A memory over the real history, of teams that nobody else has. */
function world(given: { readonly team?: Partial<Team>; readonly at?: Date } = {}) {
  worlds += 1;
  const team = teamOf({ name: `team-${worlds}`, digest: teamDigestOf(), ...given.team });
  const clock = new SimulatedClock(given.at ?? MONDAY);
  const azure: Azure = { cases: [], unread: [], agoMs: 0 };
  const asOfMs = () => clock.now().getTime() - azure.agoMs;
  const snapshot = (): TeamSnapshot => {
    const outdated = azure.cases.reduce((sum, { ids }) => sum + ids.length, 0);
    const { cases, unread } = azure;
    return snapshotOf({
      team: team.name,
      asOfMs: asOfMs(),
      total: 10 + outdated,
      counts: countsOf({ current: 10, outdated }),
      cases,
      unread,
    });
  };
  const fresh: (boolean | undefined)[] = [];
  const memory = new Memory({
    estate: {
      current: async () => snapshot(),
      teams: async () => [snapshot()],
      refresh: async (options) => {
        fresh.push(options?.fresh);
        return estateOf({ asOfMs: asOfMs(), unread: azure.unread, requests: 4 });
      },
    },
    history: store.history,
    mutes: store.mutes,
    clock,
    teams: [team],
    platform: { channel: 'C0PLATFORM', digest: teamDigestOf() },
  });
  /** The weekly digest, as it is posted at this moment. */
  const tell = (week = WEEK, earlier: readonly WeekEntry[] = []) =>
    memory.digestOf(team, week, earlier, { told: true });
  return { team, clock, azure, memory, tell, fresh };
}

const names = (groups: readonly { readonly ids: readonly string[] }[]) =>
  groups.flatMap(({ ids }) => ids.map((id) => id.split('/').at(-1)));

function entry(week: string, outcome: WeekOutcome | undefined, at = MONDAY): WeekEntry {
  return { week, outcome, trouble: undefined, atMs: outcome && at.getTime() };
}
const posted: WeekOutcome = { state: 'posted', channel: 'C0PAYMENTS', ts: '1.0', late: false };

describe('what a digest is compared with', () => {
  test('given nothing is remembered, then it is a first one', async () => {
    const { azure, tell } = world();
    azure.cases = [caseOf(['web-01'])];
    const digest = await tell();
    expect(digest.before).toBeUndefined();
    expect(names(digest.fresh)).toEqual(['web-01']);
    expect(digest.weeks).toHaveLength(1);
  });

  test('given no digest was posted and a week is remembered, then with how it was a week ago', async () => {
    const { azure, clock, memory, tell } = world();
    azure.cases = [caseOf(['web-01', 'web-02'])];
    await memory.record();
    clock.advance(7 * DAY_MS);
    azure.cases = [caseOf(['web-02', 'web-03'])];
    const { before, fresh, open, fixed } = await tell('2026-W48');
    expect(before?.day).toBe('2026-11-16');
    expect([names(fresh), names(open), names(fixed)]).toEqual([['web-03'], ['web-02'], ['web-01']]);
    expect(open[0]?.since).toBe('2026-11-16');
  });

  test('given the last digest was posted three weeks ago, then with that day', async () => {
    const { azure, clock, memory, tell } = world();
    azure.cases = [caseOf(['web-01'])];
    await tell();
    for (const ids of [['web-01', 'web-02'], ['web-02']]) {
      clock.advance(7 * DAY_MS);
      azure.cases = [caseOf(ids)];
      await memory.record();
    }
    clock.advance(7 * DAY_MS);
    const { before, fresh, fixed } = await tell('2026-W50', [entry(WEEK, posted)]);
    expect(before?.day).toBe('2026-11-16');
    expect([names(fresh), names(fixed)]).toEqual([['web-02'], ['web-01']]);
  });

  test('given a reading of the same day before the digest and one after it, then with what the digest told', async () => {
    const { azure, clock, memory, tell } = world();
    azure.cases = [caseOf(['web-01'])];
    await memory.record();
    clock.advance(3_600_000);
    azure.cases = [caseOf(['web-01', 'web-02'])];
    await tell();
    const at = clock.now();
    clock.advance(3_600_000);
    azure.cases = [caseOf(['web-01', 'web-02', 'web-03'])];
    await memory.record();
    clock.advance(7 * DAY_MS);
    expect(names((await tell('2026-W48', [entry(WEEK, posted, at)])).fresh)).toEqual(['web-03']);
  });

  test('given it was posted just after midnight of a reading just before, then with that reading and none of the new day', async () => {
    const { azure, clock, memory, tell } = world({ at: new Date('2026-11-16T00:00:10Z') });
    azure.agoMs = 300_000;
    azure.cases = [caseOf(['web-01'])];
    await tell();
    const at = clock.now();
    clock.advance(3 * 3_600_000);
    azure.cases = [caseOf(['web-01', 'web-02'])];
    await memory.record();
    clock.advance(7 * DAY_MS);
    const { before, fresh } = await tell('2026-W48', [entry(WEEK, posted, at)]);
    expect(names(fresh)).toEqual(['web-02']);
    expect(before?.attention).toBe(1);
  });

  test('given a preview between, then the next digest is compared with the last digest all the same', async () => {
    const { azure, clock, memory, team, tell } = world();
    azure.cases = [caseOf(['web-01'])];
    await tell();
    const earlier = [entry(WEEK, posted)];
    clock.advance(2 * DAY_MS);
    azure.cases = [caseOf(['web-01', 'web-02'])];
    expect(names((await memory.digestOf(team, WEEK, earlier)).fresh)).toEqual(['web-02']);
    clock.advance(5 * DAY_MS);
    expect(names((await tell('2026-W48', earlier)).fresh)).toEqual(['web-02']);
  });
});

describe('weeks without a digest', () => {
  const skipped: WeekOutcome = { state: 'skipped', why: 'Not running.' };
  const undelivered: WeekOutcome = { state: 'undelivered', why: 'Archived.', remedy: 'Unarchive it.' };

  test.each<[string, readonly WeekEntry[], readonly Partial<SkippedWeek>[]]>([
    [
      'one was skipped',
      [entry('2026-W45', posted), entry('2026-W46', skipped)],
      [{ week: '2026-W46', why: 'Not running.' }],
    ],
    [
      'one was skipped and one not delivered',
      [entry('2026-W45', skipped), entry('2026-W46', undelivered)],
      [{ week: '2026-W45' }, { week: '2026-W46', why: 'Archived.' }],
    ],
    ['one was skipped before the last that was posted', [entry('2026-W45', skipped), entry('2026-W46', posted)], []],
    ['one was muted', [entry('2026-W46', { state: 'muted', untilMs: 0 })], []],
    ['one may be there', [entry('2026-W46', { state: 'unsure', channel: 'C0PAYMENTS' })], []],
    ['one is open', [entry('2026-W46', undefined)], []],
    ['the week itself was skipped', [entry(WEEK, skipped)], []],
  ])('given %s, then the digest names those that nobody got', async (_, earlier, named) => {
    const { tell } = world();
    expect((await tell(WEEK, earlier)).skipped).toMatchObject(named);
    expect((await tell(WEEK, earlier)).skipped).toHaveLength(named.length);
  });

  test('given one is named, then with the instant at which it was due', async () => {
    const { tell } = world();
    const { skipped: named } = await tell(WEEK, [entry('2026-W46', skipped)]);
    expect(named[0]?.due).toEqual(new Date('2026-11-09T08:00:00Z'));
  });

  test('given a team without a digest time, then nothing was due', async () => {
    const { tell } = world({ team: { digest: undefined } });
    expect((await tell(WEEK, [entry('2026-W46', skipped)])).skipped).toEqual([]);
  });
});

describe('readings that are not complete', () => {
  const other = '22222222-2222-4222-8222-222222222222';
  const hiding = (scope: string, hides: NonNullable<Unread['hides']>): Unread => ({ scope, reason: 'refused', hides });

  test('given a subscription cannot be read, then what was open there is hidden and not fixed', async () => {
    const { azure, clock, tell } = world();
    azure.cases = [caseOf(['web-01', 'web-02'])];
    await tell();
    const [subscription] = /[0-9a-f-]{36}/.exec(azure.cases[0]!.ids[0]!) ?? [];
    clock.advance(7 * DAY_MS);
    azure.cases = [];
    azure.unread = [hiding('sub', { subscription: subscription! })];
    expect(await tell('2026-W48', [entry(WEEK, posted)])).toMatchObject({ hidden: 2, fixed: [] });
  });

  test('given another subscription cannot be read, then what is gone is fixed', async () => {
    const { azure, clock, tell } = world();
    azure.cases = [caseOf(['web-01'])];
    await tell();
    clock.advance(7 * DAY_MS);
    azure.cases = [];
    azure.unread = [hiding('sub', { subscription: other })];
    const { hidden, fixed } = await tell('2026-W48', [entry(WEEK, posted)]);
    expect([hidden, names(fixed)]).toEqual([0, ['web-01']]);
  });

  test('given what was hidden is seen again, then it is still open since the first day', async () => {
    const { azure, clock, memory, tell } = world();
    azure.cases = [caseOf(['web-01'])];
    await tell();
    clock.advance(DAY_MS);
    azure.cases = [];
    azure.unread = [{ scope: 'all', reason: 'refused' }];
    await memory.record();
    clock.advance(6 * DAY_MS);
    azure.cases = [caseOf(['web-01'])];
    azure.unread = [];
    const { open, fresh } = await tell('2026-W48', [entry(WEEK, posted)]);
    expect([names(open), open[0]?.since, fresh]).toEqual([['web-01'], '2026-11-16', []]);
  });

  test('given a complete reading of the day later on, then it takes the place of the incomplete one', async () => {
    const { azure, clock, memory, team } = world();
    azure.unread = [{ scope: 'all', reason: 'refused' }];
    expect(await memory.record()).toMatchObject({ recorded: 1 });
    clock.advance(3_600_000);
    azure.unread = [];
    await memory.record();
    clock.advance(3_600_000);
    expect(await memory.record()).toMatchObject({ recorded: 0 });
    expect(await memory.days(team, 12)).toMatchObject([{ complete: true, asOfMs: MONDAY.getTime() + 3_600_000 }]);
  });
});

describe('recording', () => {
  test('given teams, then it tells what it did, and reads anew when asked', async () => {
    const { memory, fresh } = world();
    expect(await memory.record({ fresh: true })).toEqual({ teams: 1, recorded: 1, requests: 4 });
    expect(fresh).toEqual([true]);
  });

  test('given more weeks than are asked for, then the days reach a week further, for the change in the first', async () => {
    const { clock, memory, team } = world();
    for (let day = 0; day < 30; day += 1) {
      await memory.record();
      clock.advance(DAY_MS);
    }
    expect((await memory.days(team, 2)).map(({ day }) => day)[0]).toBe('2026-11-25');
  });
});

describe("the platform's digest", () => {
  test('given teams that changed, mutes and troubles, then all of it is told', async () => {
    const { azure, clock, memory, team } = world();
    azure.cases = [caseOf(['web-01'])];
    await memory.record();
    clock.advance(7 * DAY_MS);
    azure.cases = [];
    const untilMs = clock.now().getTime() + DAY_MS;
    await store.mutes.put({ team: team.name.toUpperCase(), untilMs, by: 'U0BOB' });
    const trouble = { team: team.name, week: WEEK, why: 'Archived.', remedy: 'Unarchive it.' };
    const digest = await memory.platformDigestOf('2026-W48', [trouble]);
    expect(digest.troubles).toEqual([trouble]);
    expect(digest.teams).toEqual([
      expect.objectContaining({ team: team.name, share: 1, shareBefore: 10 / 11, mutedUntil: new Date(untilMs) }),
    ]);
    expect(digest.weeks.at(-1)).toMatchObject({ week: '2026-W48' });
  });

  test('given a team that is in no reading yet, then it is named without numbers', async () => {
    const { team } = world();
    const digest = await new Memory({
      estate: { current: async () => snapshotOf(), teams: async () => [], refresh: async () => estateOf() },
      history: store.history,
      mutes: store.mutes,
      clock: new SimulatedClock(MONDAY),
      teams: [team],
      platform: { channel: undefined, digest: teamDigestOf() },
    }).platformDigestOf(WEEK, []);
    expect(digest.teams).toMatchObject([{ team: team.name, total: 0, share: undefined, shareBefore: undefined }]);
  });
});
