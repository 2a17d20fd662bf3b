import { describe, expect, test } from '@jest/globals';
import { FatalError, RetryableError } from '../../src/core/errors.ts';
import type { EstateSnapshot } from '../../src/core/snapshot.ts';
import type { Team } from '../../src/core/team.ts';
import { PASS_LIFETIME_MS } from '../../src/estate/estate.ts';
import { Homes, type HomesParts } from '../../src/home/home.ts';
import { NOW, teamOf } from '../core/build.ts';
import { caseOf, estateOf, recordOf, snapshotOf, teamDigestOf } from '../core/digest-build.ts';

const ALICE = 'U0ALICE';

/** What the tab is made of; tells what was asked. */
function homesOf(
  given: {
    readonly teams?: readonly Team[];
    readonly approved?: readonly string[];
    readonly chosen?: readonly string[];
    readonly parts?: Partial<HomesParts>;
    readonly last?: EstateSnapshot | undefined;
    readonly refresh?: () => Promise<EstateSnapshot>;
    readonly people?: Partial<HomesParts['people']>;
    /** The one team with a finding. */
    readonly worst?: string;
  } = {},
) {
  const { teams = [], approved = [], chosen = [] } = given;
  const asked: { refreshes: number; days: string[]; snapshots: string[][] } = { refreshes: 0, days: [], snapshots: [] };
  const homes = new Homes({
    estate: {
      estate: async () => ('last' in given ? given.last : estateOf()),
      teams: async (names) => {
        asked.snapshots.push([...names]);
        return names.map((team) => snapshotOf({ team, ...(team === given.worst && { cases: [caseOf(['web'])] }) }));
      },
      refresh: async () => {
        asked.refreshes += 1;
        return given.refresh?.() ?? estateOf();
      },
    },
    memory: {
      days: async ({ name }) => {
        asked.days.push(name);
        return [recordOf('2026-11-13'), recordOf('2026-11-20')];
      },
    },
    follows: { of: async () => chosen },
    mutes: { all: async () => [] },
    people: {
      teamsOf: async (_, all) => all.filter(({ name }) => approved.includes(name)),
      timeZone: async () => 'Europe/Zurich',
      ...given.people,
    },
    clock: { now: () => NOW },
    teams,
    patienceMs: 20,
    ...given.parts,
  });
  return { homes, asked };
}

const teamsNamed = (...names: readonly string[]) => names.map((name) => teamOf({ name }));
const never = () => new Promise<never>(() => {});

describe('whose teams they are', () => {
  test('given teams of an approver and chosen ones, then they come in the order of golden.yml, each with its reason', async () => {
    const { homes } = homesOf({ teams: teamsNamed('a', 'b', 'c', 'd'), approved: ['c'], chosen: ['d', 'a'] });
    const { teams, others } = await homes.known(ALICE);
    expect(teams.map(({ team, mine }) => [team.name, mine])).toEqual([
      ['a', 'chosen'],
      ['c', 'approver'],
      ['d', 'chosen'],
    ]);
    expect(others.map(({ name }) => name)).toEqual(['b']);
  });

  test('given an approver chose the team as well, then it is theirs as an approver, once', async () => {
    const { homes } = homesOf({ teams: teamsNamed('a'), approved: ['a'], chosen: ['a'] });
    expect((await homes.known(ALICE)).teams.map(({ mine }) => mine)).toEqual(['approver']);
  });

  test('given a chosen team is not in golden.yml any more, then it is not shown', async () => {
    const { homes } = homesOf({ teams: teamsNamed('a'), chosen: ['gone'] });
    expect(await homes.known(ALICE)).toMatchObject({ teams: [], others: [{ name: 'a' }] });
  });

  test('given no team is theirs, then all can be chosen', async () => {
    const { homes } = homesOf({ teams: teamsNamed('a', 'b') });
    const { teams, others, problem } = await homes.known(ALICE);
    expect([teams, others.length, problem]).toEqual([[], 2, undefined]);
  });
});

