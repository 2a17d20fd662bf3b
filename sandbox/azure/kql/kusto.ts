import { QueryError, type QueryErrorDetail } from './errors.ts';
import { languageService } from './library.ts';
import type { ColumnType, ScalarType, SyntaxNode } from './syntax.ts';

/*
 * Kusto.Language is C# compiled to JavaScript by Bridge.NET: two scripts that define globals. What we
 * touch of it is spelled out below, since its own declarations are global, enormous and all-nullable.
 */
type KustoList<T> = { readonly __element?: T };
interface KustoSymbol {
  Name: string;
  Type?: KustoSymbol;
  Columns?: KustoList<KustoSymbol>;
}
interface KustoElement {
  Kind: number;
  NameInParent: string | null;
  IsToken: boolean;
  IsMissing: boolean;
  TextStart: number;
  /** Where its text ends, without the space behind. */
  End: number;
  ValueText: string;
  ChildCount: number;
  ResultType?: KustoSymbol | null;
  ReferencedSymbol?: KustoSymbol | null;
  LiteralValue?: unknown;
  SimpleName?: string;
  GetChild(index: number): KustoElement | null;
}
interface KustoDiagnostic {
  Code: string;
  Severity: string;
  Message: string;
  Start: number;
  Length: number;
}
interface KustoCode {
  Syntax: KustoElement;
  GetDiagnostics(): KustoList<KustoDiagnostic>;
  GetSyntaxDiagnostics(): KustoList<KustoDiagnostic>;
}
interface KustoGlobals {
  WithDatabase(database: KustoSymbol): KustoGlobals;
}
interface KustoLibrary {
  KustoCode: { ParseAndAnalyze(text: string, globals: KustoGlobals): KustoCode };
  GlobalState: { Default: KustoGlobals };
  Syntax: { SyntaxKind: Record<string, unknown> };
  Symbols: {
    TableSymbol: { $ctor4: new (name: string, columns: KustoSymbol[]) => KustoSymbol };
    ColumnSymbol: { ctor: new (name: string, type: KustoSymbol) => KustoSymbol };
    ScalarTypes: Record<'String' | 'Dynamic', KustoSymbol>;
    DatabaseSymbol: { ctor: new (name: string, members: KustoSymbol[]) => KustoSymbol };
  };
}
interface BridgeRuntime {
  getEnumerator<T>(list: KustoList<T>): { moveNext(): boolean; Current: T };
}

let loaded: { kusto: KustoLibrary; bridge: BridgeRuntime; kindNames: Map<number, string> } | undefined;

function library() {
  if (loaded) return loaded;
  const { Kusto, Bridge } = languageService() as { Kusto: { Language: KustoLibrary }; Bridge: BridgeRuntime };
  const kusto = Kusto.Language;
  const kindNames = new Map<number, string>();
  for (const [name, value] of Object.entries(kusto.Syntax.SyntaxKind)) {
    if (typeof value === 'number') kindNames.set(value, name);
  }
  loaded = { kusto, bridge: Bridge, kindNames };
  return loaded;
}

function toArray<T>(list: KustoList<T> | null | undefined): T[] {
  const elements: T[] = [];
  if (!list) return elements;
  const enumerator = library().bridge.getEnumerator(list);
  while (enumerator.moveNext()) elements.push(enumerator.Current);
  return elements;
}

/** Every table of Resource Graph has these columns. Source: the recorded row, and Resource Graph Explorer's schema. */
// biome-ignore format: a table
export const TABLE_COLUMNS: readonly ColumnType[] = (
  [
    ['id', 'string'], ['name', 'string'], ['type', 'string'], ['tenantId', 'string'], ['kind', 'string'],
    ['location', 'string'], ['resourceGroup', 'string'], ['subscriptionId', 'string'], ['managedBy', 'string'],
    ['sku', 'dynamic'], ['plan', 'dynamic'], ['properties', 'dynamic'], ['tags', 'dynamic'],
    ['identity', 'dynamic'], ['zones', 'dynamic'], ['extendedLocation', 'dynamic'],
  ] satisfies [string, ScalarType][]
).map(([name, type]) => ({ name, type }));

const globalsByTables = new Map<string, KustoGlobals>();

