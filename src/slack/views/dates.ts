import type { RichTextElement } from '@slack/types';
import { DAY_MS } from '../../core/local-time.ts';
import { minute } from './blocks.ts';

/** Days and instants as people say them. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const LONG_MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `21 Nov` for `2026-11-21`: short enough for an axis. What is no day is said as it is. */
export function shortDay(day: string): string {
  const [, month, date] = day.split('-').map(Number);
  const name = MONTHS[(month ?? 0) - 1];
  return name === undefined || date === undefined ? day : `${date} ${name}`;
}

/** `21 Nov 2026` for `2026-11-21`. */
export function fullDay(day: string): string {
  return shortDay(day) === day ? day : `${shortDay(day)} ${day.slice(0, 4)}`;
}

/** `12 March 2027`, in UTC. */
export function longDate(date: Date): string {
  return `${date.getUTCDate()} ${LONG_MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** `week 47` of `2026-W47`, with the year where it is another one than `now`'s. */
export function weekPhrase(week: string, now?: Date): string {
  const [year, number] = week.split('-W');
  if (number === undefined) return `week ${week}`;
  const other = now !== undefined && year !== `${now.getUTCFullYear()}`;
  return `week ${Number(number)}${other ? ` of ${year}` : ''}`;
}

/** Whole weeks from one day to an instant. */
export function weeksSince(day: string, now: Date): number {
  return Math.max(0, Math.floor((now.getTime() - Date.parse(day)) / (7 * DAY_MS)));
}

/** An instant in words of a time zone: `Mon, 23 Nov 2026, 09:00 (Europe/Berlin)`; UTC where the zone is not known. Safe in mrkdwn. */
export function zoned(date: Date, timezone: string | undefined): string {
  const format = formatOf(timezone);
  return format === undefined ? minute(date) : `${format.format(date)} (${timezone})`;
}

/** An instant as a leaf of rich text: Slack says it in the reader's own zone. */
export function momentLeaf(date: Date, timezone?: string): RichTextElement {
  return {
    type: 'date',
    timestamp: Math.floor(date.getTime() / 1000),
    format: '{date_short_pretty} at {time}',
    fallback: zoned(date, timezone),
  };
}

function formatOf(timezone: string | undefined): Intl.DateTimeFormat | undefined {
  if (timezone === undefined || !/^[A-Za-z0-9_+/-]+$/.test(timezone)) return undefined;
  try {
    return new Intl.DateTimeFormat('en-GB', {
      timeZone: timezone,
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
    });
  } catch {
    return undefined; // Slack may know a zone that this Node does not
  }
}
