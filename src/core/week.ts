import type { Week } from './digest.ts';
import { DAY_MS, HOUR_MS, instantOf, MINUTE_MS, type WallClock, wallClockAt } from './local-time.ts';
import type { DigestTime } from './team.ts';

/** The digest of a week and the instant from which it may be posted. */
export interface DueWeek {
  readonly week: Week;
  readonly due: Date;
}

/** What is to be done about a team's weeks at an instant. */
export interface PendingWeeks {
  /** The one to post now; `late` where readers will notice. */
  readonly send: (DueWeek & { readonly late: boolean }) | undefined;
  /** Those that nobody wants to read any more, oldest first: to be settled as skipped. */
  readonly skip: readonly DueWeek[];
  /** The first one after now. */
  readonly next: DueWeek;
}

/** In the order of ISO 8601. */
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

const WEEK_MS = 7 * DAY_MS;

/** A Monday, so that distances to it are whole weeks. */
const EPOCH_MONDAY = Date.UTC(1970, 0, 5);

/** What comes within an hour of its time is not late: retries, and an hourly look at what was missed, are no news. */
const LATE_AFTER_MS = HOUR_MS;

/** After a longer outage nobody asks for the weeks before; they stay without an outcome. */
const LOOK_BACK_WEEKS = 8;

/** The ISO week that the calendar of a zone shows at an instant. @throws RangeError for a zone nobody knows */
export function weekAt(instant: Date, timezone: string): Week {
  return weekOf(wallClockAt(instant.getTime(), timezone));
}

/** The week before. @throws RangeError for what is no week */
export function weekBefore(week: Week): Week {
  return weekOf(mondayOf(week) - WEEK_MS);
}

/** The week after. @throws RangeError for what is no week */
export function weekAfter(week: Week): Week {
  return weekOf(mondayOf(week) + WEEK_MS);
}

/** How many weeks `to` is after `from`; negative where it is before. @throws RangeError for what is no week */
export function weeksBetween(from: Week, to: Week): number {
  return (mondayOf(to) - mondayOf(from)) / WEEK_MS;
}

/**
 * The instant at which the digest of a week is due. A time of day that a change to summer time skips is due when the
 * clocks have moved on, be it on the next day; one that comes twice is due the first time.
 *
 * @throws RangeError for what is no week, and for a zone nobody knows
 */
export function dueAt(time: DigestTime, week: Week): Date {
  const { hours, minutes } = timeOfDay(time);
  const wallClock = mondayOf(week) + DAYS.indexOf(time.day) * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS;
  return new Date(instantOf(wallClock, time.timezone));
}

/** The first digest that is due after an instant, and not at it. */
export function nextDue(time: DigestTime, after: Date): DueWeek {
  let week = weekBefore(weekAt(after, time.timezone));
  let due = dueAt(time, week);
  while (due <= after) {
    week = weekAfter(week);
    due = dueAt(time, week);
  }
  return { week, due };
}

/** The last digest that is due at an instant or before it. */
export function lastDue(time: DigestTime, at: Date): DueWeek {
  let week = weekAt(at, time.timezone);
  let due = dueAt(time, week);
  while (due > at) {
    week = weekBefore(week);
    due = dueAt(time, week);
  }
  return { week, due };
}

/** The same time as a cron pattern for the zone, in five fields: `30 9 * * 1`. */
export function cronOf(time: DigestTime): string {
  const { hours, minutes } = timeOfDay(time);
  return `${minutes} ${hours} * * ${(DAYS.indexOf(time.day) + 1) % 7}`;
}

/**
 * What is to be done about a team's weeks. Only the latest that is due is sent, as long as it is not older than
 * `catchUpHours`; what is older than that, or than the latest, is skipped. Whoever settles what this returns and asks again
 * gets nothing to do before the next is due.
 *
 * @param asked.catchUpHours Hours for which a digest that was missed is still sent.
 * @param asked.sinceMs Milliseconds since 1970: weeks that were due before this are nobody's.
 * @param asked.settled Whether a week has its outcome.
 * @throws RangeError for a zone nobody knows
 */
export function pendingWeeks(asked: {
  readonly time: DigestTime;
  readonly catchUpHours: number;
  readonly sinceMs: number;
  readonly now: Date;
  readonly settled: (week: Week) => boolean;
}): PendingWeeks {
  const { time, catchUpHours, sinceMs, now, settled } = asked;
  const latest = lastDue(time, now);
  const open: DueWeek[] = [];
  let week = latest.week;
  for (let looked = 0; looked < LOOK_BACK_WEEKS; looked += 1) {
    if (!settled(week)) {
      const due = dueAt(time, week);
      if (due.getTime() < sinceMs) break;
      open.unshift({ week, due });
    }
    week = weekBefore(week);
  }
  const ageMs = now.getTime() - latest.due.getTime();
  const wanted = open.at(-1)?.week === latest.week && ageMs <= catchUpHours * HOUR_MS;
  return {
    send: wanted ? { ...latest, late: ageMs > LATE_AFTER_MS } : undefined,
    skip: wanted ? open.slice(0, -1) : open,
    next: nextDue(time, now),
  };
}

function timeOfDay({ time }: DigestTime): { readonly hours: number; readonly minutes: number } {
  return { hours: Number(time.slice(0, 2)), minutes: Number(time.slice(3)) };
}

function weekOf(wallClock: WallClock): Week {
  // ISO 8601: a week belongs to the year of its Thursday, so week 1 is the one with the year's first Thursday.
  const thursday = mondayUpTo(wallClock) + 3 * DAY_MS;
  const year = new Date(thursday).getUTCFullYear();
  const number = 1 + Math.floor((thursday - Date.UTC(year, 0, 1)) / WEEK_MS);
  return `${year}-W${String(number).padStart(2, '0')}`;
}

function mondayOf(week: Week): WallClock {
  const parts = partsOf(week);
  if (parts === undefined) throw new RangeError(`${week} is no ISO week`);
  return mondayOfParts(parts);
}

function mondayOfParts({ year, number }: { readonly year: number; readonly number: number }): WallClock {
  // 4 January is in week 1 of every year.
  return mondayUpTo(Date.UTC(year, 0, 4)) + (number - 1) * WEEK_MS;
}

/** The start of the last Monday that is not after. */
function mondayUpTo(wallClock: WallClock): WallClock {
  return EPOCH_MONDAY + Math.floor((wallClock - EPOCH_MONDAY) / WEEK_MS) * WEEK_MS;
}

function partsOf(text: string): { readonly year: number; readonly number: number } | undefined {
  const [, year, number] = /^([1-9]\d{3})-W(\d\d)$/.exec(text) ?? [];
  return year === undefined ? undefined : { year: Number(year), number: Number(number) };
}
