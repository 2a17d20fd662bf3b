import type { Projection, WeekPoint } from './digest.ts';
import { DAY_MS } from './local-time.ts';
import { weeksBetween } from './week.ts';

/** Older weeks say little about the rate of today. */
const MOST_POINTS = 8;
/** Two points always lie on a line. */
const LEAST_POINTS = 3;
/** What takes longer than five years is not going to happen. */
const LONGEST_WEEKS = 5 * 52;
const WEEK_MS = 7 * DAY_MS;
/** A rise of the share that is no noise: one point of a hundred. */
const RISE = 0.01;
/** Differences of shares are not exact: 0.42 - 0.41 is a little less than 0.01. */
const EXACT = 1e-9;

/**
 * When a team has no findings left if it goes on as in the last eight points. The rate is the median of the rates between
 * all pairs of points (Theil-Sen), so that a single odd week does not move it.
 *
 * @param points Oldest first; the last one is now.
 */
export function projectionOf(points: readonly WeekPoint[], at: Date): Projection {
  const recent = points.slice(-MOST_POINTS);
  const attention = recent.at(-1)?.attention;
  if (attention === 0) return { kind: 'done' };
  const rates = recent.length < LEAST_POINTS ? [] : ratesPerWeek(recent);
  if (attention === undefined || rates.length === 0) return { kind: 'unknown' };
  const perWeek = median(rates);
  const weeksLeft = attention / -perWeek;
  if (perWeek >= 0 || weeksLeft > LONGEST_WEEKS) return { kind: 'never', perWeek };
  return { kind: 'on', date: new Date(at.getTime() + weeksLeft * WEEK_MS), perWeek };
}

/**
 * For how many weeks a team made no progress, where that is long enough to call somebody. Progress since a week is a count
 * of findings below the one it had then, or a share of current machines at least a point above, at any time since.
 *
 * @param points Oldest first; the last one is now. They have to reach back `escalateAfterWeeks` weeks, or nobody is called.
 * @returns the weeks since the earliest point from which on there was none; undefined where nobody needs to be called
 */
export function stuckWeeks(points: readonly WeekPoint[], escalateAfterWeeks: number): number | undefined {
  const now = points.at(-1);
  if (now === undefined || now.attention === 0) return undefined;
  let since = points.findLastIndex(({ week }) => weeksBetween(week, now.week) >= escalateAfterWeeks);
  if (since === -1 || hasProgressSince(points, since)) return undefined;
  while (since > 0 && !hasProgressSince(points, since - 1)) since -= 1;
  return weeksBetween(points[since]!.week, now.week);
}

function hasProgressSince(points: readonly WeekPoint[], index: number): boolean {
  const then = points[index]!;
  return points.slice(index + 1).some(({ attention, share }) => {
    const rise = share === undefined || then.share === undefined ? 0 : share - then.share;
    return attention < then.attention || rise >= RISE - EXACT;
  });
}

/** Changes of the number of findings per week, between all pairs of points that are not of the same day. */
function ratesPerWeek(points: readonly WeekPoint[]): readonly number[] {
  return points.flatMap((from, index) =>
    points.slice(index + 1).flatMap((to) => {
      const weeks = (Date.parse(to.day) - Date.parse(from.day)) / WEEK_MS;
      return weeks > 0 ? [(to.attention - from.attention) / weeks] : [];
    }),
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}
