import type { QueryContext } from '../context.ts';
import { type Column, columnNamed, computed, givenName, nameOf, resultColumns, type Stream } from '../frame.ts';
import { compileCondition, compileScalar, constantNumber } from '../scalar.ts';
import { list, part, type SyntaxNode, unwrap } from '../syntax.ts';
import { emptyOf, type Row, toText, type Value } from '../values.ts';

/** `where`. */
export function filter(input: Stream, node: SyntaxNode, context: QueryContext): Stream {
  const keeps = compileCondition(part(node, 'Condition'), { columns: input.columns, now: context.now });
  return { ...input, run: (push) => input.run((row) => (keeps(row) ? push(row) : true)) };
}

interface Computation {
  slot: number;
  evaluate: (row: Row) => Value;
}

/**
 * Compiles the items of `project`, `extend` or `by`. The analysis names the results, in order; a plain
 * reference costs nothing, anything else gets a slot that the returned function fills.
 */
export function computeColumns(
  input: Stream,
  items: readonly SyntaxNode[],
  names: readonly string[],
  context: QueryContext,
) {
  const scope = { columns: input.columns, now: context.now };
  const computations: Computation[] = [];
  const columns = items.map((item, index): Column => {
    const name = givenName(item) ?? names[index] ?? nameOf(item);
    const inner = unwrap(givenName(item) === undefined ? item : part(item, 'Expression'));
    if (inner.kind === 'NameReference') return columnNamed(input.columns, inner.symbol ?? nameOf(inner)).renamed(name);
    const expression = compileScalar(inner, scope);
    const column = computed(input.frame, name, expression.type);
    computations.push({ slot: column.slot, evaluate: coerced(expression.evaluate, expression.type) });
    return column;
  });
  const fill = (row: Row) => {
    for (const { slot, evaluate } of computations) row[slot] = evaluate(row);
  };
  return { columns, fill };
}

/** A string column never holds null. */
function coerced(evaluate: (row: Row) => Value, type: Column['type']): (row: Row) => Value {
  if (type !== 'string') return evaluate;
  return (row) => {
    const value = evaluate(row);
    return typeof value === 'string' ? value : toText(value, type) || emptyOf(type);
  };
}

/** `project`. */
export function project(input: Stream, node: SyntaxNode, context: QueryContext): Stream {
  const names = resultColumns(node).map((column) => column.name);
  const { columns, fill } = computeColumns(input, list(node, 'Expressions'), names, context);
  return filled(input, columns, fill);
}

/** The rows of `input`, each filled in before it goes on. */
function filled(input: Stream, columns: readonly Column[], fill: (row: Row) => void): Stream {
  return {
    frame: input.frame,
    columns,
    run: (push) =>
      input.run((row) => {
        fill(row);
        return push(row);
      }),
  };
}

/** `extend`: a name that exists is replaced where it stands. */
export function extend(input: Stream, node: SyntaxNode, context: QueryContext): Stream {
  const items = list(node, 'Expressions');
  const names = namesOfUnnamed(input, node, items);
  const { columns: added, fill } = computeColumns(input, items, names, context);
  const byName = new Map([...input.columns, ...added].map((column) => [column.name, column]));
  const columns = resultColumns(node).map(({ name }) => byName.get(name) ?? columnNamed(input.columns, name));
  return filled(input, columns, fill);
}

/** The result lists new columns behind the old ones, in the order of the items that are not replacements. */
function namesOfUnnamed(input: Stream, node: SyntaxNode, items: readonly SyntaxNode[]): string[] {
  const existing = new Set(input.columns.map((column) => column.name));
  const fresh = resultColumns(node)
    .filter((column) => !existing.has(column.name))
    .map((column) => column.name);
  return items.map((item) => {
    const given = givenName(item) ?? (item.kind === 'NameReference' ? nameOf(item) : undefined);
    if (given === undefined) return fresh.shift() ?? item.text;
    if (fresh[0] === given) fresh.shift();
    return given;
  });
}

/** `project-away`: the analysis already worked out the wildcards. */
export function projectAway(input: Stream, node: SyntaxNode): Stream {
  return { ...input, columns: resultColumns(node).map(({ name }) => columnNamed(input.columns, name)) };
}

/** `take`, `limit`: stops the source once it has enough. */
export function limit(input: Stream, node: SyntaxNode, context: QueryContext): Stream {
  return takeFirst(input, constantNumber(part(node, 'Expression'), { columns: [], now: context.now }));
}

/** The first `count` rows. */
export function takeFirst(input: Stream, count: number): Stream {
  return {
    ...input,
    async run(push) {
      let left = count;
      if (left === 0) return;
      await input.run((row) => {
        left--;
        return push(row) && left > 0;
      });
    },
  };
}

/** `count`: one row, one column. */
export function count(input: Stream, node: SyntaxNode): Stream {
  const column = computed(input.frame, resultColumns(node)[0]?.name ?? 'Count', 'long');
  return {
    frame: input.frame,
    columns: [column],
    async run(push) {
      let rows = 0;
      await input.run(() => {
        rows++;
        return true;
      });
      const row: Row = [];
      row[column.slot] = rows;
      push(row);
    },
  };
}
