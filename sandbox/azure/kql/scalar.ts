import { compileBetween, compileComparison, compileIn, isComparison } from './comparison.ts';
import { refuse } from './errors.ts';
import {
  compileDynamic,
  compileName,
  compilePath,
  constant,
  derived,
  type Expression,
  type Scope,
  typeOf,
} from './expression.ts';
import { callFunction } from './functions/index.ts';
import { list, part, type ScalarType, type SyntaxNode } from './syntax.ts';
import { parseDatetime, parseTimespan, type Row, toDatetime, toNumber, type Value } from './values.ts';

/** Compiles a scalar expression against the columns in scope. @throws QueryError for what we do not execute */
export function compileScalar(node: SyntaxNode, scope: Scope): Expression {
  switch (node.kind) {
    case 'NameReference':
      return compileName(node, scope);
    case 'ParenthesizedExpression':
    case 'SimpleNamedExpression':
      return compileScalar(part(node, 'Expression'), scope);
    case 'PathExpression':
    case 'ElementExpression':
      return compilePath(node, scope, compileScalar);
    case 'FunctionCallExpression':
      return compileCall(node, scope);
    case 'AndExpression':
    case 'OrExpression':
      return compileLogic(node, scope);
    case 'AddExpression':
    case 'SubtractExpression':
    case 'MultiplyExpression':
    case 'DivideExpression':
    case 'ModuloExpression':
      return compileArithmetic(node, scope);
    case 'UnaryMinusExpression':
    case 'UnaryPlusExpression':
      return compileSign(node, scope);
    case 'InExpression':
    case 'InCsExpression':
    case 'NotInExpression':
    case 'NotInCsExpression':
    case 'HasAnyExpression':
    case 'HasAllExpression':
      return compileIn(node, scope, compileScalar);
    case 'BetweenExpression':
    case 'NotBetweenExpression':
      return compileBetween(node, scope, compileScalar);
    case 'DynamicExpression':
      return compileDynamic(node);
    default:
      if (isComparison(node)) return compileComparison(node, scope, compileScalar);
      return compileLiteral(node);
  }
}

function compileLiteral(node: SyntaxNode): Expression {
  const inner =
    /^\w+\s*\((.*)\)$/s
      .exec(node.text)?.[1]
      ?.trim()
      .replace(/^(['"])(.*)\1$/s, '$2') ?? node.text;
  const value = inner.toLowerCase() === 'null' ? null : literalValue(node, inner);
  return constant(typeOf(node), value);
}

function literalValue(node: SyntaxNode, inner: string): Value {
  switch (node.kind) {
    case 'StringLiteralExpression':
    case 'CompoundStringLiteralExpression':
      return node.literal ?? '';
    case 'GuidLiteralExpression':
      return inner.toLowerCase();
    case 'BooleanLiteralExpression':
      return inner.toLowerCase() === 'true' || inner === '1';
    case 'IntLiteralExpression':
    case 'LongLiteralExpression':
    case 'RealLiteralExpression':
    case 'DecimalLiteralExpression':
      return Number(inner);
    case 'DateTimeLiteralExpression':
      return parseDatetime(inner);
    case 'TimespanLiteralExpression':
      return parseTimespan(inner);
    default:
      return refuse('ParserFailure', `'${node.text}' (${node.kind}) is not supported.`);
  }
}

function compileCall(node: SyntaxNode, scope: Scope): Expression {
  const aggregate = scope.aggregates?.get(node);
  if (aggregate) return aggregate;
  const name = part(node, 'Name').text;
  const inputs = list(part(node, 'ArgumentList'), 'Expressions').map((each) => compileScalar(each, scope));
  return callFunction(name, typeOf(node), inputs, scope);
}

/** Three-valued: null stands for unknown, and `where` keeps true alone. */
function compileLogic(node: SyntaxNode, scope: Scope): Expression {
  const left = compileScalar(part(node, 'Left'), scope);
  const right = compileScalar(part(node, 'Right'), scope);
  const [l, r] = [left.evaluate, right.evaluate];
  const decides = node.kind === 'OrExpression';
  const evaluate = (row: Row): Value => {
    const first = l(row);
    if (first === decides) return decides;
    const second = r(row);
    if (second === decides) return decides;
    return first === null || second === null ? null : !decides;
  };
  return derived('bool', [left, right], evaluate);
}

function compileArithmetic(node: SyntaxNode, scope: Scope): Expression {
  const left = compileScalar(part(node, 'Left'), scope);
  const right = compileScalar(part(node, 'Right'), scope);
  const type = typeOf(node);
  const operate =
    type === 'datetime' || type === 'timespan'
      ? ticksOperator(node.kind, left, right)
      : numberOperator(node.kind, type, left, right);
  return derived(type, [left, right], operate);
}

function numberOperator(kind: string, type: ScalarType, left: Expression, right: Expression): (row: Row) => Value {
  const whole = type === 'long' || type === 'int';
  const operate = (a: number, b: number): number => {
    switch (kind) {
      case 'AddExpression':
        return a + b;
      case 'SubtractExpression':
        return a - b;
      case 'MultiplyExpression':
        return a * b;
      case 'DivideExpression':
        return whole ? Math.trunc(a / b) : a / b;
      default:
        return a % b;
    }
  };
  return (row) => {
    const a = toNumber(left.evaluate(row));
    const b = toNumber(right.evaluate(row));
    if (a === null || b === null) return null;
    const result = operate(a, b);
    return Number.isFinite(result) ? result : null;
  };
}

/** Dates and spans are ticks; a number scales a span. */
function ticksOperator(kind: string, left: Expression, right: Expression): (row: Row) => Value {
  const ticks = (value: Value) => (typeof value === 'string' ? toDatetime(value) : value);
  return (row) => {
    const a = ticks(left.evaluate(row));
    const b = ticks(right.evaluate(row));
    if (a === null || b === null) return null;
    if (kind === 'AddExpression') return (a as bigint) + (b as bigint);
    if (kind === 'SubtractExpression') return (a as bigint) - (b as bigint);
    if (kind === 'ModuloExpression') return b === 0n ? null : (a as bigint) % (b as bigint);
    if (kind === 'MultiplyExpression') return BigInt(Math.round(Number(a) * Number(b)));
    return Number(b) === 0 ? null : BigInt(Math.round(Number(a) / Number(b)));
  };
}

function compileSign(node: SyntaxNode, scope: Scope): Expression {
  const input = compileScalar(part(node, 'Expression'), scope);
  if (node.kind === 'UnaryPlusExpression') return input;
  return derived(typeOf(node), [input], (row) => {
    const value = input.evaluate(row);
    return typeof value === 'number' || typeof value === 'bigint' ? -value : null;
  });
}

/** A condition for `where`, `countif` and the like: null counts as false. */
export function compileCondition(node: SyntaxNode, scope: Scope): (row: Row) => boolean {
  const { evaluate } = compileScalar(node, scope);
  return (row) => evaluate(row) === true;
}

/** A number that must be known before any row is read, as in `take 5`. */
export function constantNumber(node: SyntaxNode, scope: Scope): number {
  const { constant: known } = compileScalar(node, scope);
  if (typeof known?.value !== 'number') return refuse('ParserFailure', `'${node.text}' must be a constant number.`);
  return known.value;
}
