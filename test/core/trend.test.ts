import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dayOf } from '../../src/core/history.ts';
import {
  ageBuckets,
  ageStatistics,
  attentionOf,
  dayRecordOf,
  estateDayRecordOf,
  sparkline,
  weekPoints,
} from '../../src/core/trend.ts';
import { caseOf, countsOf, estateOf, recordOf, snapshotOf } from './digest-build.ts';

describe('what is remembered of a day', () => {
  test('given a pass shortly before midnight in UTC, when its day is asked for, then it is the day in UTC', () => {
    expect(dayOf(new Date('2026-11-21T23:59:59Z'))).toBe('2026-11-21');
  });

  test('given a pass, when it is remembered, then with its counts, its findings and the ages of its images', () => {
    const counts = countsOf({ outdated: 3, current: 1 });
    const snapshot = snapshotOf({
      total: 4,
      counts,
      ages: [
        [10, 3],
        [200, 1],
      ],
      cases: [caseOf(['a', 'b']), caseOf(['set'], { type: 'scaleSet' })],
    });

    expect(dayRecordOf(snapshot, false)).toEqual({
      day: '2026-11-21',
      asOfMs: snapshot.asOfMs,
      total: 4,
      counts,
      attention: 3,
      medianAgeDays: 10,
      p90AgeDays: 200,
      complete: false,
    });
  });

  test('given images whose age nobody knows, when the pass is remembered, then nothing is said of ages', () => {
    expect(dayRecordOf(snapshotOf(), true)).not.toHaveProperty('medianAgeDays');
  });

  test('given the whole estate, when it is remembered, then each machine that needs attention counts once', () => {
    const counts = countsOf({ current: 5, outdated: 2, unknown: 1, revoked: 1, exempt: 4, platformManaged: 3 });

    expect(estateDayRecordOf(estateOf({ overall: { total: 16, counts } }), true)).toMatchObject({
      day: '2026-11-21',
      total: 16,
      attention: 4,
      complete: true,
    });
  });

  test('given no cases, when findings are counted, then there are none', () => {
    expect(attentionOf(snapshotOf())).toBe(0);
  });
});

describe('points of a trend', () => {
  test('given a record for every day, when they become a trend, then each week has its last one', () => {
    const days = ['2026-11-13', '2026-11-15', '2026-11-16', '2026-11-20'].map((day) => recordOf(day));

    expect(weekPoints(days, 'UTC', undefined).map(({ week, day }) => [week, day])).toEqual([
      ['2026-W46', '2026-11-15'],
      ['2026-W47', '2026-11-20'],
    ]);
  });

  test('given a reading of now, when its week has records, then it stands for them', () => {
    const points = weekPoints([recordOf('2026-11-20', { total: 1 })], 'UTC', recordOf('2026-11-21', { total: 2 }));

    expect(points.map(({ total }) => total)).toEqual([2]);
  });

  test('given a day on which something could not be read, when its week has another one, then that one stands', () => {
    const [whole, holes] = [
      recordOf('2026-11-10', { total: 9 }),
      recordOf('2026-11-12', { total: 1, complete: false }),
    ];
    const now = recordOf('2026-11-21', { total: 2, complete: false });
    expect(weekPoints([whole, holes], 'UTC', now).map(({ total }) => total)).toEqual([9, 2]);
    expect(weekPoints([holes], 'UTC', now).map(({ total }) => total)).toEqual([1, 2]);
    expect(weekPoints([recordOf('2026-11-20')], 'UTC', now).map(({ total }) => total)).toEqual([2]);
  });

  test('given a record later than the reading of now, when they become a trend, then now is the last point', () => {
    const points = weekPoints([recordOf('2026-11-23')], 'UTC', recordOf('2026-11-21'));

    expect(points.map(({ day }) => day)).toEqual(['2026-11-21']);
  });

  test('given a record on Sunday evening in UTC, when the team lives in Auckland, then it is of the next week', () => {
    expect(weekPoints([recordOf('2026-11-22')], 'Pacific/Auckland', undefined)[0]?.week).toBe('2026-W48');
  });

  test('given weeks without a record, when they become a trend, then they are left out', () => {
    const days = [recordOf('2026-11-01'), recordOf('2026-11-21')];

    expect(weekPoints(days, 'UTC', undefined).map(({ week }) => week)).toEqual(['2026-W44', '2026-W47']);
  });

  test('given more weeks than asked for, when they become a trend, then the oldest are left out', () => {
    const days = ['2026-08-30', '2026-09-02', '2026-11-21'].map((day) => recordOf(day));

    expect(weekPoints(days, 'UTC', undefined).map(({ week }) => week)).toEqual(['2026-W36', '2026-W47']);
    expect(weekPoints(days, 'UTC', undefined, 1)).toHaveLength(1);
  });

  test('given nothing remembered, when there is no reading either, then there is no trend', () => {
    expect(weekPoints([], 'UTC', undefined)).toEqual([]);
  });

  test('given exempt machines and those of a platform, when the share is computed, then they do not count', () => {
    const counts = countsOf({ current: 3, outdated: 1, exempt: 10, platformManaged: 20 });

    expect(weekPoints([], 'UTC', recordOf('2026-11-21', { counts }))[0]?.share).toBe(0.75);
  });

  test('given machines that are all exempt, when the share is computed, then there is none', () => {
    const counts = countsOf({ exempt: 10 });

    expect(weekPoints([], 'UTC', recordOf('2026-11-21', { counts }))[0]?.share).toBeUndefined();
  });
});

