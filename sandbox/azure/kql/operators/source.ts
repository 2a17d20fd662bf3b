import type { QueryContext } from '../context.ts';
import { Column, Frame, type Stream } from '../frame.ts';
import { TABLE_COLUMNS } from '../kusto.ts';
import { list, part, type SyntaxNode, unwrap } from '../syntax.ts';
import type { Row, Value } from '../values.ts';

/** Reads a table; `types` is what the filters right behind it leave of the resource types. */
export function readTable(table: string, types: ReadonlySet<string> | undefined, context: QueryContext): Stream {
  const frame = new Frame();
  const loads: { name: string; slot: number }[] = [];
  const columns = TABLE_COLUMNS.map(
    ({ name, type }) =>
      new Column(name, type, () => {
        const slot = frame.allocate();
        loads.push({ name, slot });
        return slot;
      }),
  );
  return {
    frame,
    columns,
    async run(push) {
      for (const extent of context.tables.extents(table.toLowerCase(), types)) {
        const cells = loads.map(({ name, slot }) => ({ slot, read: extent.reader(name) }));
        for (let index = extent.from; index < extent.to; index++) {
          if (context.pace.due()) await context.pace.pause();
          if (extent.isHidden?.(index)) continue;
          const row: Row = new Array<Value>(frame.width);
          for (const cell of cells) row[cell.slot] = cell.read(index);
          if (!push(row)) return;
        }
      }
    },
  };
}

/**
 * The resource types that a condition on a bare table lets through: `type =~ '...'` or `type in~ (...)`,
 * also as one side of an `and`. Undefined when the condition does not say. The condition still runs.
 */
export function typesIn(condition: SyntaxNode): ReadonlySet<string> | undefined {
  const node = unwrap(condition);
  switch (node.kind) {
    case 'AndExpression': {
      const [left, right] = [typesIn(part(node, 'Left')), typesIn(part(node, 'Right'))];
      return left && right ? new Set([...left].filter((type) => right.has(type))) : (left ?? right);
    }
    case 'EqualExpression':
    case 'EqualTildeExpression':
      return isTypeColumn(part(node, 'Left')) ? literals([part(node, 'Right')]) : undefined;
    case 'InExpression':
    case 'InCsExpression':
      return isTypeColumn(part(node, 'Left')) ? literals(list(part(node, 'Right'), 'Expressions')) : undefined;
    default:
      return undefined;
  }
}

function isTypeColumn(node: SyntaxNode): boolean {
  const inner = unwrap(node);
  if (inner.kind === 'FunctionCallExpression' && part(inner, 'Name').text === 'tolower') {
    const [argument] = list(part(inner, 'ArgumentList'), 'Expressions');
    return argument !== undefined && isTypeColumn(argument);
  }
  return inner.kind === 'NameReference' && inner.symbol === 'type';
}

function literals(nodes: readonly SyntaxNode[]): ReadonlySet<string> | undefined {
  if (!nodes.every((node) => node.kind === 'StringLiteralExpression')) return undefined;
  return new Set(nodes.map((node) => (node.literal ?? '').toLowerCase()));
}
