import type { Week, WeekPoint } from './digest.ts';
import { type DayRecord, dayOf } from './history.ts';
import { ATTENTION, type Counts, shareOf } from './report.ts';
import type { EstateSnapshot, TeamSnapshot } from './snapshot.ts';
import { weekAt, weeksBetween } from './week.ts';

// Benchmarks know it by this name.

/** How old the images of half, and of nine in ten, of the machines are at the most; whole days. */
export interface AgeStatistics {
  readonly medianDays: number;
  readonly p90Days: number;
}

/** Machines whose image is at most `upToDays` old and older than the bucket before; `unknown` for those that cannot tell. */
export interface AgeBucket {
  readonly upToDays: number | 'unknown';
  readonly machines: number;
}

/** Months, quarter, half a year, a year: how long people say that an image may be used. */
const BOUNDS_DAYS = [30, 60, 90, 180, 365, Number.POSITIVE_INFINITY] as const;

/** From nothing to all. */
const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const GAP = '·';

/** How many findings a pass found for a team: machines and models of scale sets. */
export function attentionOf(snapshot: Pick<TeamSnapshot, 'cases'>): number {
  return snapshot.cases.reduce((sum, { ids }) => sum + ids.length, 0);
}

/**
 * What is remembered of a team and the day of a pass.
 *
 * @param complete False where something could not be read.
 */
export function dayRecordOf(snapshot: TeamSnapshot, complete: boolean): DayRecord {
  const ages = ageStatistics(snapshot.ages);
  return {
    day: dayOf(new Date(snapshot.asOfMs)),
    asOfMs: snapshot.asOfMs,
    total: snapshot.total,
    counts: snapshot.counts,
    attention: attentionOf(snapshot),
    ...(ages && { medianAgeDays: ages.medianDays, p90AgeDays: ages.p90Days }),
    complete,
  };
}

/**
 * What is remembered of all machines together, each counted once. Models of scale sets are not among its findings, and ages
 * are not known: teams share machines, so nothing of theirs adds up to it.
 *
 * @param complete False where something could not be read.
 */
export function estateDayRecordOf(estate: EstateSnapshot, complete: boolean): DayRecord {
  const { asOfMs, overall } = estate;
  return {
    day: dayOf(new Date(asOfMs)),
    asOfMs,
    total: overall.total,
    counts: overall.counts,
    attention: machinesNeedingAttention(overall.counts),
    complete,
  };
}

/** A day's record as a point of a trend. @param timezone IANA name: whose weeks are meant */
export function pointOf(record: DayRecord, timezone: string): WeekPoint {
  return {
    week: weekAt(new Date(record.asOfMs), timezone),
    day: record.day,
    total: record.total,
    counts: record.counts,
    share: shareOf(record.counts),
    attention: record.attention,
    medianAgeDays: record.medianAgeDays,
    p90AgeDays: record.p90AgeDays,
  };
}

/**
 * One point for each ISO week of a zone, oldest first: the last record of the week. Weeks without a record are left out.
 *
 * @param days Oldest first.
 * @param now Stands for its week instead of what was recorded, and is the last point.
 * @param weeks How many weeks the trend spans, the last included.
 */
export function weekPoints(
  days: readonly DayRecord[],
  timezone: string,
  now: DayRecord | undefined,
  weeks = 12,
): readonly WeekPoint[] {
  const records = now ? [...days, now] : days;
  const last = records.at(-1);
  if (last === undefined) return [];
  const lastWeek = weekAt(new Date(last.asOfMs), timezone);
  const points = new Map<Week, WeekPoint>();
  const whole = new Set<Week>();
  for (const record of records) {
    const point = pointOf(record, timezone);
    const ago = weeksBetween(point.week, lastWeek);
    // A day on which something could not be read speaks for its week only where no other does.
    if (ago < 0 || ago >= weeks || (!record.complete && whole.has(point.week) && record !== last)) continue;
    points.set(point.week, point);
    if (record.complete) whole.add(point.week);
  }
  return [...points.values()];
}

/** Shares (0..1) as a line of bars, one character each: `▁▄█·▇`; a dot where there is none. */
export function sparkline(shares: readonly (number | undefined)[]): string {
  return shares.map((share) => (share === undefined ? GAP : barOf(share))).join('');
}

/** Median and 90th percentile by nearest rank, so that each is the age of a machine; undefined where no age is known. */
export function ageStatistics(ages: TeamSnapshot['ages']): AgeStatistics | undefined {
  const youngestFirst = ages.filter(([, machines]) => machines > 0).toSorted(([a], [b]) => a - b);
  const known = machinesOf(youngestFirst);
  if (known === 0) return undefined;
  const atPercent = (percent: number) => {
    let rank = Math.ceil((known * percent) / 100);
    const found = youngestFirst.find(([, machines]) => {
      rank -= machines;
      return rank <= 0;
    });
    return found![0];
  };
  return { medianDays: atPercent(50), p90Days: atPercent(90) };
}

/**
 * Machines by the age of their image, youngest first, each bucket present though it may be empty.
 *
 * @param machines All machines: those without an age are unknown.
 */
export function ageBuckets(ages: TeamSnapshot['ages'], machines: number): readonly AgeBucket[] {
  const aged = BOUNDS_DAYS.map((upToDays, index): AgeBucket => {
    const above = index === 0 ? Number.NEGATIVE_INFINITY : BOUNDS_DAYS[index - 1]!;
    return { upToDays, machines: machinesOf(ages.filter(([days]) => days > above && days <= upToDays)) };
  });
  return [...aged, { upToDays: 'unknown', machines: Math.max(0, machines - machinesOf(ages)) }];
}

function machinesNeedingAttention(counts: Counts): number {
  return ATTENTION.reduce((sum, state) => sum + counts[state], 0);
}

function barOf(share: number): string {
  const step = Math.floor(share * BARS.length);
  return BARS[Math.min(BARS.length - 1, Math.max(0, step))]!;
}

function machinesOf(ages: TeamSnapshot['ages']): number {
  return ages.reduce((sum, [, machines]) => sum + machines, 0);
}
