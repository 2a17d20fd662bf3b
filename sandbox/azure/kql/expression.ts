import { refuse } from './errors.ts';
import { type Column, columnNamed, nameOf } from './frame.ts';
import { list, part, type ScalarType, type SyntaxNode } from './syntax.ts';
import { type Json, type Row, toText, type Value } from './values.ts';

export type Evaluate = (row: Row) => Value;

/** A scalar expression, ready to run. A `constant` needs no row: operators prepare patterns and sets from it. */
export interface Expression {
  readonly type: ScalarType;
  readonly evaluate: Evaluate;
  readonly constant?: { readonly value: Value };
}

/** What names in an expression may mean, and the instant that `now()` is for the whole query. */
export interface Scope {
  readonly columns: readonly Column[];
  readonly now: bigint;
  /** In `summarize`: calls that are already computed, read from the row of the group. */
  readonly aggregates?: ReadonlyMap<SyntaxNode, Expression>;
}

/** Turns one kind of syntax node into an expression. */
export type Compiler = (node: SyntaxNode, scope: Scope) => Expression;

/** An expression without a row. */
export function constant(type: ScalarType, value: Value): Expression {
  return { type, evaluate: () => value, constant: { value } };
}

/** The type the analysis gave to `node`, for our evaluation. */
export function typeOf(node: SyntaxNode): ScalarType {
  return (node.type ?? 'dynamic') as ScalarType;
}

/** Builds an expression of `inputs`, folded at once when all of them are constant. */
export function derived(type: ScalarType, inputs: readonly Expression[], evaluate: Evaluate): Expression {
  return inputs.every((input) => input.constant) ? constant(type, evaluate([])) : { type, evaluate };
}

/** An evaluator that yields `tostring` of the expression. */
export function asText(expression: Expression): (row: Row) => string {
  const { evaluate, type } = expression;
  if (type === 'string') return evaluate as (row: Row) => string;
  return (row) => toText(evaluate(row), type);
}

/** A reference to a column, by the name the analysis resolved. */
export function compileName(node: SyntaxNode, scope: Scope): Expression {
  const column = columnNamed(scope.columns, node.symbol ?? nameOf(node));
  const { slot, type } = column;
  return { type, evaluate: (row) => row[slot] as Value };
}

/** `a.b.c`: the steps of a path are walked in one closure, since nearly every column we compute starts with one. */
export function compilePath(node: SyntaxNode, scope: Scope, compile: Compiler): Expression {
  if (stepOf(node) === undefined) return compileElement(node, scope, compile);
  const keys: (string | number)[] = [];
  let base = node;
  for (let key = stepOf(base); key !== undefined; key = stepOf(base)) {
    keys.unshift(key);
    base = part(base, 'Expression');
  }
  const input = compile(base, scope);
  const { evaluate } = input;
  const walk = (row: Row) => {
    let value = evaluate(row);
    for (const key of keys) value = stepInto(value, key);
    return value;
  };
  return derived('dynamic', [input], walk);
}

/** The constant key of a path or element step; undefined for anything else. */
function stepOf(node: SyntaxNode): string | number | undefined {
  if (node.kind === 'PathExpression') return keyOf(part(node, 'Selector'));
  if (node.kind === 'ElementExpression') return keyOf(part(node, 'Selector'));
  return undefined;
}

function keyOf(selector: SyntaxNode): string | number | undefined {
  if (selector.kind === 'NameReference') return nameOf(selector);
  if (selector.kind !== 'BracketedExpression') return undefined;
  const inner = part(selector, 'Expression');
  if (inner.kind === 'StringLiteralExpression') return inner.literal ?? '';
  if (inner.kind === 'LongLiteralExpression') return Number(inner.text);
  return undefined;
}

/** `array[i]` or `bag[key]` where the key is computed. */
function compileElement(node: SyntaxNode, scope: Scope, compile: Compiler): Expression {
  const base = compile(part(node, 'Expression'), scope);
  const key = compile(part(part(node, 'Selector'), 'Expression'), scope);
  return derived('dynamic', [base, key], (row) => stepInto(base.evaluate(row), key.evaluate(row) as string | number));
}

/** One step into a dynamic: null where there is nothing; a negative index counts from the end. */
export function stepInto(value: Value, key: string | number): Value {
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) return typeof key === 'number' ? ((value.at(key) as Value | undefined) ?? null) : null;
  const bag = value as Record<string, Json>;
  if (typeof key !== 'string') return null;
  const found = bag[key];
  return found === undefined || !Object.hasOwn(bag, key) ? null : found;
}

/** `dynamic(...)`, whose content is JSON with Kusto's string quotes. */
export function compileDynamic(node: SyntaxNode): Expression {
  return constant('dynamic', jsonOf(part(node, 'Expression')));
}

function jsonOf(node: SyntaxNode): Json {
  switch (node.kind) {
    case 'JsonObjectExpression': {
      const pairs = list(node, 'Pairs').map((pair): [string, Json] => [
        textOf(part(pair, 'Name')),
        jsonOf(part(pair, 'Value')),
      ]);
      return Object.fromEntries(pairs);
    }
    case 'JsonArrayExpression':
      return list(node, 'Values').map(jsonOf);
    case 'StringLiteralExpression':
      return node.literal ?? '';
    case 'NullLiteralExpression':
      return null;
    case 'BooleanLiteralExpression':
      return node.text.toLowerCase() === 'true';
    case 'UnaryMinusExpression':
      return -Number(part(node, 'Expression').text);
    default: {
      const number = Number(node.text);
      return Number.isNaN(number) ? refuse('ParserFailure', `Cannot read ${node.text} in a dynamic literal.`) : number;
    }
  }
}

function textOf(token: SyntaxNode): string {
  return token.literal ?? token.text.replace(/^(['"])(.*)\1$/s, '$2');
}
