import { asText, type Expression } from './expression.ts';
import type { ScalarType } from './syntax.ts';
import { compareValues, emptyOf, type Json, type Row, toJson, toNumber, type Value } from './values.ts';

/** Folds the rows of a group. `results` are the columns of one aggregate: several for `arg_max(x, *)`. */
export interface Aggregate {
  readonly types: readonly ScalarType[];
  start(): unknown;
  add(state: unknown, row: Row): unknown;
  results(state: unknown): readonly Value[];
}

/** An aggregate with one result and a state of its own type. */
function folding<S>(
  type: ScalarType,
  start: () => S,
  add: (state: S, row: Row) => S,
  result: (state: S) => Value,
): Aggregate {
  return { types: [type], start, add: (state, row) => add(state as S, row), results: (state) => [result(state as S)] };
}

type AggregateBuilder = (inputs: readonly Expression[], type: ScalarType) => Aggregate;

const read = (input: Expression | undefined, row: Row): Value => input?.evaluate(row) ?? null;

/** `countif(c)` out of `count()`: the condition comes first if it is alone, else second, as in `make_set_if(x, c, 5)`. */
const onlyIf =
  (build: AggregateBuilder): AggregateBuilder =>
  (inputs, type) => {
    const position = Math.min(1, inputs.length - 1);
    const condition = inputs[position];
    const whole = build(inputs.toSpliced(position, 1), type);
    return { ...whole, add: (state, row) => (read(condition, row) === true ? whole.add(state, row) : state) };
  };

const count: AggregateBuilder = () =>
  folding(
    'long',
    () => 0,
    (rows) => rows + 1,
    (rows) => rows,
  );

const dcount: AggregateBuilder = ([input]) =>
  folding(
    'long',
    () => new Set<Value>(),
    (seen, row) => seen.add(keyOf(read(input, row))),
    (seen) => seen.size,
  );

const keyOf = (value: Value): Value => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value);

const sum: AggregateBuilder = ([input], type) =>
  folding<number | bigint | null>(
    type,
    () => null,
    (total, row) => {
      const value = read(input, row);
      if (typeof value === 'bigint') return ((total as bigint | null) ?? 0n) + value;
      const number = toNumber(value);
      return number === null ? total : ((total as number | null) ?? 0) + number;
    },
    (total) => total ?? (type === 'timespan' ? 0n : 0),
  );

const average: AggregateBuilder = ([input], type) =>
  folding(
    type,
    () => ({ total: 0, rows: 0 }),
    (state, row) => {
      const value = read(input, row);
      const number = toNumber(value);
      return number === null ? state : { total: state.total + number, rows: state.rows + 1 };
    },
    ({ total, rows }) =>
      rows === 0 ? null : type === 'datetime' || type === 'timespan' ? BigInt(Math.round(total / rows)) : total / rows,
  );

const extreme =
  (sign: 1 | -1): AggregateBuilder =>
  ([input], type) =>
    folding<Value>(
      type,
      () => null,
      (best, row) => {
        const value = read(input, row);
        return value !== null && (best === null || compareValues(value, best) * sign > 0) ? value : best;
      },
      (best) => best ?? emptyOf(type),
    );

/** Every result comes from the one row where the first argument is largest or smallest. */
const argExtreme =
  (sign: 1 | -1): AggregateBuilder =>
  (inputs) => ({
    types: inputs.map((input) => input.type),
    start: () => null,
    add: (state, row) => {
      const best = state as Value[] | null;
      const value = read(inputs[0], row);
      if (best !== null && (value === null || (best[0] !== null && compareValues(value, best[0] as Value) * sign <= 0)))
        return best;
      return inputs.map((input) => input.evaluate(row));
    },
    results: (state) => (state as Value[] | null) ?? inputs.map((input) => emptyOf(input.type)),
  });

/** Any row will do, and the first one is at hand. */
const takeAny: AggregateBuilder = (inputs) => ({
  types: inputs.map((input) => input.type),
  start: () => null,
  add: (state, row) => state ?? inputs.map((input) => input.evaluate(row)),
  results: (state) => (state as Value[] | null) ?? inputs.map((input) => emptyOf(input.type)),
});

