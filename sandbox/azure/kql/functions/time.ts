import type { Expression } from '../expression.ts';
import { type Row, TICKS_PER_MS, toDatetime, toNumber, type Value } from '../values.ts';
import type { FunctionBuilder } from './index.ts';
import { textOf } from './text.ts';

const DAY_TICKS = 864_000_000_000n;

const UNIT_TICKS: Record<string, bigint> = {
  week: 7n * DAY_TICKS,
  day: DAY_TICKS,
  hour: 36_000_000_000n,
  minute: 600_000_000n,
  second: 10_000_000n,
  millisecond: TICKS_PER_MS,
  microsecond: 10n,
  nanosecond: 1n,
};

const toDate = (ticks: bigint) => new Date(Number(ticks / TICKS_PER_MS));

/** Counts the unit boundaries between the two, as Kusto does: 23:59 and 00:01 are a day apart. */
function difference(unit: string, later: bigint, earlier: bigint): number | null {
  const [a, b] = [toDate(later), toDate(earlier)];
  const months = (date: Date) => date.getUTCFullYear() * 12 + date.getUTCMonth();
  if (unit === 'year') return a.getUTCFullYear() - b.getUTCFullYear();
  if (unit === 'quarter') return Math.floor(months(a) / 3) - Math.floor(months(b) / 3);
  if (unit === 'month') return months(a) - months(b);
  const ticks = UNIT_TICKS[unit];
  return ticks === undefined ? null : Number(later / ticks - earlier / ticks);
}

const datetimeDiff: FunctionBuilder = ([unit, later, earlier]) => {
  const name = textOf(unit);
  return (row) => {
    const [a, b] = [dateOf(later, row), dateOf(earlier, row)];
    return a === null || b === null ? null : difference(name(row).toLowerCase(), a, b);
  };
};

const datetimeAdd: FunctionBuilder = ([unit, amount, input]) => {
  const name = textOf(unit);
  return (row) => {
    const date = dateOf(input, row);
    const count = amount ? toNumber(amount.evaluate(row)) : null;
    const ticks = UNIT_TICKS[name(row).toLowerCase()];
    return date === null || count === null || ticks === undefined ? null : date + BigInt(count) * ticks;
  };
};

function dateOf(input: Expression | undefined, row: Row): bigint | null {
  return input ? toDatetime(input.evaluate(row)) : null;
}

const startOf =
  (floor: (date: Date) => number): FunctionBuilder =>
  ([input]) =>
  (row): Value => {
    const date = dateOf(input, row);
    return date === null ? null : BigInt(floor(toDate(date))) * TICKS_PER_MS;
  };

/** Functions over dates. `now()` is one instant for the whole query. */
export const timeFunctions: Record<string, FunctionBuilder> = {
  now:
    ([offset], { now }) =>
    (row) =>
      now + ((offset?.evaluate(row) as bigint | null | undefined) ?? 0n),
  ago:
    ([span], { now }) =>
    (row) => {
      const ticks = span?.evaluate(row) ?? null;
      return typeof ticks === 'bigint' ? now - ticks : null;
    },
  datetime_diff: datetimeDiff,
  datetime_add: datetimeAdd,
  startofday: startOf((date) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate())),
  startofmonth: startOf((date) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)),
};
