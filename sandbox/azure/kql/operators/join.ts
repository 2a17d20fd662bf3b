import type { QueryContext } from '../context.ts';
import { refuse } from '../errors.ts';
import { boundary, type Column, columnNamed, Frame, nameOf, resultColumns, type Stream } from '../frame.ts';
import { list, parameter, part, type SyntaxNode, unwrap } from '../syntax.ts';
import { emptyOf, type Row, toText, type Value } from '../values.ts';

/** Resource Graph takes four of Kusto's flavours. */
const FLAVORS = ['innerunique', 'inner', 'leftouter', 'fullouter'];

/** `join kind=... (right) on ...`: the right side is held in memory, the left passes by. */
export function join(left: Stream, right: Stream, node: SyntaxNode, context: QueryContext): Stream {
  const flavor = parameter(node, 'kind')?.text ?? 'innerunique';
  if (!FLAVORS.includes(flavor)) refuse('UnsupportedJoinFlavor', `The join flavor '${flavor}' is not supported.`);
  const keys = joinKeys(node, left, right);
  const kept = new Frame();
  const rightKeySlots = keys.map((key) => ({ from: key.right.slot, to: kept.allocate() }));
  const { columns: rightColumns, copyTo: keep } = boundary(right.columns, kept);
  const { columns: appended, copyTo: append } = boundary(rightColumns, left.frame);
  const names = resultColumns(node);
  const columns = [...left.columns, ...appended].map((column, index) =>
    column.renamed(names[index]?.name ?? column.name),
  );
  const keyOf = keyReader(keys.map((key) => key.left.slot));
  const keptKeyOf = keyReader(rightKeySlots.map((slot) => slot.to));

  /** A side without a partner: nulls, or the empty string in text columns. */
  const fill = (side: readonly Column[], row: Row) => {
    for (const column of side) row[column.slot] = emptyOf(column.type);
  };

  return {
    frame: left.frame,
    columns,
    async run(push) {
      const isOuter = flavor === 'leftouter' || flavor === 'fullouter';
      const rows = new Map<Value, Row[]>();
      await right.run((row) => {
        const copy: Row = new Array<Value>(kept.width);
        for (const { from, to } of rightKeySlots) copy[to] = row[from] as Value;
        keep(row, copy);
        const key = keptKeyOf(copy);
        const group = rows.get(key);
        if (group) group.push(copy);
        else rows.set(key, [copy]);
        return true;
      });
      const seen = new Set<Value>();
      await left.run((row) => {
        const key = keyOf(row);
        if (flavor === 'innerunique' && seen.has(key)) return true;
        if (flavor !== 'inner' && flavor !== 'leftouter') seen.add(key);
        const matches = rows.get(key);
        if (!matches) {
          if (!isOuter) return true;
          fill(appended, row);
          return push(row);
        }
        for (const [index, match] of matches.entries()) {
          const target = index === matches.length - 1 ? row : row.slice();
          append(match, target);
          if (!push(target)) return false;
        }
        return true;
      });
      if (flavor !== 'fullouter') return;
      for (const [key, group] of rows) {
        if (seen.has(key)) continue;
        for (const match of group) {
          if (context.pace.due()) await context.pace.pause();
          const row: Row = new Array<Value>(left.frame.width);
          fill(left.columns, row);
          append(match, row);
          if (!push(row)) return;
        }
      }
    },
  };
}

interface JoinKey {
  left: Column;
  right: Column;
}

/** `on a, b` or `on $left.x == $right.y`; Kusto refuses dynamic keys. */
function joinKeys(node: SyntaxNode, left: Stream, right: Stream): JoinKey[] {
  return list(part(node, 'ConditionClause'), 'Expressions').map((item) => {
    const key = joinKey(unwrap(item), left, right);
    if (key.left.type === 'dynamic' || key.right.type === 'dynamic') {
      refuse('Default', `join key '${item.text}' is of type dynamic. Please use an explicit cast, such as tostring().`);
    }
    return key;
  });
}

function joinKey(item: SyntaxNode, left: Stream, right: Stream): JoinKey {
  if (item.kind === 'NameReference') {
    const name = nameOf(item);
    return { left: columnNamed(left.columns, name), right: columnNamed(right.columns, name) };
  }
  if (item.kind !== 'EqualExpression')
    return refuse('ParserFailure', `join condition '${item.text}' must be an equality of columns.`);
  const sides = [part(item, 'Left'), part(item, 'Right')].map(unwrap);
  const columnOn = (side: '$left' | '$right', stream: Stream) => {
    const path = sides.find((each) => each.kind === 'PathExpression' && part(each, 'Expression').text === side);
    if (!path) return refuse('ParserFailure', `join condition '${item.text}' must compare $left with $right.`);
    return columnNamed(stream.columns, nameOf(part(path, 'Selector')));
  };
  return { left: columnOn('$left', left), right: columnOn('$right', right) };
}

/** One key needs no text around it; several are joined by a separator no name contains. */
function keyReader(slots: readonly number[]): (row: Row) => Value {
  const [first] = slots;
  if (slots.length === 1 && first !== undefined) return (row) => row[first] as Value;
  return (row) => slots.map((slot) => toText(row[slot] ?? null, 'dynamic')).join('\u0001');
}
