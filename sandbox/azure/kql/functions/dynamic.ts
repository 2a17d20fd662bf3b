import type { Expression } from '../expression.ts';
import { type Json, type Row, toJson, type Value } from '../values.ts';
import type { FunctionBuilder } from './index.ts';
import { textOf } from './text.ts';

const isBag = (value: Value): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const packBag: FunctionBuilder = (inputs) => {
  const pairs: { key: (row: Row) => string; value: Expression | undefined }[] = [];
  for (let index = 0; index < inputs.length; index += 2)
    pairs.push({ key: textOf(inputs[index]), value: inputs[index + 1] });
  return (row) => Object.fromEntries(pairs.map(({ key, value }) => [key(row), jsonOf(value, row)]));
};

const packArray: FunctionBuilder = (inputs) => (row) => inputs.map((input) => jsonOf(input, row));

function jsonOf(input: Expression | undefined, row: Row): Json {
  return input ? toJson(input.evaluate(row), input.type) : null;
}

const on =
  (apply: (value: Value) => Value): FunctionBuilder =>
  ([input]) =>
  (row) =>
    apply(input?.evaluate(row) ?? null);

const bagMerge: FunctionBuilder = (inputs) => (row) => {
  const merged: Record<string, Json> = {};
  for (const bag of inputs.map((input) => input.evaluate(row)).reverse()) if (isBag(bag)) Object.assign(merged, bag);
  return merged;
};

const bagHasKey: FunctionBuilder = ([bag, key]) => {
  const name = textOf(key);
  return (row) => {
    const value = bag?.evaluate(row) ?? null;
    return isBag(value) ? Object.hasOwn(value, name(row)) : null;
  };
};

const arrayConcat: FunctionBuilder = (inputs) => (row) =>
  inputs.flatMap((input) => {
    const value = input.evaluate(row);
    return Array.isArray(value) ? (value as Json[]) : [];
  });

const setHasElement: FunctionBuilder =
  ([array, element]) =>
  (row) => {
    const value = array?.evaluate(row) ?? null;
    const wanted = element ? toJson(element.evaluate(row), element.type) : null;
    return Array.isArray(value) ? (value as Json[]).includes(wanted) : null;
  };

/** Functions over bags and arrays. */
export const dynamicFunctions: Record<string, FunctionBuilder> = {
  array_length: on((value) => (Array.isArray(value) ? value.length : null)),
  array_concat: arrayConcat,
  bag_keys: on((value) => (isBag(value) ? Object.keys(value) : null)),
  bag_merge: bagMerge,
  bag_has_key: bagHasKey,
  set_has_element: setHasElement,
  bag_pack: packBag,
  pack: packBag,
  pack_dictionary: packBag,
  pack_array: packArray,
};
