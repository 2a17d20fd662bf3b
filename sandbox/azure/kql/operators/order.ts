import type { QueryContext } from '../context.ts';
import { boundary, Frame, type Stream } from '../frame.ts';
import { sortPaced } from '../pace.ts';
import { compileScalar, constantNumber } from '../scalar.ts';
import { list, part, type SyntaxNode } from '../syntax.ts';
import { compareValues, type Row, type Value } from '../values.ts';
import { takeFirst } from './shape.ts';

interface SortKey {
  slot: number;
  evaluate: (row: Row) => Value;
  descending: boolean;
  nullsFirst: boolean;
}

/** `order by`, `sort by`. */
export function order(input: Stream, node: SyntaxNode, context: QueryContext): Stream {
  return sorted(input, list(node, 'Expressions'), context);
}

/** `top n by ...`. */
export function top(input: Stream, node: SyntaxNode, context: QueryContext): Stream {
  const rows = constantNumber(part(node, 'Expression'), { columns: [], now: context.now });
  return takeFirst(sorted(input, [part(node, 'ByExpression')], context), rows);
}

function sorted(input: Stream, expressions: readonly SyntaxNode[], context: QueryContext): Stream {
  const frame = new Frame();
  const keys = expressions.map((expression) => sortKey(expression, input, frame, context));
  const { columns, copyTo } = boundary(input.columns, frame);
  const compare = comparer(keys);
  return {
    frame,
    columns,
    async run(push) {
      const rows: Row[] = [];
      await input.run((row) => {
        const kept: Row = new Array<Value>(frame.width);
        for (const { slot, evaluate } of keys) kept[slot] = evaluate(row);
        copyTo(row, kept);
        rows.push(kept);
        return true;
      });
      for (const row of await sortPaced(rows, compare, context.pace)) {
        if (context.pace.due()) await context.pace.pause();
        if (!push(row)) return;
      }
    },
  };
}

/** Descending unless told otherwise; nulls count as smallest: first ascending, last descending. */
function sortKey(node: SyntaxNode, input: Stream, frame: Frame, context: QueryContext): SortKey {
  const isOrdered = node.kind === 'OrderedExpression';
  const expression = compileScalar(isOrdered ? part(node, 'Expression') : node, {
    columns: input.columns,
    now: context.now,
  });
  const ordering = isOrdered ? node.parts.Ordering : undefined;
  const descending = ordering?.parts.AscOrDescKeyword?.text !== 'asc';
  const nulls = ordering?.parts.NullsClause?.parts.FirstOrLastKeyword?.text;
  return {
    slot: frame.allocate(),
    evaluate: expression.evaluate,
    descending,
    nullsFirst: nulls ? nulls === 'first' : !descending,
  };
}

function comparer(keys: readonly SortKey[]): (left: Row, right: Row) => number {
  return (left, right) => {
    for (const { slot, descending, nullsFirst } of keys) {
      const a = left[slot] as Value;
      const b = right[slot] as Value;
      if (a === b) continue;
      if (a === null) return nullsFirst ? -1 : 1;
      if (b === null) return nullsFirst ? 1 : -1;
      const difference = compareValues(a, b);
      if (difference !== 0) return descending ? -difference : difference;
    }
    return 0;
  };
}