/** What the analysis may resolve: the tables, in every spelling the query uses, as their names ignore case. */
function globalsFor(text: string, tables: readonly string[]): KustoGlobals {
  const spellings = new Set(tables);
  for (const [word] of text.matchAll(/\w+/g)) if (tables.includes(word.toLowerCase())) spellings.add(word);
  const key = [...spellings].sort().join();
  const known = globalsByTables.get(key);
  if (known) return known;
  const { kusto } = library();
  const { TableSymbol, ColumnSymbol, DatabaseSymbol, ScalarTypes } = kusto.Symbols;
  const typeOf = (column: ColumnType) => (column.type === 'dynamic' ? ScalarTypes.Dynamic : ScalarTypes.String);
  const columns = () => TABLE_COLUMNS.map((column) => new ColumnSymbol.ctor(column.name, typeOf(column)));
  const symbols = [...spellings].map((name) => new TableSymbol.$ctor4(name, columns()));
  const globals = kusto.GlobalState.Default.WithDatabase(new DatabaseSymbol.ctor('arg', symbols));
  globalsByTables.set(key, globals);
  return globals;
}

/** Resource Graph lets a query start with an operator and reads `resources` then. */
const STARTS_WITH_OPERATOR =
  /^\s*(?:where|project|project-away|extend|summarize|count|distinct|limit|take|top|order|sort|mv-expand|mvexpand|parse|join)\b/i;
const IMPLICIT_SOURCE = 'resources | ';

/**
 * Parses and analyses a query against `tables` (lower-case names).
 * @throws QueryError on a syntax error, an unknown table or column, or a type that does not fit
 */
export function parseQuery(text: string, tables: readonly string[]): SyntaxNode {
  const prefix = STARTS_WITH_OPERATOR.test(text) ? IMPLICIT_SOURCE : '';
  const code = library().kusto.KustoCode.ParseAndAnalyze(prefix + text, globalsFor(text, tables));
  const root = copy(code.Syntax, prefix + text);
  const syntaxErrors = errorsIn(code.GetSyntaxDiagnostics());
  const errors = syntaxErrors.length > 0 ? syntaxErrors.slice(0, 1) : errorsIn(code.GetDiagnostics());
  if (errors.length > 0)
    throw new QueryError(errors.map((each) => detailOf(text, prefix.length, each, syntaxErrors.length > 0)));
  return root;
}

const errorsIn = (diagnostics: KustoList<KustoDiagnostic>) =>
  toArray(diagnostics).filter((each) => each.Severity === 'Error');

function detailOf(text: string, offset: number, error: KustoDiagnostic, isSyntax: boolean): QueryErrorDetail {
  const start = Math.max(0, error.Start - offset);
  const before = text.slice(0, start).split('\n');
  const token = text.slice(start, start + error.Length) || /\S+/.exec(text.slice(start))?.[0] || '<EOF>';
  const position = { line: before.length, characterPositionInLine: before.at(-1)?.length ?? 0, token };
  if (isSyntax) return { code: 'ParserFailure', message: 'ParserFailure', ...position, expectedToken: 'Ǐ' };
  if (error.Code === 'KS204') {
    return {
      code: 'DisallowedLogicalTableName',
      message: `Table ${token} is invalid, unsupported or disallowed.`,
      ...position,
    };
  }
  return { code: 'Default', message: error.Message, ...position };
}

/** Its own `ToString` puts every text together from its tokens, which takes as long as the analysis: the query has them. */
function copy(element: KustoElement, query: string): SyntaxNode {
  const kind = library().kindNames.get(element.Kind) ?? `Kind${element.Kind}`;
  const node: SyntaxNode & { parts: Record<string, SyntaxNode>; items: SyntaxNode[] } = {
    kind,
    text: query.slice(element.TextStart, element.End),
    start: element.TextStart,
    parts: {},
    items: [],
  };
  if (element.IsToken) return node;
  const { ResultType: result, ReferencedSymbol: symbol, LiteralValue: literal } = element;
  if (result?.Columns)
    node.columns = toArray(result.Columns).map((c) => ({ name: c.Name, type: c.Type?.Name as ScalarType }));
  else if (result) node.type = result.Name;
  if (symbol) node.symbol = symbol.Name;
  if (typeof literal === 'string') node.literal = literal;
  else if (typeof element.SimpleName === 'string') node.literal = element.SimpleName;
  for (let index = 0; index < element.ChildCount; index++) {
    const child = element.GetChild(index);
    if (!child || child.IsMissing) continue;
    if (kind === 'List')
      node.items.push(copy(child.Kind === element.Kind ? child : (separated(child) ?? child), query));
    else node.parts[child.NameInParent ?? `part${index}`] = copy(child, query);
  }
  return node;
}

/** The element inside `element,`; lists keep their commas in such wrappers. */
function separated(element: KustoElement): KustoElement | null {
  return library().kindNames.get(element.Kind) === 'SeparatedElement' ? element.GetChild(0) : null;
}
