import { toRegExp } from '../comparison.ts';
import type { QueryContext } from '../context.ts';
import { refuse } from '../errors.ts';
import { asText } from '../expression.ts';
import { type Column, columnNamed, computed, nameOf, resultColumns, type Stream } from '../frame.ts';
import { compileScalar } from '../scalar.ts';
import { list, parameter, part, type ScalarType, type SyntaxNode } from '../syntax.ts';
import { convert, emptyOf, type Row, type Value } from '../values.ts';

/** `parse text with * 'literal' name ...`: simple literals, or `kind=regex`. No match leaves the columns empty. */
export function parse(input: Stream, node: SyntaxNode, context: QueryContext): Stream {
  const kind = parameter(node, 'kind')?.text ?? 'simple';
  if (kind !== 'simple' && kind !== 'regex') refuse('InvalidQueryLanguage', `parse kind=${kind} is not supported.`);
  const text = asText(compileScalar(part(node, 'Expression'), { columns: input.columns, now: context.now }));
  const patterns = list(node, 'Patterns');
  const regex = toRegExp(regexSource(patterns, kind), 's');
  const captured = patterns.flatMap((pattern): Column[] => {
    const name = columnName(pattern);
    return name === undefined ? [] : [computed(input.frame, name, columnType(node, name))];
  });
  const byName = new Map([...input.columns, ...captured].map((column) => [column.name, column]));
  const columns = resultColumns(node).map(({ name }) => byName.get(name) ?? columnNamed(input.columns, name));
  return {
    frame: input.frame,
    columns,
    run: (push) =>
      input.run((row) => {
        const values = readCaptures(regex.exec(text(row)), captured);
        for (const [index, column] of captured.entries()) row[column.slot] = values[index] as Row[number];
        return push(row);
      }),
  };
}

/** All or nothing: a capture that its type refuses empties the whole row of captures. */
function readCaptures(match: RegExpExecArray | null, columns: readonly Column[]): Value[] {
  const values = columns.map((column, index) => convert(match?.[index + 1] ?? '', 'string', column.type));
  const failed = match === null || columns.some((column, index) => column.type !== 'string' && values[index] === null);
  return failed ? columns.map((column) => emptyOf(column.type)) : values;
}

function columnName(pattern: SyntaxNode): string | undefined {
  if (pattern.kind === 'NameDeclaration') return nameOf(pattern);
  if (pattern.kind === 'NameAndTypeDeclaration') return nameOf(part(pattern, 'Name'));
  return undefined;
}

function columnType(node: SyntaxNode, name: string): ScalarType {
  return resultColumns(node).find((column) => column.name === name)?.type ?? 'string';
}

function regexSource(patterns: readonly SyntaxNode[], kind: string): string {
  const pieces = patterns.map((pattern, index) => {
    const isLast = index === patterns.length - 1;
    if (pattern.kind === 'StarExpression') return isLast ? '.*' : '.*?';
    if (columnName(pattern) !== undefined) return isLast ? '(.*)' : '(.*?)';
    const literal = pattern.literal ?? '';
    return kind === 'regex' ? literal : literal.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  });
  return `^${pieces.join('')}${kind === 'regex' ? '' : '$'}`;
}