test.each([
  [[0, 0.125, 0.5, 0.99, 1], '▁▂▅██'],
  [[0.2, undefined, 0.8], '▂·▇'],
  [[-1, 2], '▁█'],
  [[], ''],
])('given the shares %j, when they become a line, then it is %s', (shares, expected) => {
  expect(sparkline(shares)).toBe(expected);
});

describe('ages', () => {
  test.each([
    ['a single machine', [[5, 1]], { medianDays: 5, p90Days: 5 }],
    [
      'ten machines of ten ages',
      Array.from({ length: 10 }, (_, index) => [index + 1, 1]),
      { medianDays: 5, p90Days: 9 },
    ],
    [
      'one old machine among many',
      [
        [1, 99],
        [900, 1],
      ],
      { medianDays: 1, p90Days: 1 },
    ],
    [
      'no order',
      [
        [90, 1],
        [10, 1],
      ],
      { medianDays: 10, p90Days: 90 },
    ],
  ])('given %s, when ages are summed up, then each figure is the age of a machine', (_, ages, expected) => {
    expect(ageStatistics(ages as [number, number][])).toEqual(expected);
  });

  test.each([[[]], [[[30, 0]]]])('given the ages %j, when they are summed up, then there is nothing to say', (ages) => {
    expect(ageStatistics(ages as [number, number][])).toBeUndefined();
  });

  test('given machines at the edges of the buckets, when they are counted, then each is in one, or unknown', () => {
    const ages = [0, 30, 31, 60, 61, 90, 91, 180, 181, 365, 366, 4000].map((days) => [days, 1] as const);

    expect(ageBuckets(ages, 15)).toEqual([
      { upToDays: 30, machines: 2 },
      { upToDays: 60, machines: 2 },
      { upToDays: 90, machines: 2 },
      { upToDays: 180, machines: 2 },
      { upToDays: 365, machines: 2 },
      { upToDays: Number.POSITIVE_INFINITY, machines: 2 },
      { upToDays: 'unknown', machines: 3 },
    ]);
  });

  test('given a version dated ahead of the clock, when machines are counted, then theirs are the youngest', () => {
    expect(ageBuckets([[-1, 1]], 1)[0]).toEqual({ upToDays: 30, machines: 1 });
  });

  test('given an older count of machines than of ages, when they are counted, then none is unknown', () => {
    expect(ageBuckets([[5, 3]], 2).at(-1)).toEqual({ upToDays: 'unknown', machines: 0 });
  });

  test('they are those of the machines in a row', () => {
    const histogram = fc.uniqueArray(fc.tuple(fc.nat(2000), fc.integer({ min: 1, max: 30 })), {
      selector: ([days]) => days,
      minLength: 1,
    });
    fc.assert(
      fc.property(histogram, (ages) => {
        const row = ages.flatMap(([days, machines]) => Array<number>(machines).fill(days)).sort((a, b) => a - b);
        expect(ageStatistics(ages)).toEqual({
          medianDays: row[Math.ceil(row.length / 2) - 1],
          p90Days: row[Math.ceil((row.length * 9) / 10) - 1],
        });
      }),
    );
  });
});
