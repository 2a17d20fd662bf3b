import { expect, test } from '@jest/globals';
import { CronExpressionParser } from 'cron-parser';
import type { DigestTime } from '../../src/core/team.ts';
import { cronOf, nextDue } from '../../src/core/week.ts';
import { DAY_MS } from './digest-build.ts';
import { type ChangingZone, type ClockChange, changingZones, kindsOfChange, shownBy } from './zones.ts';

const HOUR_MS = 3_600_000;
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const TIMES = ['00:00', '00:30', '01:30', '01:45', '02:00', '02:15', '02:30', '03:00', '23:00', '23:30', '23:59'];

const TIMES_AT_MIDNIGHT = ['00:00', '23:30'];

const zones = changingZones(2024, 2031);

test('there are zones whose clocks change', () => {
  expect(zones.length).toBeGreaterThan(100);
});

test('given any of them and a time near a change, when it is due, then clocks show it the first time, or moved past it', () => {
  const faults = zones.flatMap((zone) =>
    timesNearChanges(zone).flatMap(({ time, wanted, change, from }) => {
      const { due } = nextDue(time, new Date(from));
      const expected = firstShowing(zone.name, wanted, change);
      return due.getTime() === expected ? [] : [`${zone.name} ${time.day} ${time.time}: ${due.toISOString()}`];
    }),
  );

  expect(faults).toEqual([]);
});

// Where midnight is skipped cron-parser 5.10 leaves out the week, where two hours are skipped it comes an hour early, and where
// half an hour comes twice it finds no time at all and throws. So cron only wakes somebody up, and the sweep looks after it.
test('given clocks that move by an hour and not at midnight, when cron says that it is time, then it is due', () => {
  const faults = kindsOfChange(zones)
    .flatMap((zone) => timesNearChanges(zone))
    .filter(({ change }) => isPlain(change))
    .filter(({ time, from }) => cronNext(time, from) !== nextDue(time, new Date(from)).due.getTime())
    .map(({ time, from }) => `${time.timezone} ${time.day} ${time.time} after ${new Date(from).toISOString()}`);

  expect(faults).toEqual([]);
});

interface NearChange {
  readonly time: DigestTime;
  /** What the clocks should show when it is due, as the milliseconds of `Date.UTC`. */
  readonly wanted: number;
  readonly change: ClockChange;
  /** Between the due instant and the one before. */
  readonly from: number;
}

function timesNearChanges({ name, changes }: ChangingZone): readonly NearChange[] {
  return changes.flatMap((change) =>
    [-1, 0, 1].flatMap((days) => {
      const day = Math.floor((change.at + change.before) / DAY_MS + days) * DAY_MS;
      return (days === 0 ? TIMES : TIMES_AT_MIDNIGHT).map((text) => ({
        time: { day: DAYS[new Date(day).getUTCDay()]!, time: text, timezone: name },
        wanted: day + Number(text.slice(0, 2)) * HOUR_MS + Number(text.slice(3)) * 60_000,
        change,
        from: change.at - 4 * DAY_MS,
      }));
    }),
  );
}

/** Found by trying: the first instant at which the clocks show it; else they skip it, and it is as much later as they do. */
function firstShowing(zone: string, wanted: number, { before, after }: ClockChange): number {
  const showing = [wanted - before, wanted - after].filter((at) => shownBy(zone, at) === wanted);
  return showing.length === 0 ? wanted - before : Math.min(...showing);
}

function isPlain({ at, before, after }: ClockChange): boolean {
  const [from, to] = [at + before, at + after];
  const skipsToOrPastMidnight = after > before && Math.ceil(from / DAY_MS) * DAY_MS <= to;
  return Math.abs(after - before) === HOUR_MS && !skipsToOrPastMidnight;
}

function cronNext(time: DigestTime, after: number): number {
  const options = { tz: time.timezone, currentDate: new Date(after) };
  return CronExpressionParser.parse(cronOf(time), options).next().getTime();
}