describe('what a team shows', () => {
  test('given all is known, then its state, its weeks and its next digest', async () => {
    const [team] = [teamOf({ name: 'a', channel: 'C0A', digest: teamDigestOf() })];
    const { homes } = homesOf({ teams: [team], chosen: ['a'] });
    const { teams, asOf, timezone, now } = await homes.known(ALICE);
    expect(teams[0]).toMatchObject({
      snapshot: { team: 'a' },
      points: [{ week: '2026-W46' }, { week: '2026-W47' }],
      next: { due: new Date('2026-11-23T08:00:00Z') },
      mutedUntil: undefined,
    });
    expect({ asOf, timezone, now }).toEqual({ asOf: NOW, timezone: 'Europe/Zurich', now: NOW });
  });

  test('given a team without a channel or a time, then there is no next digest', async () => {
    const teams = [teamOf({ name: 'a', digest: teamDigestOf() }), teamOf({ name: 'b', channel: 'C0B' })];
    const { homes } = homesOf({ teams, chosen: ['a', 'b'] });
    expect((await homes.known(ALICE)).teams.map(({ next }) => next)).toEqual([undefined, undefined]);
  });

  test('given a mute, however the team was spelt then, then until when', async () => {
    const untilMs = NOW.getTime() + 1000;
    const parts = { mutes: { all: async () => [{ team: 'PAYMENTS', untilMs, by: 'U0BOB' }] } };
    const { homes } = homesOf({ teams: teamsNamed('payments'), chosen: ['payments'], parts });
    expect((await homes.known(ALICE)).teams[0]?.mutedUntil).toEqual(new Date(untilMs));
  });

  test('given Azure was never read, then what is missing is missing, and nothing is asked of Azure', async () => {
    const parts = { estate: { estate: async () => undefined, teams: async () => [], refresh: never } };
    const { homes } = homesOf({ teams: teamsNamed('a'), chosen: ['a'], parts });
    const { teams, asOf } = await homes.known(ALICE);
    expect([teams[0]?.snapshot, asOf]).toEqual([undefined, undefined]);
  });

  test('given 600 teams, then the history of those is read that need attention most', async () => {
    const names = Array.from({ length: 600 }, (_, index) => `team-${index}`);
    const { homes, asked } = homesOf({ teams: teamsNamed(...names), approved: names, worst: 'team-599' });
    const { teams } = await homes.known(ALICE);
    expect(teams).toHaveLength(600);
    expect([asked.days.length, asked.snapshots.map((each) => each.length)]).toEqual([40, [600]]);
    expect(teams[0]).toMatchObject({ team: { name: 'team-599' }, snapshot: { cases: [{}] } });
    expect(teams.at(-1)).toMatchObject({ team: { name: 'team-598' }, points: [] });
  });
});

describe('when Slack or Azure does not answer', () => {
  test('given Slack does not say whose teams are whose in time, then the chosen ones are shown, and that others are missing', async () => {
    const people = { teamsOf: never, timeZone: never };
    const { homes } = homesOf({ teams: teamsNamed('a', 'b'), approved: ['b'], chosen: ['a'], people });
    const { teams, problem, timezone } = await homes.known(ALICE);
    expect(teams.map(({ team }) => team.name)).toEqual(['a']);
    expect(problem).toBe('Slack has not said yet which teams are yours.');
    expect(timezone).toBeUndefined();
  });

  test('given Slack says it later, then the fresh tab has all of them', async () => {
    let answer: (teams: readonly Team[]) => void = () => {};
    const said = new Promise<readonly Team[]>((resolve) => {
      answer = resolve;
    });
    const teams = teamsNamed('a', 'b');
    const { homes } = homesOf({ teams, chosen: ['a'], people: { teamsOf: () => said } });
    expect((await homes.known(ALICE)).teams).toHaveLength(1);
    const fresh = homes.fresh(ALICE);
    answer([teams[1]!]);
    expect(await fresh).toMatchObject({ teams: [{ mine: 'chosen' }, { mine: 'approver' }], problem: undefined });
  });

  test.each([
    [
      'an error that says what to do',
      new FatalError('Slack refuses.', 'Set the token.'),
      'Slack refuses. Set the token.',
    ],
    ['a bug', new TypeError('x is undefined'), 'Something went wrong here.'],
  ])('given Slack answers with %s, then the tab says so in a sentence', async (_, error, sentence) => {
    const people = { teamsOf: () => Promise.reject(error), timeZone: () => Promise.reject(error) };
    const { homes } = homesOf({ teams: teamsNamed('a'), chosen: ['a'], people });
    expect(await homes.known(ALICE)).toMatchObject({ teams: [{ mine: 'chosen' }], problem: sentence });
  });

  test('given Azure is away, then the fresh tab shows the last reading, and says why it is old', async () => {
    const old = estateOf({ asOfMs: NOW.getTime() - PASS_LIFETIME_MS - 1 });
    const refresh = () => Promise.reject(new RetryableError('Azure is busy.', 'Wait a minute.'));
    const { homes } = homesOf({ teams: teamsNamed('a'), chosen: ['a'], last: old, refresh });
    expect(await homes.fresh(ALICE)).toMatchObject({
      problem: 'Azure is busy. Wait a minute.',
      asOf: new Date(old.asOfMs),
      teams: [{ snapshot: { team: 'a' } }],
    });
  });

  test('given neither Azure nor Slack answers, then both are said', async () => {
    const refresh = () => Promise.reject(new RetryableError('Azure is busy.', 'Wait.'));
    const people = { teamsOf: () => Promise.reject(new RetryableError('Slack is busy.', 'Wait.')) };
    const { homes } = homesOf({ last: undefined, refresh, people });
    expect((await homes.fresh(ALICE))?.problem).toBe('Azure is busy. Wait. Slack is busy. Wait.');
  });
});

describe('reading Azure anew', () => {
  test.each([
    ['none yet', undefined, 1],
    ['one that is too old', estateOf({ asOfMs: NOW.getTime() - PASS_LIFETIME_MS - 1 }), 1],
    ['one that is fresh', estateOf({ asOfMs: NOW.getTime() - PASS_LIFETIME_MS }), 0],
  ])('given a reading: %s, then it is done where it is due', async (_, last, refreshes) => {
    const { homes, asked } = homesOf({ last });
    await homes.fresh(ALICE);
    expect(asked.refreshes).toBe(refreshes);
  });
});
