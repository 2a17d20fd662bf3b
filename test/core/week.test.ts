import { tz } from '@date-fns/tz/tz';
import { describe, expect, test } from '@jest/globals';
import { getISOWeek } from 'date-fns/getISOWeek';
import { getISOWeekYear } from 'date-fns/getISOWeekYear';
import fc from 'fast-check';
import { cronOf, dueAt, lastDue, nextDue, weekAfter, weekAt, weekBefore, weeksBetween } from '../../src/core/week.ts';
import { timeOf } from './digest-build.ts';
import { ZONES } from './zones.ts';

const instant = fc.date({
  min: new Date('2024-01-01T00:00:00Z'),
  max: new Date('2030-12-31T00:00:00Z'),
  noInvalidDate: true,
});
const digestTime = fc.record({
  day: fc.constantFrom('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'),
  time: fc.tuple(fc.nat(23), fc.nat(59)).map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':')),
  timezone: fc.constantFrom(...ZONES),
});

describe('ISO weeks', () => {
  test('they are those of the calendar, around every New Year too', () => {
    const anyDay = fc.date({
      min: new Date('1900-01-01T00:00:00Z'),
      max: new Date('2200-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    const newYear = fc.tuple(fc.integer({ min: 1950, max: 2150 }), fc.integer({ min: -5, max: 5 }));
    const around = newYear.map(([year, days]) => new Date(Date.UTC(year, 0, 1 + days)));
    fc.assert(
      fc.property(fc.oneof(anyDay, around), (date) => {
        const utc = { in: tz('UTC') };
        const week = String(getISOWeek(date, utc)).padStart(2, '0');
        expect(weekAt(date, 'UTC')).toBe(`${getISOWeekYear(date, utc)}-W${week}`);
      }),
    );
  });

  test('given an instant that is Sunday here and Monday there, when the week is asked for, then each has its own', () => {
    const at = new Date('2026-11-22T12:00:00Z');

    expect([weekAt(at, 'Europe/Berlin'), weekAt(at, 'Pacific/Auckland')]).toEqual(['2026-W47', '2026-W48']);
  });

  test('given the last week of a long year, when one goes on and back, then no week is lost', () => {
    expect([weekAfter('2026-W53'), weekBefore('2027-W01'), weekBefore('2026-W01')]).toEqual([
      '2027-W01',
      '2026-W53',
      '2025-W52',
    ]);
  });

  test('the distance of weeks counts those between them, across years', () => {
    expect([
      weeksBetween('2026-W47', '2026-W47'),
      weeksBetween('2026-W52', '2027-W02'),
      weeksBetween('2027-W02', '2026-W52'),
    ]).toEqual([0, 3, -3]);
  });

  test('given what is no week, when it is counted with, then that is an error and not another week', () => {
    expect(() => weekBefore('soon')).toThrow(RangeError);
  });

  test('given a zone that nobody knows, when its week is asked for, then that is an error and not UTC', () => {
    expect(() => weekAt(new Date(0), 'Mars/Olympus')).toThrow(RangeError);
  });
});

describe('due instants', () => {
  test.each([
    ['before summer time', '2027-W11', '2027-03-15T08:00:00.000Z'],
    ['after it began', '2027-W13', '2027-03-29T07:00:00.000Z'],
  ])('given 09:00 in Berlin, when a week %s is asked for, then it is 09:00 there', (_, week, due) => {
    expect(dueAt(timeOf(), week).toISOString()).toBe(due);
  });

  test.each([
    ['Europe/Berlin', 'sunday', '02:30', '2027-W12', '2027-03-28T03:30+02:00'],
    ['America/Santiago', 'sunday', '00:00', '2026-W36', '2026-09-06T01:00-03:00'],
    ['Africa/Cairo', 'friday', '00:30', '2026-W17', '2026-04-24T01:30+03:00'],
    ['Australia/Lord_Howe', 'sunday', '02:15', '2026-W40', '2026-10-04T02:45+11:00'],
    ['Antarctica/Troll', 'sunday', '02:30', '2027-W12', '2027-03-28T04:30+02:00'],
    ['America/Nuuk', 'saturday', '23:30', '2027-W12', '2027-03-28T00:30-01:00'],
  ] as const)(
    'given %s, when %s %s is skipped, then it is due once the clocks have moved on',
    (timezone, day, time, week, due) => {
      expect(dueAt({ timezone, day, time }, week)).toEqual(new Date(due));
    },
  );

  test.each([
    ['Europe/Berlin', 'sunday', '02:30', '2026-W43', '2026-10-25T02:30+02:00'],
    ['Africa/Cairo', 'thursday', '23:30', '2026-W44', '2026-10-29T23:30+03:00'],
    ['Australia/Lord_Howe', 'sunday', '01:45', '2026-W14', '2026-04-05T01:45+11:00'],
  ] as const)('given %s, when %s %s comes twice, then it is due the first time', (timezone, day, time, week, due) => {
    expect(dueAt({ timezone, day, time }, week)).toEqual(new Date(due));
  });

  test('given the very instant at which one is due, when the last and the next are asked for, then it is the last', () => {
    const at = new Date('2026-11-16T08:00:00Z');

    expect([lastDue(timeOf(), at).week, nextDue(timeOf(), at).week]).toEqual(['2026-W47', '2026-W48']);
  });

  test('given a Sunday evening that is not over, when the last one due is asked for, then it is of the week before', () => {
    const time = timeOf({ day: 'sunday', time: '23:30' });

    expect(lastDue(time, new Date('2026-11-22T22:00:00Z'))).toEqual({
      week: '2026-W46',
      due: new Date('2026-11-15T22:30:00Z'),
    });
  });

  test('any instant lies between the last and the next, which are a week of the calendar apart', () => {
    fc.assert(
      fc.property(digestTime, instant, (time, at) => {
        const last = lastDue(time, at);
        const next = nextDue(time, at);
        expect(last.due <= at && at < next.due).toBe(true);
        expect(weeksBetween(last.week, next.week)).toBe(1);
        expect([dueAt(time, last.week), dueAt(time, next.week)]).toEqual([last.due, next.due]);
      }),
      { numRuns: 500 },
    );
  });

  test('each ISO week of any zone has exactly one, within the week', () => {
    fc.assert(
      fc.property(digestTime, instant, (time, at) => {
        const weeks = Array.from({ length: 60 }).reduce<readonly { week: string; due: Date }[]>(
          (all) => [...all, nextDue(time, all.at(-1)?.due ?? at)],
          [],
        );
        expect(weeks.map(({ week }) => week)).toEqual(weeks.map((_, index) => weeksAfter(weeks[0]!.week, index)));
        expect(weeks.map(({ due }) => weekAt(due, time.timezone))).toEqual(weeks.map(({ week }) => week));
      }),
      { numRuns: 60 },
    );
  });
});

test.each([
  ['monday', '09:00', '0 9 * * 1'],
  ['saturday', '23:59', '59 23 * * 6'],
  ['sunday', '00:05', '5 0 * * 0'],
] as const)('given %s %s, when a scheduler is told, then the pattern is %s', (day, time, pattern) => {
  expect(cronOf(timeOf({ day, time }))).toBe(pattern);
});

function weeksAfter(week: string, many: number): string {
  return many === 0 ? week : weeksAfter(weekAfter(week), many - 1);
}
