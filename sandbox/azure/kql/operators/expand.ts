import type { QueryContext } from '../context.ts';
import { refuse } from '../errors.ts';
import { columnNamed, computed, givenName, nameOf, resultColumns, type Stream } from '../frame.ts';
import { compileScalar, constantNumber } from '../scalar.ts';
import { list, parameter, part, type ScalarType, type SyntaxNode, unwrap } from '../syntax.ts';
import { convert, type Json, type Row, type Value } from '../values.ts';

const DEFAULT_ROW_LIMIT = 128; // source: query language page
const MOST_ROWS = 400;

interface Expansion {
  slot: number;
  type: ScalarType;
  elements: (row: Row) => readonly Json[];
}

/** `mv-expand`: a row per element; null and the empty array keep one row with null. */
export function mvExpand(input: Stream, node: SyntaxNode, context: QueryContext): Stream {
  const scope = { columns: input.columns, now: context.now };
  const results = resultColumns(node);
  const replaced = new Map(input.columns.map((column) => [column.name, column]));
  const indexName = parameter(node, 'with_itemindex')?.text;
  const expansions = list(node, 'Expressions').map((item): Expansion => {
    const target = item.kind === 'MvExpandExpression' ? part(item, 'Expression') : item;
    const inner = unwrap(givenName(target) === undefined ? target : part(target, 'Expression'));
    const name =
      givenName(target) ?? (inner.kind === 'NameReference' ? nameOf(inner) : undefined) ?? unnamed(results, replaced);
    const type = results.find((column) => column.name === name)?.type ?? 'dynamic';
    const column = computed(input.frame, name, type);
    const { evaluate } = compileScalar(inner, scope);
    replaced.set(name, column);
    return { slot: column.slot, type, elements: (row) => elementsOf(evaluate(row)) };
  });
  const indexColumn = indexName === undefined ? undefined : computed(input.frame, indexName, 'long');
  if (indexColumn) replaced.set(indexColumn.name, indexColumn);
  const limit = rowLimit(node, context);
  const columns = results.map(({ name }) => replaced.get(name) ?? columnNamed(input.columns, name));
  return {
    frame: input.frame,
    columns,
    run: (push) =>
      input.run((row) => {
        const lists = expansions.map((expansion) => expansion.elements(row));
        const rows = Math.min(limit, Math.max(1, ...lists.map((items) => items.length)));
        for (let index = 0; index < rows; index++) {
          const expanded = index === rows - 1 ? row : row.slice();
          for (const [position, { slot, type }] of expansions.entries()) {
            expanded[slot] = convert(lists[position]?.[index] ?? null, 'dynamic', type);
          }
          if (indexColumn) expanded[indexColumn.slot] = index;
          if (!push(expanded)) return false;
        }
        return true;
      }),
  };
}

/** The one result that neither the input nor an earlier expansion accounts for. */
function unnamed(results: readonly { name: string }[], known: ReadonlyMap<string, unknown>): string {
  return results.find((column) => !known.has(column.name))?.name ?? 'Column1';
}

function elementsOf(value: Value): readonly Json[] {
  if (Array.isArray(value)) return value as Json[];
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).map(([key, each]) => ({ [key]: each as Json }));
  return value === null ? [] : [value as Json];
}

function rowLimit(node: SyntaxNode, context: QueryContext): number {
  const clause = node.parts.RowLimitClause;
  const limit = clause
    ? constantNumber(part(clause, 'RowLimit'), { columns: [], now: context.now })
    : DEFAULT_ROW_LIMIT;
  return limit > MOST_ROWS
    ? refuse('InvalidMvExpandRowLimit', `The row limit of mv-expand is at most ${MOST_ROWS}.`)
    : limit;
}
