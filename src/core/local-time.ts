import { tzOffset } from '@date-fns/tz/tzOffset';

/**
 * The clock on a wall: the number of milliseconds that `Date.UTC` gives for the day and time it shows. Two such numbers
 * compare and subtract like dates on a calendar, free of changes to summer time.
 */
export type WallClock = number;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/**
 * What the clocks of a zone show at an instant, both in milliseconds.
 *
 * @param timezone IANA name.
 * @throws RangeError for a name that this machine does not know
 */
export function wallClockAt(instantMs: number, timezone: string): WallClock {
  return instantMs + offsetMs(instantMs, timezone);
}

/**
 * When the clocks of a zone show a time, in milliseconds since 1970. A time that comes twice is meant the first time; one
 * that is skipped is as much later as the clocks are moved on, so 02:30 is 03:30. Cron means the same.
 *
 * @throws RangeError as `wallClockAt` does
 */
export function instantOf(wallClock: WallClock, timezone: string): number {
  // Offsets lie between -12 and +14 hours, and no zone changes its own twice within two days.
  const before = offsetMs(wallClock - DAY_MS, timezone);
  const after = offsetMs(wallClock + DAY_MS, timezone);
  const early = wallClock - Math.max(before, after);
  if (before === after || wallClockAt(early, timezone) === wallClock) return early;
  return wallClock - Math.min(before, after);
}

function offsetMs(instantMs: number, timezone: string): number {
  const minutes = tzOffset(timezone, new Date(instantMs));
  if (Number.isNaN(minutes)) throw new RangeError(`No time zone ${timezone}, or no instant ${instantMs}`);
  return Math.round(minutes * MINUTE_MS);
}
