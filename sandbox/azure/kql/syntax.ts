/** The Kusto scalar types that reach our evaluator; `unknown` and the like never pass analysis. */
export type ScalarType =
  | 'string'
  | 'long'
  | 'int'
  | 'real'
  | 'decimal'
  | 'bool'
  | 'datetime'
  | 'timespan'
  | 'guid'
  | 'dynamic';

/** A column as the analysis of Kusto.Language describes it. */
export interface ColumnType {
  name: string;
  type: ScalarType;
}

/**
 * A node of Kusto.Language's tree, copied into a plain object: kinds by name, lists as `items`,
 * missing optional parts left out, and what the analysis found out (`type`, `columns`, `symbol`).
 */
export interface SyntaxNode {
  /** A name of Kusto's `SyntaxKind`, such as `FilterOperator`. */
  kind: string;
  text: string;
  start: number;
  /** The result type of a scalar expression. */
  type?: string;
  /** The result columns of a tabular expression or operator. */
  columns?: readonly ColumnType[];
  /** The column, table or function that this node refers to. */
  symbol?: string;
  /** The unescaped value of a string literal or the plain text of a name. */
  literal?: string;
  parts: Readonly<Record<string, SyntaxNode>>;
  items: readonly SyntaxNode[];
}

/** The part of `node` called `name`. @throws when the grammar did not put one there */
export function part(node: SyntaxNode, name: string): SyntaxNode {
  const found = node.parts[name];
  if (!found) throw new Error(`${node.kind} has no ${name}: ${node.text}`);
  return found;
}

/** The elements of a list part, empty when the list is absent. */
export function list(node: SyntaxNode, name: string): readonly SyntaxNode[] {
  return node.parts[name]?.items ?? [];
}

/** The value of an operator parameter such as `kind=leftouter`, if it was given. */
export function parameter(node: SyntaxNode, name: string): SyntaxNode | undefined {
  const given = list(node, 'Parameters').find((each) => part(each, 'Name').text.toLowerCase() === name);
  return given && part(given, 'Expression');
}

/** Strips the parentheses around an expression. */
export function unwrap(node: SyntaxNode): SyntaxNode {
  return node.kind === 'ParenthesizedExpression' ? unwrap(part(node, 'Expression')) : node;
}
