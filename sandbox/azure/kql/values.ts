import type { ScalarType } from './syntax.ts';

/** What a `dynamic` holds. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * A Kusto value: strings are never null; `datetime` and `timespan` are bigint ticks (100 ns; a datetime
 * counts from 1970), since a number cannot hold seven fractional digits; a `dynamic` is plain JSON.
 */
export type Value = Json | bigint;

/** One row in flight: slots as the frame of its pipeline hands them out. */
export type Row = Value[];

export const TICKS_PER_MS = 10_000n;

/** Reads an ISO 8601 date with up to seven fractional digits; without a zone it is UTC. */
export function parseDatetime(text: string): bigint | null {
  const match =
    /^\s*(\d{4}-\d{1,2}-\d{1,2})(?:[T ](\d{1,2}:\d{2}(?::\d{2})?)(?:\.(\d{1,7})\d*)?)?\s*(Z|[+-]\d{2}:?\d{2})?\s*$/i.exec(
      text,
    );
  if (!match) {
    const loose = Date.parse(text);
    return Number.isNaN(loose) ? null : BigInt(loose) * TICKS_PER_MS;
  }
  const [, date = '', time = '00:00', fraction = '', zone = 'Z'] = match;
  const iso = `${date.replace(/-(\d)(?=-|$)/g, '-0$1')}T${time.padStart(time.length === 4 || time.length === 7 ? time.length + 1 : 0, '0')}${zone.toUpperCase()}`;
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? null : BigInt(ms) * TICKS_PER_MS + BigInt(fraction.padEnd(7, '0'));
}

/** `2026-10-01T00:00:00.0000000Z`, as Kusto writes a datetime. */
export function formatDatetime(ticks: bigint): string {
  const secondTicks = 10_000_000n;
  const fraction = ((ticks % secondTicks) + secondTicks) % secondTicks;
  const seconds = new Date(Number((ticks - fraction) / TICKS_PER_MS)).toISOString().slice(0, 19);
  return `${seconds}.${fraction.toString().padStart(7, '0')}Z`;
}

// biome-ignore format: a table
const UNIT_TICKS: Record<string, number> = {
  d: 864e9, day: 864e9, days: 864e9, h: 36e9, hr: 36e9, hrs: 36e9, hour: 36e9, hours: 36e9,
  m: 6e8, min: 6e8, minute: 6e8, minutes: 6e8, s: 1e7, sec: 1e7, second: 1e7, seconds: 1e7,
  ms: 1e4, milli: 1e4, millis: 1e4, millisecond: 1e4, milliseconds: 1e4,
  micro: 10, micros: 10, microsecond: 10, microseconds: 10, tick: 1, ticks: 1,
};

/** Reads `1d`, `2.5h` or `1.02:03:04.5`. */
export function parseTimespan(text: string): bigint | null {
  const short = /^\s*(-?\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  if (short) {
    const ticks = UNIT_TICKS[short[2]?.toLowerCase() || 'd'];
    return ticks === undefined ? null : BigInt(Math.round(Number(short[1]) * ticks));
  }
  const long = /^\s*(-?)(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?\s*$/.exec(text);
  if (!long) return null;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = long;
  const total = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const ticks = total * 10_000_000n + BigInt(fraction.padEnd(7, '0'));
  return sign ? -ticks : ticks;
}

/** `1.02:03:04.5000000`; days and fraction only when there are some. */
export function formatTimespan(ticks: bigint): string {
  const size = ticks < 0n ? -ticks : ticks;
  const seconds = size / 10_000_000n;
  const two = (count: bigint) => count.toString().padStart(2, '0');
  const days = seconds / 86_400n;
  const fraction = size % 10_000_000n;
  const clock = `${two((seconds / 3600n) % 24n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  return `${ticks < 0n ? '-' : ''}${days ? `${days}.` : ''}${clock}${fraction ? `.${fraction.toString().padStart(7, '0')}` : ''}`;
}

/** `tostring` of a value whose static type is `type`; null becomes the empty string. */
export function toText(value: Value, type: ScalarType): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (typeof value === 'bigint') return type === 'timespan' ? formatTimespan(value) : formatDatetime(value);
  if (typeof value === 'object') return JSON.stringify(value);
  if (type === 'real' && Number.isInteger(value)) return `${value}.0`;
  return String(value);
}

/** A value as it can sit inside a dynamic: dates and spans become text. */
export function toJson(value: Value, type: ScalarType): Json {
  return typeof value === 'bigint' ? toText(value, type) : value;
}

/** `toreal`, `todouble`: text and booleans included; null for what is no number. */
export function toNumber(value: Value): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number(value);
  return Number.isNaN(number) ? null : number;
}

/** `tobool`: true, false, a number, or text that says so. */
export function toBoolean(value: Value): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value !== 'string') return null;
  const text = value.trim().toLowerCase();
  if (text === 'true') return true;
  if (text === 'false') return false;
  const number = toNumber(text);
  return number === null ? null : number !== 0;
}

/** `todatetime`; a number is no date. */
export function toDatetime(value: Value): bigint | null {
  if (typeof value === 'bigint') return value;
  return typeof value === 'string' ? parseDatetime(value) : null;
}

/** `parse_json`: text that is no JSON stays the text it is, as in Kusto. */
export function toDynamic(value: Value): Json {
  if (typeof value !== 'string') return toJson(value, 'datetime');
  if (value === '') return null;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

/** Brings `value` of type `from` to `to`, as `mv-expand to typeof(...)` and `parse ... x:long` do. */
export function convert(value: Value, from: ScalarType, to: ScalarType): Value {
  switch (to) {
    case 'string':
    case 'guid':
      return toText(value, from);
    case 'long':
    case 'int': {
      const number = toNumber(value);
      return number === null ? null : Math.trunc(number);
    }
    case 'real':
    case 'decimal':
      return toNumber(value);
    case 'bool':
      return toBoolean(value);
    case 'datetime':
      return toDatetime(value);
    case 'timespan':
      return typeof value === 'bigint' ? value : typeof value === 'string' ? parseTimespan(value) : null;
    case 'dynamic':
      return toJson(value, from);
  }
}

/** Orders two values that are not null and share a type: ordinal for text, false before true. */
export function compareValues(left: Value, right: Value): number {
  if (typeof left === 'object' || typeof right === 'object')
    return compareText(JSON.stringify(left), JSON.stringify(right));
  return left === right ? 0 : (left as number) < (right as number) ? -1 : 1;
}

const compareText = (left: string, right: string) => (left === right ? 0 : left < right ? -1 : 1);

/** The null of a type: strings have none. */
export function emptyOf(type: ScalarType): Value {
  return type === 'string' ? '' : null;
}