const MOST_ELEMENTS = 1_048_576; // of make_list and make_set, unless the query asks for fewer

function capacityOf(input: Expression | undefined): number {
  const given = input?.constant?.value;
  return typeof given === 'number' ? given : MOST_ELEMENTS;
}

const jsonOf = (input: Expression | undefined, row: Row): Json =>
  input ? toJson(input.evaluate(row), input.type) : null;

const makeList: AggregateBuilder = ([input, size]) => {
  const capacity = capacityOf(size);
  return folding<Json[]>(
    'dynamic',
    () => [],
    (items, row) => {
      const value = jsonOf(input, row);
      if (value !== null && items.length < capacity) items.push(value);
      return items;
    },
    (items) => items,
  );
};

const makeSet: AggregateBuilder = ([input, size]) => {
  const capacity = capacityOf(size);
  return folding<Map<Value, Json>>(
    'dynamic',
    () => new Map(),
    (items, row) => {
      const value = jsonOf(input, row);
      for (const item of Array.isArray(value) ? (value as Json[]) : [value]) {
        if (item !== null && items.size < capacity && !items.has(keyOf(item))) items.set(keyOf(item), item);
      }
      return items;
    },
    (items) => [...items.values()],
  );
};

const makeBag: AggregateBuilder = ([input]) =>
  folding<Record<string, Json>>(
    'dynamic',
    () => ({}),
    (bag, row) => {
      const value = read(input, row);
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? { ...(value as Record<string, Json>), ...bag }
        : bag;
    },
    (bag) => bag,
  );

const AGGREGATES = new Map<string, AggregateBuilder>(
  Object.entries({
    count,
    countif: onlyIf(count),
    dcount,
    dcountif: onlyIf(dcount),
    count_distinct: dcount,
    sum,
    sumif: onlyIf(sum),
    avg: average,
    avgif: onlyIf(average),
    min: extreme(-1),
    minif: onlyIf(extreme(-1)),
    max: extreme(1),
    maxif: onlyIf(extreme(1)),
    arg_max: argExtreme(1),
    arg_min: argExtreme(-1),
    any: takeAny,
    take_any: takeAny,
    anyif: onlyIf(takeAny),
    take_anyif: onlyIf(takeAny),
    make_list: makeList,
    make_list_if: onlyIf(makeList),
    makelist: makeList,
    make_set: makeSet,
    make_set_if: onlyIf(makeSet),
    makeset: makeSet,
    make_bag: makeBag,
    make_bag_if: onlyIf(makeBag),
  }),
);

/** Builds the aggregate called `name`; undefined when there is none of that name. */
export function aggregateNamed(name: string): AggregateBuilder | undefined {
  return AGGREGATES.get(name);
}

/** Numbers the distinct tuples of a few columns, without gluing them into one long text per row. */
export class GroupIndex {
  readonly #readers: readonly ((row: Row) => Value)[];
  readonly #values: readonly Map<Value, number>[];
  readonly #pairs: readonly Map<number, number>[];
  #size = 0;

  constructor(keys: readonly Expression[]) {
    this.#readers = keys.map((key) => (key.type === 'string' ? asText(key) : key.evaluate));
    this.#values = keys.map(() => new Map());
    this.#pairs = keys.map(() => new Map());
  }

  get size(): number {
    return this.#size;
  }

  /** The number of the group that `row` belongs to; a new group gets the next one. */
  of(row: Row): number {
    let path = 0;
    for (const [depth, readKey] of this.#readers.entries()) {
      const values = this.#values[depth] as Map<Value, number>;
      const pairs = this.#pairs[depth] as Map<number, number>;
      path = numberOf(pairs, path * PAIR_RADIX + numberOf(values, readKey(row)));
    }
    if (path >= this.#size) this.#size = path + 1;
    return path;
  }
}

const PAIR_RADIX = 2 ** 26; // so that both halves of a pair fit into a safe integer

function numberOf<K>(numbers: Map<K, number>, key: K): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}
