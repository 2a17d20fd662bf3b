import { DAY_MS, instantOf, type WallClock, wallClockAt } from './local-time.ts';

/** Until when a mute lasts, or why that cannot be: a sentence for whoever asked. */
export type MuteEnd = { readonly until: Date } | { readonly problem: string };

/** What `muteUntil` understands, as a hint. */
export const MUTE_EXAMPLES = 'Write for example 2026-12-24, 24 Dec, tomorrow, friday, 10 days or 2 weeks.';

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/**
 * The instant at which a mute ends: the start of the day that is named, in a zone. Understands `2026-12-24`, `24 Dec`,
 * `Dec 24 2026`, `tomorrow`, `friday`, `10 days` and `2 weeks`; a day without a year, and a weekday, is the next one. It has
 * to be after today and at most a year ahead, so that no team is forgotten.
 *
 * @throws RangeError for a zone nobody knows
 */
export function muteUntil(text: string, timezone: string, now: Date): MuteEnd {
  const clock = wallClockAt(now.getTime(), timezone);
  const today = Math.floor(clock / DAY_MS) * DAY_MS;
  const words = text
    .trim()
    .toLowerCase()
    .replace(/^(?:(?:until|till|for|in)\s+)+/, '')
    .replace(/\s+of\s+/, ' ');
  const day = namedDay(words, today) ?? daysAhead(words, today) ?? numericDay(words) ?? calendarDay(words, today);
  if (day === undefined) return { problem: 'That is no day that I know.' };
  if (day <= today) return { problem: 'That day is not in the future.' };
  if (day > yearsLater(today)) return { problem: 'That is more than a year ahead.' };
  return { until: new Date(instantOf(day, timezone)) };
}

function namedDay(words: string, today: WallClock): WallClock | undefined {
  if (words === 'today') return today;
  if (words === 'tomorrow') return today + DAY_MS;
  const weekday = numberOf(words.replace(/^next\s+/, ''), WEEKDAYS);
  if (weekday === undefined) return undefined;
  const ahead = (weekday - new Date(today).getUTCDay() + 7) % 7;
  return today + (ahead === 0 ? 7 : ahead) * DAY_MS;
}

function daysAhead(words: string, today: WallClock): WallClock | undefined {
  const [, number, unit] = /^(\d{1,4}|an?|one|next)\s*(day|week)s?$/.exec(words) ?? [];
  if (number === undefined) return undefined;
  const many = /^\d/.test(number) ? Number(number) : 1;
  return today + many * (unit === 'week' ? 7 : 1) * DAY_MS;
}

function numericDay(words: string): WallClock | undefined {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(words) ?? [];
  // Written with dots, the day comes first everywhere; slashes would leave it open.
  const [, date, ordinal, full] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(words) ?? [];
  return existing(Number(year ?? full), Number(month ?? ordinal) - 1, Number(day ?? date));
}

function calendarDay(words: string, today: WallClock): WallClock | undefined {
  const [, before, name = '', after, year] =
    /^(?:(\d{1,2})(?:st|nd|rd|th)?\.?\s+)?([a-z]{3,9})\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?)?(?:,?\s+(\d{4}))?$/.exec(
      words,
    ) ?? [];
  const month = numberOf(name, MONTHS);
  if (month === undefined || (before === undefined) === (after === undefined)) return undefined;
  const day = Number(before ?? after);
  if (year !== undefined) return existing(Number(year), month, day);
  const thisYear = new Date(today).getUTCFullYear();
  const candidates = [thisYear, thisYear + 1].map((one) => existing(one, month, day));
  return candidates.find((one) => one !== undefined && one > today);
}

/** The position of a name, or of the only one that begins so in three letters or more. */
function numberOf(word: string, names: readonly string[]): number | undefined {
  const index = word.length < 3 ? -1 : names.findIndex((name) => name.startsWith(word));
  return index === -1 ? undefined : index;
}

/** Undefined for a day that no calendar has, as 30 February. */
function existing(year: number, month: number, day: number): WallClock | undefined {
  const wallClock = Date.UTC(year, month, day);
  const found = new Date(wallClock);
  return found.getUTCMonth() === month && found.getUTCDate() === day ? wallClock : undefined;
}

function yearsLater(today: WallClock): WallClock {
  const day = new Date(today);
  return Date.UTC(day.getUTCFullYear() + 1, day.getUTCMonth(), day.getUTCDate());
}
