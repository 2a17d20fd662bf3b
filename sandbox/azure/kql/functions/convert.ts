import { asText, type Evaluate, type Expression } from '../expression.ts';
import { parseTimespan, toBoolean, toDatetime, toDynamic, toNumber, type Value } from '../values.ts';
import type { FunctionBuilder } from './index.ts';

const converting =
  (convert: (value: Value) => Value): FunctionBuilder =>
  ([input]) =>
    mapped(input, convert);

function mapped(input: Expression | undefined, convert: (value: Value) => Value): Evaluate {
  const evaluate = input?.evaluate ?? (() => null);
  return (row) => convert(evaluate(row));
}

const truncated = (value: Value): Value => {
  const number = toNumber(value);
  return number === null ? null : Math.trunc(number);
};

const isEmpty = (value: Value): boolean => value === null || value === '';

const toTimespan = (value: Value): Value =>
  typeof value === 'string' ? parseTimespan(value) : typeof value === 'bigint' ? value : null;

/** Casts and the questions about emptiness. A string is never null; a dynamic may be. */
export const convertFunctions: Record<string, FunctionBuilder> = {
  tostring: ([input]) => (input ? asText(input) : () => ''),
  toint: converting(truncated),
  tolong: converting(truncated),
  todouble: converting(toNumber),
  toreal: converting(toNumber),
  todecimal: converting(toNumber),
  tobool: converting(toBoolean),
  toboolean: converting(toBoolean),
  todatetime: converting(toDatetime),
  totimespan: converting(toTimespan),
  todynamic: converting(toDynamic),
  parse_json: converting(toDynamic),
  parsejson: converting(toDynamic),
  toguid: converting((value) =>
    typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value) ? value.toLowerCase() : null,
  ),
  isempty: converting(isEmpty),
  isnotempty: converting((value) => !isEmpty(value)),
  notempty: converting((value) => !isEmpty(value)),
  isnull: converting((value) => value === null),
  isnotnull: converting((value) => value !== null),
  notnull: converting((value) => value !== null),
  gettype: ([input]) =>
    mapped(input, (value) => (input?.type === 'dynamic' ? jsonType(value) : (input?.type ?? 'null'))),
};

function jsonType(value: Value): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'object') return 'dictionary';
  return typeof value === 'number'
    ? Number.isInteger(value)
      ? 'long'
      : 'double'
    : typeof value === 'boolean'
      ? 'bool'
      : 'string';
}
