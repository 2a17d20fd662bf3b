import { escapeRegExp, globPattern } from '../core/glob.ts';
import { folded } from '../core/team.ts';

/**
 * The words our queries are made of. Resource Graph has no query parameters, so every value that is not written here by
 * hand goes through `quote`; nothing else may put text into a query.
 */

/** A KQL string literal. Backslash, quote and line breaks are escaped, other control characters are dropped. */
export function quote(text: string): string {
  const escaped = text
    .replace(/\\/g, '\\\\')
    .replace(/'/g, "\\'")
    .replace(/\r/g, '\\r')
    .replace(/\n/g, '\\n')
    .replace(/\t/g, '\\t')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is dropped
    .replace(/[\u0000-\u001f\u007f\u2028\u2029]/g, '');
  return `'${escaped}'`;
}

/** `('a', 'b')`, for `in` and `in~`. An empty list would be a syntax error, so it is refused. */
export function tuple(values: readonly string[]): string {
  if (values.length === 0) throw new RangeError('An empty list cannot be written in KQL');
  return `(${values.map(quote).join(', ')})`;
}

/** Conditions joined by `or`; none at all is `false`: it selects nothing rather than everything. */
export function anyOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'false' : conditions.map((condition) => `(${condition})`).join(' or ');
}

/** A condition that `column` matches a glob without regard to case; plain forms become plain operators. */
export function matchesGlobCondition(column: string, glob: string): string {
  const text = glob.trim();
  if (!text.startsWith('...') && !text.includes('*')) return `${column} =~ ${quote(text)}`;
  if (/^[^*]+\*$/.test(text) && !text.startsWith('...')) return `${column} startswith ${quote(text.slice(0, -1))}`;
  return `tolower(${column}) matches regex ${quote(globPattern(glob))}`;
}

/**
 * The value of a tag in a column of lower-case JSON text (`tolower(tostring(tags))`), or '' where it is not set or blank.
 *
 * `tags['Team']` is case sensitive in KQL while tag names are not, and people type spaces around both; the JSON text lets
 * one expression ignore case and space. Quotes within names and values are escaped in JSON, so that a value can never
 * pass for another tag: a name starts after an unescaped quote that follows `{` or `,`.
 */
export function tagValue(jsonColumn: string, name: string): string {
  const key = escapeRegExp(jsonText(name));
  const pattern = `[{,]\\s*"\\s*${key}\\s*"\\s*:\\s*"\\s*((?:[^"\\\\]|\\\\.)*?)\\s*"`;
  return `extract(${quote(pattern)}, 1, ${jsonColumn})`;
}

/** A tag's value as `tagValue` returns it: folded, and escaped as in JSON. */
export function jsonText(text: string): string {
  return JSON.stringify(folded(text)).slice(1, -1);
}
