import { refuse } from './errors.ts';
import { asText, type Compiler, derived, type Evaluate, type Expression, type Scope } from './expression.ts';
import { list, part, type SyntaxNode } from './syntax.ts';
import { compareValues, parseDatetime, type Row, toText, type Value } from './values.ts';

/** Tests text against a pattern that is known before the first row whenever it is constant. */
type TextTest = (pattern: string) => (text: string) => boolean;

const ignoringCase =
  (test: TextTest): TextTest =>
  (pattern) => {
    const lower = test(pattern.toLowerCase());
    return (text) => lower(text.toLowerCase());
  };

const isWordCharacter = (text: string, index: number) =>
  index >= 0 && index < text.length && /[\p{L}\p{N}]/u.test(text.charAt(index));

/** `has` looks for a whole term: what stands before and after it is neither letter nor digit. */
const hasTerm =
  (openLeft: boolean, openRight: boolean): TextTest =>
  (term) =>
  (text) => {
    for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
      if ((openLeft || !isWordCharacter(text, at - 1)) && (openRight || !isWordCharacter(text, at + term.length)))
        return true;
    }
    return false;
  };

const equalsIgnoringCase: TextTest = (pattern) => {
  const lower = pattern.toLowerCase();
  return (text) => text.length === pattern.length && (text === pattern || text.toLowerCase() === lower);
};
const contains: TextTest = (pattern) => (text) => text.includes(pattern);
const startsWith: TextTest = (pattern) => (text) => text.startsWith(pattern);
const endsWith: TextTest = (pattern) => (text) => text.endsWith(pattern);

const TEXT_TESTS: Record<string, TextTest> = {
  EqualTilde: equalsIgnoringCase,
  Has: ignoringCase(hasTerm(false, false)),
  HasCs: hasTerm(false, false),
  HasPrefix: ignoringCase(hasTerm(false, true)),
  HasPrefixCs: hasTerm(false, true),
  HasSuffix: ignoringCase(hasTerm(true, false)),
  HasSuffixCs: hasTerm(true, false),
  Contains: ignoringCase(contains),
  ContainsCs: contains,
  StartsWith: ignoringCase(startsWith),
  StartsWithCs: startsWith,
  EndsWith: ignoringCase(endsWith),
  EndsWithCs: endsWith,
  MatchesRegex: (pattern) => {
    const regex = toRegExp(pattern);
    return (text) => regex.test(text);
  },
};

/** RE2 as JavaScript: a leading `(?i)` becomes a flag. @throws QueryError when it is no regular expression */
export function toRegExp(pattern: string, flags = ''): RegExp {
  const inline = /^\(\?([ims]+)\)/.exec(pattern);
  const source = pattern.slice(inline?.[0].length ?? 0);
  const allFlags = [...new Set(flags + (inline?.[1] ?? ''))].join('');
  try {
    return new RegExp(source, `${allFlags}u`);
  } catch {
    return withoutUnicode(source, allFlags);
  }
}

/** RE2 allows escapes such as `\-` that JavaScript refuses in Unicode mode. */
function withoutUnicode(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch {
    return refuse('InvalidRegex', `'${source}' is not a regular expression.`);
  }
}

const ORDERINGS: Record<string, (order: number) => boolean> = {
  LessThan: (order) => order < 0,
  LessThanOrEqual: (order) => order <= 0,
  GreaterThan: (order) => order > 0,
  GreaterThanOrEqual: (order) => order >= 0,
};

const operatorOf = (node: SyntaxNode) => node.kind.replace(/Expression$/, '');

/** The test behind an operator and whether it is turned around: `NotHas` and `BangTilde` negate. */
function textOperator(operator: string): { test: TextTest; negated: boolean } | undefined {
  if (operator === 'BangTilde') return { test: equalsIgnoringCase, negated: true };
  const negated = operator.startsWith('Not') && operator !== 'NotEqual';
  const test = TEXT_TESTS[negated ? operator.slice('Not'.length) : operator];
  return test && { test, negated };
}

/** Whether `node` compares two scalars. */
export function isComparison(node: SyntaxNode): boolean {
  const operator = operatorOf(node);
  return (
    operator === 'Equal' || operator === 'NotEqual' || operator in ORDERINGS || textOperator(operator) !== undefined
  );
}

/** `==`, `<`, `=~`, `has` and their kin. */
export function compileComparison(node: SyntaxNode, scope: Scope, compile: Compiler): Expression {
  const left = compile(part(node, 'Left'), scope);
  const right = compile(part(node, 'Right'), scope);
  const operator = operatorOf(node);
  const text = textOperator(operator);
  const evaluate = text ? textComparison(text.test, text.negated, left, right) : valueComparison(operator, left, right);
  return derived('bool', [left, right], evaluate);
}

