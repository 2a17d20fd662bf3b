import { expect, test } from '@jest/globals';
import { Trends } from '../../src/digest/trends.ts';
import { NOW, teamOf } from '../core/build.ts';
import { countsOf, recordOf, snapshotOf, teamDigestOf } from '../core/digest-build.ts';

/** Trends over what is remembered and the last reading; tells what was asked of the memory. */
function trendsOf(given: { days?: readonly ReturnType<typeof recordOf>[]; snapshot?: ReturnType<typeof snapshotOf> }) {
  const asked: unknown[] = [];
  const trends = new Trends({
    memory: {
      days: async (team, weeks) => {
        asked.push([team.name, weeks]);
        return given.days ?? [];
      },
    },
    estate: { team: async () => given.snapshot },
    clock: { now: () => NOW },
  });
  return { trends, asked };
}

test('given records of some weeks, then each week is a point, the last record of it', async () => {
  const days = [
    recordOf('2026-11-09', { attention: 9 }),
    recordOf('2026-11-12', { attention: 8 }),
    recordOf('2026-11-20', { attention: 4 }),
  ];
  const { trends, asked } = trendsOf({ days });
  const { points, team, chart, now } = await trends.of(teamOf(), 'states');
  expect(points.map(({ week, attention }) => [week, attention])).toEqual([
    ['2026-W46', 8],
    ['2026-W47', 4],
  ]);
  expect({ team: team.name, chart, now }).toEqual({ team: 'team-x', chart: 'states', now: NOW });
  expect(asked).toEqual([['team-x', 12]]);
});

test("given a record of the hour in which the team's week begins, then it counts in the team's week", async () => {
  const days = [recordOf('2026-11-15', { asOfMs: Date.parse('2026-11-15T12:00:00Z') })];
  const { trends } = trendsOf({ days });
  const team = teamOf({ digest: teamDigestOf({ timezone: 'Pacific/Kiritimati' }) });
  expect((await trends.of(team, 'states')).points.map(({ week }) => week)).toEqual(['2026-W47']);
});

test('given ages in the last reading, then they are summed up', async () => {
  const ages = [10, 20, 90].map((days) => [days, 1] as const);
  const snapshot = snapshotOf({ ages, counts: countsOf({ current: 3 }) });
  const { trends } = trendsOf({ snapshot });
  expect(await trends.of(teamOf(), 'ages')).toMatchObject({ ages: { medianDays: 20, p90Days: 90 }, snapshot });
});

test('given nothing is remembered and nothing was read, then it says so by what is missing', async () => {
  const { trends } = trendsOf({});
  expect(await trends.of(teamOf(), 'versions')).toMatchObject({
    points: [],
    snapshot: undefined,
    ages: undefined,
    projection: { kind: 'unknown' },
  });
});
