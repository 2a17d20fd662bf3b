import { createHash } from 'node:crypto';
import type { Expression } from '../expression.ts';
import type { ScalarType } from '../syntax.ts';
import { emptyOf, type Row, toJson, toNumber, toText, type Value } from '../values.ts';
import type { FunctionBuilder } from './index.ts';

/** Brings a branch to the type of the whole: the text branch of a dynamic `iff` stays what it is. */
function branch(input: Expression | undefined, type: ScalarType): (row: Row) => Value {
  if (!input) return () => emptyOf(type);
  const { evaluate } = input;
  if (type === input.type) return evaluate;
  if (type === 'string') return (row) => toText(evaluate(row), input.type);
  if (type === 'dynamic') return (row) => toJson(evaluate(row), input.type);
  return evaluate;
}

const conditional: FunctionBuilder = ([condition, then, otherwise], _scope, type) => {
  const [yes, no] = [branch(then, type), branch(otherwise, type)];
  const test = condition?.evaluate ?? (() => null);
  return (row) => (test(row) === true ? yes(row) : no(row));
};

const chosen: FunctionBuilder = (inputs, _scope, type) => {
  const arms: { test: (row: Row) => Value; value: (row: Row) => Value }[] = [];
  for (let index = 0; index + 1 < inputs.length; index += 2) {
    arms.push({ test: inputs[index]?.evaluate ?? (() => null), value: branch(inputs[index + 1], type) });
  }
  const otherwise = branch(inputs.at(-1), type);
  return (row) => {
    for (const arm of arms) if (arm.test(row) === true) return arm.value(row);
    return otherwise(row);
  };
};

/** The first that is not null; for text, the first that is not empty. */
const coalesce: FunctionBuilder = (inputs, _scope, type) => {
  const candidates = inputs.map((input) => branch(input, type));
  const missing = emptyOf(type);
  return (row) => {
    for (const candidate of candidates) {
      const value = candidate(row);
      if (value !== missing && value !== null) return value;
    }
    return missing;
  };
};

/** Rounds down to a multiple: numbers, dates and spans alike. */
const bin: FunctionBuilder =
  ([input, size]) =>
  (row) => {
    const value = input?.evaluate(row) ?? null;
    const step = size?.evaluate(row) ?? null;
    if (typeof value === 'bigint' && typeof step === 'bigint')
      return step === 0n ? null : value - (((value % step) + step) % step);
    const [number, width] = [toNumber(value), toNumber(step)];
    return number === null || width === null || width === 0 ? null : Math.floor(number / width) * width;
  };

/** Stable, but not the numbers of the live service, whose algorithm is not documented. */
const hash: FunctionBuilder =
  ([input, modulo]) =>
  (row) => {
    const digest = createHash('sha256')
      .update(input ? toText(input.evaluate(row), input.type) : '')
      .digest();
    const number = digest.readUIntBE(0, 6);
    const divisor = modulo ? toNumber(modulo.evaluate(row)) : null;
    return divisor ? number % divisor : number;
  };

const not: FunctionBuilder =
  ([input]) =>
  (row) => {
    const value = input?.evaluate(row) ?? null;
    return typeof value === 'boolean' ? !value : null;
  };

const extreme =
  (isBetter: (candidate: Value, best: Value) => boolean): FunctionBuilder =>
  (inputs) =>
  (row) => {
    let best: Value = null;
    for (const input of inputs) {
      const value = input.evaluate(row);
      if (value !== null && (best === null || isBetter(value, best))) best = value;
    }
    return best;
  };

const numeric =
  (apply: (value: number, digits: number) => number): FunctionBuilder =>
  ([input, digits]) =>
  (row) => {
    const value = input ? toNumber(input.evaluate(row)) : null;
    return value === null ? null : apply(value, (digits && toNumber(digits.evaluate(row))) ?? 0);
  };

/** Choices, rounding, and what else takes a value of any type. */
export const flowFunctions: Record<string, FunctionBuilder> = {
  iff: conditional,
  iif: conditional,
  case: chosen,
  coalesce,
  not,
  bin,
  floor: bin,
  hash,
  max_of: extreme((candidate, best) => (candidate as number) > (best as number)),
  min_of: extreme((candidate, best) => (candidate as number) < (best as number)),
  round: numeric((value, digits) => Math.round(value * 10 ** digits) / 10 ** digits),
  abs: numeric(Math.abs),
  ceiling: numeric(Math.ceil),
};
