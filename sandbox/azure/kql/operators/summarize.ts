import { type Aggregate, aggregateNamed, GroupIndex } from '../aggregates.ts';
import type { QueryContext } from '../context.ts';
import { refuse } from '../errors.ts';
import type { Expression } from '../expression.ts';
import { type Column, columnNamed, computed, Frame, nameOf, resultColumns, type Stream } from '../frame.ts';
import { compileScalar } from '../scalar.ts';
import { list, part, type SyntaxNode, unwrap } from '../syntax.ts';
import type { Row, Value } from '../values.ts';

interface Slotted {
  aggregate: Aggregate;
  slots: readonly number[];
}

/** `summarize aggregates by keys`. The analysis names the columns; we only keep their order. */
export function summarize(input: Stream, node: SyntaxNode, context: QueryContext): Stream {
  const scope = { columns: input.columns, now: context.now };
  const keyNodes = list(node.parts.ByClause ?? node, 'Expressions');
  const keys = keyNodes.map((key) => compileScalar(key, scope));
  const excluded = new Set(
    keyNodes
      .map((key) => unwrap(key))
      .filter((key) => key.kind === 'NameReference')
      .map(nameOf),
  );
  return grouped(input, keys, context, (frame) => {
    const aggregates: Slotted[] = [];
    const values = list(node, 'Aggregates').flatMap((item) =>
      compileAggregateItem(item, input, excluded, frame, context, aggregates),
    );
    return { aggregates, values, names: resultColumns(node).map((column) => column.name) };
  });
}

/** `distinct a, b`: the groups themselves. */
export function distinct(input: Stream, node: SyntaxNode, context: QueryContext): Stream {
  const scope = { columns: input.columns, now: context.now };
  const names = resultColumns(node).map((column) => column.name);
  const items = list(node, 'Expressions');
  const isStar = items.some((item) => item.kind === 'StarExpression');
  const keys = isStar ? input.columns.map(reference) : items.map((item) => compileScalar(item, scope));
  return grouped(input, keys, context, () => ({ aggregates: [], values: [], names }));
}

function reference(column: Column): Expression {
  const { slot, type } = column;
  return { type, evaluate: (row) => row[slot] as Value };
}

interface Grouping {
  aggregates: readonly Slotted[];
  /** What follows the keys, read from a row of the new frame. */
  values: readonly Expression[];
  names: readonly string[];
}

function grouped(
  input: Stream,
  keys: readonly Expression[],
  context: QueryContext,
  describe: (frame: Frame) => Grouping,
): Stream {
  const frame = new Frame();
  const keySlots = keys.map(() => frame.allocate());
  const { aggregates, values, names } = describe(frame);
  const columns = [...keys, ...values].map((expression, index) =>
    computed(frame, names[index] ?? `Column${index + 1}`, expression.type),
  );
  return {
    frame,
    columns,
    async run(push) {
      const groups = new GroupIndex(keys);
      const rows: Row[] = [];
      const states: unknown[][] = [];
      const open = (row: Row | undefined): unknown[] => {
        const opened: Row = new Array<Value>(frame.width);
        for (const [index, key] of keys.entries()) opened[keySlots[index] as number] = row ? key.evaluate(row) : null;
        rows.push(opened);
        const fresh = aggregates.map(({ aggregate }) => aggregate.start());
        states.push(fresh);
        return fresh;
      };
      await input.run((row) => {
        const group = groups.of(row);
        const state = states[group] ?? open(row);
        for (let index = 0; index < aggregates.length; index++) {
          state[index] = (aggregates[index] as Slotted).aggregate.add(state[index], row);
        }
        return true;
      });
      // Without keys there is always one row, even over nothing at all.
      if (keys.length === 0 && rows.length === 0) open(undefined);
      for (const [group, row] of rows.entries()) {
        if (context.pace.due()) await context.pace.pause();
        finish(row, states[group] ?? []);
        if (!push(row)) return;
      }
    },
  };

  function finish(row: Row, state: readonly unknown[]): void {
    for (const [index, { aggregate, slots }] of aggregates.entries()) {
      for (const [position, value] of aggregate.results(state[index]).entries()) row[slots[position] as number] = value;
    }
    for (const [index, column] of columns.entries()) {
      const keySlot = keySlots[index];
      row[column.slot] =
        keySlot === undefined ? (values[index - keySlots.length] as Expression).evaluate(row) : (row[keySlot] as Value);
    }
  }
}

/**
 * One item: an aggregate call, or an expression around some, such as `100 * countif(x) / count()`. The
 * calls get slots in the new frame, and the expression around them is compiled against those.
 */
function compileAggregateItem(
  item: SyntaxNode,
  input: Stream,
  excluded: ReadonlySet<string>,
  frame: Frame,
  context: QueryContext,
  aggregates: Slotted[],
): Expression[] {
  const isNamed = item.kind === 'SimpleNamedExpression' || item.kind === 'CompoundNamedExpression';
  const outer = unwrap(isNamed ? part(item, 'Expression') : item);
  const replacements = new Map<SyntaxNode, Expression>();
  const calls = aggregateCalls(outer);
  if (calls.length === 0) refuse('UnsupportedFunction', `'${outer.text}' is not a supported aggregate.`);
  for (const call of calls) {
    const built = buildAggregate(call, input, excluded, context);
    const slots = built.types.map(() => frame.allocate());
    aggregates.push({ aggregate: built, slots });
    const results = slots.map(
      (slot, index): Expression => ({ type: built.types[index] ?? 'dynamic', evaluate: (row) => row[slot] as Value }),
    );
    if (call === outer) return results;
    if (results[0]) replacements.set(call, results[0]);
  }
  return [compileScalar(outer, { columns: [], now: context.now, aggregates: replacements })];
}

function aggregateCalls(node: SyntaxNode): SyntaxNode[] {
  if (node.kind === 'FunctionCallExpression' && aggregateNamed(part(node, 'Name').text)) return [node];
  return [...Object.values(node.parts), ...node.items].flatMap(aggregateCalls);
}

function buildAggregate(
  call: SyntaxNode,
  input: Stream,
  excluded: ReadonlySet<string>,
  context: QueryContext,
): Aggregate {
  const name = part(call, 'Name').text;
  const build = aggregateNamed(name) ?? refuse('UnsupportedFunction', `The aggregate '${name}' is not supported.`);
  const scope = { columns: input.columns, now: context.now };
  const nodes = list(part(call, 'ArgumentList'), 'Expressions');
  const named = new Set([...excluded, ...nodes.filter((each) => each.kind === 'NameReference').map(nameOf)]);
  const inputs = nodes.flatMap((each) =>
    each.kind === 'StarExpression'
      ? input.columns
          .filter((column) => !named.has(column.name))
          .map((column) => reference(columnNamed(input.columns, column.name)))
      : [compileScalar(each, scope)],
  );
  return build(inputs, (call.type ?? inputs[0]?.type ?? 'long') as Column['type']);
}
