import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { muteUntil } from '../../src/core/mute-until.ts';
import { NOW } from './build.ts';
import { ZONES } from './zones.ts';

/** A Saturday. */
const BERLIN = 'Europe/Berlin';

function untilOf(text: string, timezone = BERLIN, now = NOW): unknown {
  const end = muteUntil(text, timezone, now);
  return 'until' in end ? end.until.toISOString() : end.problem;
}

describe('until when', () => {
  test.each([
    ['2026-12-24', '2026-12-24'],
    ['24 Dec', '2026-12-24'],
    ['24. december', '2026-12-24'],
    ['24th December 2026', '2026-12-24'],
    ['Dec 24', '2026-12-24'],
    ['Dec 24th, 2026', '2026-12-24'],
    ['3 sept', '2027-09-03'],
    ['20 nov', '2027-11-20'],
    ['21 nov', '2027-11-21'],
    ['tomorrow', '2026-11-22'],
    ['Sunday', '2026-11-22'],
    ['fri', '2026-11-27'],
    ['saturday', '2026-11-28'],
    ['next monday', '2026-11-23'],
    ['1 day', '2026-11-22'],
    ['10 days', '2026-12-01'],
    ['2 weeks', '2026-12-05'],
    ['2weeks', '2026-12-05'],
    ['a week', '2026-11-28'],
    ['  until 2026-12-24 ', '2026-12-24'],
    ['for 2 weeks', '2026-12-05'],
    ['365 days', '2027-11-21'],
    ['in 3 days', '2026-11-24'],
    ['next week', '2026-11-28'],
    ['24th of December', '2026-12-24'],
    ['until 31.12.2026', '2026-12-31'],
  ])('given %j on Saturday, 2026-11-21, when it is read, then it is %s', (text, day) => {
    expect(untilOf(text)).toBe(new Date(`${day}T00:00+0${summer(day)}:00`).toISOString());
  });

  test('given an evening that is the next day elsewhere, when tomorrow is meant, then it is theirs', () => {
    const evening = new Date('2026-11-21T22:00:00Z');

    expect(untilOf('tomorrow', 'Pacific/Auckland', evening)).toBe('2026-11-22T11:00:00.000Z');
  });

  test('given a day that begins at one, when it is meant, then the mute ends as it begins', () => {
    expect(untilOf('2027-09-05', 'America/Santiago')).toBe('2027-09-05T04:00:00.000Z');
  });

  test.each([
    ['2026-11-20', 'That day is not in the future.'],
    ['today', 'That day is not in the future.'],
    ['0 days', 'That day is not in the future.'],
    ['1 Jan 2026', 'That day is not in the future.'],
    ['2027-11-22', 'That is more than a year ahead.'],
    ['9999 weeks', 'That is more than a year ahead.'],
    ['24 Dec 2027', 'That is more than a year ahead.'],
    ['2027-02-29', 'That is no day that I know.'],
    ['29 feb', 'That is no day that I know.'],
    ['31 April', 'That is no day that I know.'],
    ['2026-13-01', 'That is no day that I know.'],
    ['24', 'That is no day that I know.'],
    ['december', 'That is no day that I know.'],
    ['24 dec 25', 'That is no day that I know.'],
    ['24 foo', 'That is no day that I know.'],
    ['su', 'That is no day that I know.'],
    ['99999 days', 'That is no day that I know.'],
    ['', 'That is no day that I know.'],
    ['<!channel>', 'That is no day that I know.'],
  ])('given %j, when it is read, then the answer is: %s', (text, problem) => {
    expect(untilOf(text)).toBe(problem);
  });

  test('whatever is written, the end is ahead by a year and a day at the most', () => {
    const words = fc.oneof(
      fc.string(),
      fc.tuple(fc.nat(500), fc.constantFrom('days', 'weeks', 'dec', 'may 2027', '')).map((parts) => parts.join(' ')),
      fc
        .date({ min: new Date('2025-01-01'), max: new Date('2029-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
      fc.constantFrom('tomorrow', 'friday', 'Dec 1', '29 feb'),
    );
    fc.assert(
      fc.property(words, fc.constantFrom(...ZONES), (text, timezone) => {
        const end = muteUntil(text, timezone, NOW);
        if ('problem' in end) return;
        expect(end.until > NOW).toBe(true);
        expect(end.until.getTime() - NOW.getTime()).toBeLessThanOrEqual(366 * 86_400_000);
      }),
    );
  });
});

/** Berlin's hours ahead of UTC on the days of this test. */
function summer(day: string): number {
  return day > '2027-03-28' && day < '2027-10-31' ? 2 : 1;
}
