import { describe, expect, test } from '@jest/globals';
import { type PlatformEvidence, platformDigestOf, type TeamEvidence } from '../../src/core/platform-digest.ts';
import { NOW, teamOf } from './build.ts';
import { caseOf, countsOf, DAY_MS, estateOf, recordOf, snapshotOf, teamDigestOf, useOf, WEEK } from './digest-build.ts';

function evidenceOf(part: Partial<PlatformEvidence> = {}): PlatformEvidence {
  return {
    week: WEEK,
    estate: estateOf(),
    teams: [],
    mutes: [],
    troubles: [],
    days: [],
    timezone: 'UTC',
    now: NOW,
    ...part,
  };
}

/** A team with so many current and outdated machines. */
function team(name: string, current: number, outdated: number, part: Partial<TeamEvidence> = {}): TeamEvidence {
  const cases = outdated === 0 ? [] : [caseOf(Array.from({ length: outdated }, (_, index) => `${name}-${index}`))];
  const counts = countsOf({ current, outdated });
  const snapshot = snapshotOf({ team: name, total: current + outdated, counts, cases });
  return { team: teamOf({ name }), snapshot, before: undefined, ...part };
}

describe('the ranking', () => {
  test('given teams, when they are ranked, then the lowest share first, then the most findings, then by name', () => {
    const teams = [team('fine', 9, 1), team('small', 1, 1), team('b', 50, 50), team('a', 50, 50), team('done', 3, 0)];

    expect(platformDigestOf(evidenceOf({ teams })).teams.map((one) => one.team)).toEqual([
      'a',
      'b',
      'small',
      'fine',
      'done',
    ]);
  });

  test('given teams without machines, or with none that count, when they are ranked, then they are last', () => {
    const exempt = snapshotOf({ total: 4, counts: countsOf({ exempt: 4 }) });
    const teams = [
      team('new', 0, 0, { snapshot: undefined }),
      team('empty', 0, 0),
      team('exempt', 0, 0, { snapshot: exempt }),
      team('exempt-too', 0, 0, { snapshot: exempt }),
      team('fine', 9, 0),
    ];

    expect(platformDigestOf(evidenceOf({ teams })).teams.map((one) => one.team)).toEqual([
      'fine',
      'exempt',
      'exempt-too',
      'empty',
      'new',
    ]);
  });

  test('given a team with a week behind it, when it is ranked, then with its share then and now', () => {
    const before = recordOf('2026-11-14', { counts: countsOf({ current: 1, outdated: 3 }) });
    const own = teamOf({ name: 'team-x', channel: 'C1', digest: teamDigestOf() });
    const teams = [team('team-x', 1, 1, { team: own, before })];

    expect(platformDigestOf(evidenceOf({ teams })).teams).toEqual([
      {
        team: 'team-x',
        channel: 'C1',
        total: 2,
        share: 0.5,
        attention: 1,
        shareBefore: 0.25,
        mutedUntil: undefined,
        hasDigest: true,
      },
    ]);
  });

  test('given a team nobody saw yet, when it is ranked, then nothing is said of its machines', () => {
    const teams = [team('new', 0, 0, { snapshot: undefined })];

    expect(platformDigestOf(evidenceOf({ teams })).teams[0]).toMatchObject({
      total: 0,
      share: undefined,
      attention: 0,
    });
  });

  test('given mutes, when one has ended, then only the other is shown', () => {
    const untilMs = NOW.getTime() + DAY_MS;
    const mutes = [
      { team: 'a', untilMs },
      { team: 'b', untilMs: NOW.getTime() },
    ];
    const { teams } = platformDigestOf(evidenceOf({ teams: [team('a', 0, 1), team('b', 1, 1)], mutes }));

    expect(teams.map(({ mutedUntil }) => mutedUntil)).toEqual([new Date(untilMs), undefined]);
  });
});

describe('the whole', () => {
  test('given the estate, when the digest is made, then each machine counts once', () => {
    const overall = { total: 6, counts: countsOf({ current: 3, outdated: 1, exempt: 2 }) };
    const unowned = { total: 2, counts: countsOf({ unknown: 2 }), examples: ['vm-1'] };
    const unread = [{ scope: 'x', reason: 'y' }];
    const troubles = [{ team: 'a', week: '2026-W46', why: 'archived', remedy: 'unarchive it' }];

    expect(platformDigestOf(evidenceOf({ estate: estateOf({ overall, unowned, unread }), troubles }))).toMatchObject({
      week: WEEK,
      asOf: NOW,
      ...overall,
      share: 0.75,
      unowned,
      unread,
      troubles,
    });
  });

  test('given what is remembered of all machines, when the trend is drawn, then it ends with now, in the platform’s weeks', () => {
    const estate = estateOf({ asOfMs: Date.parse('2026-11-22T12:00Z') });
    const { weeks } = platformDigestOf(
      evidenceOf({ days: [recordOf('2026-11-20')], estate, timezone: 'Pacific/Auckland' }),
    );

    expect(weeks.map(({ week }) => week)).toEqual(['2026-W47', '2026-W48']);
  });

  test('given a version in use that ends soon, when the digest is made, then it is named', () => {
    const versions = [useOf({ endsAtMs: NOW.getTime() + DAY_MS })];

    expect(platformDigestOf(evidenceOf({ estate: estateOf({ versions }) })).ending).toMatchObject([{ daysLeft: 1 }]);
  });
});