function textComparison(test: TextTest, negated: boolean, left: Expression, right: Expression): Evaluate {
  const text = asText(left);
  if (right.constant) {
    const passes = test(toText(right.constant.value, right.type));
    return negated ? (row) => !passes(text(row)) : (row) => passes(text(row));
  }
  const pattern = asText(right);
  return (row) => test(pattern(row))(text(row)) !== negated;
}

function valueComparison(operator: string, left: Expression, right: Expression): Evaluate {
  const align = aligner(left, right);
  const [l, r] = [left.evaluate, right.evaluate];
  if (operator === 'Equal' || operator === 'NotEqual') {
    const wanted = operator === 'Equal';
    if (left.type === 'string' && right.type === 'string')
      return wanted ? (row) => l(row) === r(row) : (row) => l(row) !== r(row);
    // Two nulls: unknown. One null: not equal. Source: Kusto's page on null values.
    return (row) => {
      const [a, b] = align(l(row), r(row));
      if (a === null && b === null) return null;
      return (a !== null && b !== null && sameValue(a, b)) === wanted;
    };
  }
  const holds = ORDERINGS[operator] as (order: number) => boolean;
  return (row) => {
    const [a, b] = align(l(row), r(row));
    if (a === null || b === null || typeof a !== typeof b) return null;
    return holds(compareValues(a, b));
  };
}

/** A dynamic that holds text compares with a date or span as one. */
function aligner(left: Expression, right: Expression): (a: Value, b: Value) => [Value, Value] {
  const aligned = (value: Value, other: Value): Value =>
    typeof other === 'bigint' && typeof value === 'string' ? parseDatetime(value) : value;
  if (left.type === right.type) return (a, b) => [a, b];
  return (a, b) => [aligned(a, b), aligned(b, a)];
}

function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  return typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b);
}

/** Equality between types does not cast: the dynamic number 1 is not the text "1". */
const setKey = (value: Value, foldCase: boolean): Value =>
  typeof value === 'string'
    ? foldCase
      ? value.toLowerCase()
      : value
    : typeof value === 'object'
      ? JSON.stringify(value)
      : value;

/** `in`, `in~`, `!in`, `!in~` (a dynamic array among the values counts as its elements), `has_any`, `has_all`. */
export function compileIn(node: SyntaxNode, scope: Scope, compile: Compiler): Expression {
  const operator = operatorOf(node);
  const left = compile(part(node, 'Left'), scope);
  const values = list(part(node, 'Right'), 'Expressions').map((each) => compile(each, scope));
  const text = asText(left);
  if (operator === 'HasAny' || operator === 'HasAll') {
    const has = ignoringCase(hasTerm(false, false));
    const quantifier = operator === 'HasAny' ? 'some' : 'every';
    return derived('bool', [left, ...values], (row) =>
      elements(values, row)[quantifier]((term) => has(toText(term, 'dynamic'))(text(row))),
    );
  }
  const negated = operator.startsWith('Not');
  // Kusto.Language calls `in~` InCs and `in` In; the token is what people read.
  const foldCase = part(node, 'Operator').text.endsWith('~');
  const isText = values.every((each) => each.type === 'string');
  const subject: Evaluate = isText && foldCase ? text : left.evaluate;
  const keyOf = (value: Value) => setKey(value, foldCase);
  if (values.every((each) => each.constant)) {
    const members = new Set(elements(values, []).map(keyOf));
    return derived('bool', [left], (row) => members.has(keyOf(subject(row))) !== negated);
  }
  return derived('bool', [left, ...values], (row) => {
    const key = keyOf(subject(row));
    return elements(values, row).some((value) => keyOf(value) === key) !== negated;
  });
}

function elements(values: readonly Expression[], row: Row): Value[] {
  return values.flatMap((each) => {
    const value = each.evaluate(row);
    return Array.isArray(value) ? (value as Value[]) : [value];
  });
}

/** `between (a .. b)`, both ends included. */
export function compileBetween(node: SyntaxNode, scope: Scope, compile: Compiler): Expression {
  const subject = compile(part(node, 'Left'), scope);
  const range = part(node, 'Right');
  const low = compile(part(range, 'First'), scope);
  const high = compile(part(range, 'Second'), scope);
  const isSpan = subject.type === 'datetime' && high.type === 'timespan';
  const negated = node.kind === 'NotBetweenExpression';
  const evaluate = (row: Row): Value => {
    const [value, from, to] = [subject.evaluate(row), low.evaluate(row), high.evaluate(row)];
    if (value === null || from === null || to === null) return null;
    const end = isSpan ? (from as bigint) + (to as bigint) : to;
    return (compareValues(value, from) >= 0 && compareValues(value, end) <= 0) !== negated;
  };
  return derived('bool', [subject, low, high], evaluate);
}
