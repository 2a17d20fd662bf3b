import { Column, Frame, type Stream } from '../frame.ts';
import { type ColumnType, parameter, type SyntaxNode } from '../syntax.ts';
import { emptyOf, type Row, type Value } from '../values.ts';

/** One operand: where its rows come from, and its name for `withsource`. */
export interface Leg {
  stream: Stream;
  source: string;
}

/** `union`: the analysis has already decided on the columns, including `x_string` beside `x_dynamic`. */
export function union(legs: readonly Leg[], node: SyntaxNode, results: readonly ColumnType[]): Stream {
  const frame = new Frame();
  const sourceName = (parameter(node, 'withsource') ?? parameter(node, 'with_source'))?.text;
  const moves = legs.map((): { from: number; to: number }[] => []);
  const blanks = legs.map((): { to: number; value: Value }[] => []);
  const columns = results.map(
    ({ name, type }) =>
      new Column(name, type, () => {
        const to = frame.allocate();
        for (const [index, leg] of legs.entries()) {
          const from = name === sourceName ? undefined : sourceOf(leg.stream, name, type);
          if (from) moves[index]?.push({ from: from.slot, to });
          else blanks[index]?.push({ to, value: name === sourceName ? leg.source : emptyOf(type) });
        }
        return to;
      }),
  );
  return {
    frame,
    columns,
    async run(push) {
      let wanted = true;
      for (const [index, leg] of legs.entries()) {
        if (!wanted) return;
        await leg.stream.run((row) => {
          const unified: Row = new Array<Value>(frame.width);
          for (const { from, to } of moves[index] ?? []) unified[to] = row[from] as Value;
          for (const { to, value } of blanks[index] ?? []) unified[to] = value;
          wanted = push(unified);
          return wanted;
        });
      }
    },
  };
}

/** The column of a leg that feeds a result: same name and type, or the name before the type was appended to it. */
function sourceOf(stream: Stream, name: string, type: Column['type']): Column | undefined {
  return stream.columns.find(
    (column) => column.type === type && (column.name === name || `${column.name}_${type}` === name),
  );
}
