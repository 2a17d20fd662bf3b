import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { projectionOf, stuckWeeks } from '../../src/core/projection.ts';
import { NOW } from './build.ts';
import { DAY_MS, pointAgo, pointsOf } from './digest-build.ts';

function inWeeks(weeks: number): Date {
  return new Date(NOW.getTime() + weeks * 7 * DAY_MS);
}

describe('when a team is done', () => {
  test('given ten findings fewer each week, when thirty are left, then it is in three weeks', () => {
    expect(projectionOf(pointsOf(60, 50, 40, 30), NOW)).toEqual({ kind: 'on', date: inWeeks(3), perWeek: -10 });
  });

  test('given one odd week, when the others fall steadily, then it does not change the rate', () => {
    expect(projectionOf(pointsOf(70, 60, 99, 40, 30, 20), NOW)).toMatchObject({ kind: 'on', perWeek: -10 });
  });

  test('given weeks without a record, when the rate is computed, then over the days that passed', () => {
    const points = [pointAgo(6, { attention: 90 }), pointAgo(2, { attention: 50 }), pointAgo(0, { attention: 30 })];

    expect(projectionOf(points, NOW)).toEqual({ kind: 'on', date: inWeeks(3), perWeek: -10 });
  });

  test('given a record of yesterday and of today, when one of them is a week later, then a day is not taken for a week', () => {
    const yesterday = pointAgo(0, { attention: 31, week: '2026-W46', day: '2026-11-20' });
    const points = [
      pointAgo(3, { attention: 60 }),
      pointAgo(2, { attention: 50 }),
      yesterday,
      pointAgo(0, { attention: 30 }),
    ];

    expect(projectionOf(points, NOW)).toMatchObject({ kind: 'on', perWeek: -10 });
  });

  test('given what happened nine weeks ago, when eight weeks tell otherwise, then it is forgotten', () => {
    expect(projectionOf(pointsOf(500, 8, 8, 8, 8, 8, 8, 8, 8), NOW)).toEqual({ kind: 'never', perWeek: 0 });
  });

  test('given findings that become more, when it is asked for, then it is never', () => {
    expect(projectionOf(pointsOf(10, 20, 30), NOW)).toEqual({ kind: 'never', perWeek: 10 });
  });

  test('given a rate at which it takes more than five years, when it is asked for, then it is never', () => {
    expect(projectionOf(pointsOf(902, 901, 900), NOW)).toEqual({ kind: 'never', perWeek: -1 });
  });

  test('given no findings left, when it is asked for, then the team is done', () => {
    expect(projectionOf(pointsOf(0), NOW)).toEqual({ kind: 'done' });
  });

  test.each([
    ['nothing remembered', []],
    ['two points', pointsOf(20, 10)],
    ['points of one day', [1, 2, 3].map((attention) => pointAgo(0, { attention }))],
  ])('given %s, when it is asked for, then nobody can tell', (_, points) => {
    expect(projectionOf(points, NOW)).toEqual({ kind: 'unknown' });
  });

  test('a date is always ahead and at most five years off', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60_000), { maxLength: 12 }), (attention) => {
        const projection = projectionOf(pointsOf(...attention), NOW);
        if (projection.kind !== 'on') return;
        expect(projection.perWeek).toBeLessThan(0);
        expect(projection.date > NOW && projection.date <= inWeeks(5 * 52)).toBe(true);
      }),
    );
  });
});

describe('weeks without progress', () => {
  test('given as many findings as four weeks ago, when that is too long, then the approvers are called', () => {
    expect(stuckWeeks(pointsOf(9, 9, 9, 9, 9), 4)).toBe(4);
  });

  test('given that it has been so for longer, when they are called, then all the weeks are told', () => {
    expect(stuckWeeks(pointsOf(20, 9, 9, 9, 9, 12, 10, 11), 4)).toBe(6);
  });

  test('given fewer findings than four weeks ago, when progress is asked for, then there was some', () => {
    expect(stuckWeeks(pointsOf(9, 9, 9, 9, 8), 4)).toBeUndefined();
  });

  test('given fewer findings in between, when they came back, then there was progress', () => {
    expect(stuckWeeks(pointsOf(9, 9, 7, 9, 9), 4)).toBeUndefined();
  });

  test('given a rise, when the team works it off, then it is called once and not until it is back', () => {
    expect(stuckWeeks(pointsOf(40, 90, 88, 86, 84), 4)).toBe(4);
    expect(stuckWeeks(pointsOf(40, 90, 88, 86, 84, 82), 4)).toBeUndefined();
  });

  test.each([
    [0.43, undefined],
    [0.429, 4],
  ])('given a share of 0.42, when it is %d with as many findings, then the weeks are %s', (share, weeks) => {
    const points = [
      ...[4, 3, 2, 1].map((ago) => pointAgo(ago, { attention: 9, share: 0.42 })),
      pointAgo(0, { attention: 9, share }),
    ];

    expect(stuckWeeks(points, 4)).toBe(weeks);
  });

  test('given weeks without a share, when findings stay, then there was no progress', () => {
    const points = pointsOf(9, 9, 9).map((point, index) => (index === 1 ? point : { ...point, share: undefined }));

    expect(stuckWeeks(points, 2)).toBe(2);
  });

  test('given a point that is missing, when an older one tells enough, then that one counts', () => {
    expect(stuckWeeks([pointAgo(7, { attention: 5 }), pointAgo(0, { attention: 5 })], 4)).toBe(7);
  });

  test.each([
    ['a team that is done', pointsOf(0, 0, 0, 0, 0)],
    ['a team that is watched for three weeks', pointsOf(9, 9, 9, 9)],
    ['nothing remembered', []],
  ])('given %s, when weeks are counted, then nobody is called', (_, points) => {
    expect(stuckWeeks(points, 4)).toBeUndefined();
  });
});
