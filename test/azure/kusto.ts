import { languageService } from '../../sandbox/azure/kql/library.ts';

/**
 * Microsoft's own KQL language service over the tables of Resource Graph, for tests: what it finds wrong with a query,
 * which operators the query uses, and what its string literals mean.
 */
// biome-ignore lint/suspicious/noExplicitAny: the generated declarations name thousands of nullable types; a test needs five members
const { Kusto } = languageService() as any;

const { Symbols } = Kusto.Language;
const TEXT = ['id', 'name', 'type', 'tenantId', 'kind', 'location', 'resourceGroup', 'subscriptionId', 'managedBy'];
const DYNAMIC = ['sku', 'plan', 'properties', 'tags', 'identity', 'zones', 'extendedLocation'];

const tables = ['resources', 'computeresources', 'resourcecontainers'].map(
  (name) =>
    new Symbols.TableSymbol.$ctor4(name, [
      ...TEXT.map((column) => new Symbols.ColumnSymbol.ctor(column, Symbols.ScalarTypes.String)),
      ...DYNAMIC.map((column) => new Symbols.ColumnSymbol.ctor(column, Symbols.ScalarTypes.Dynamic)),
    ]),
);
const globals = Kusto.Language.GlobalState.Default.WithDatabase(
  new Symbols.DatabaseSymbol.ctor('resourcegraph', tables),
);

/** What the language service says of a query. */
export interface Analysis {
  /** Errors with what stands at their place. */
  readonly faults: readonly string[];
  /** Kinds of the tabular operators used, e.g. `WhereOperator`. */
  readonly operators: readonly string[];
  /** Names of the functions called. */
  readonly functions: readonly string[];
}

/** Parses and analyses a query. */
export function analyse(query: string): Analysis {
  const code = Kusto.Language.KustoCode.ParseAndAnalyze(query, globals);
  const faults = listOf(code.GetDiagnostics()).map(
    // biome-ignore lint/suspicious/noExplicitAny: see above
    (fault: any) => `${fault.Message} at "${query.slice(fault.Start, fault.Start + Math.max(20, fault.Length))}"`,
  );
  const operators = new Set<string>();
  const functions = new Set<string>();
  Kusto.Language.Syntax.SyntaxElement.WalkNodes(
    code.Syntax,
    // biome-ignore lint/suspicious/noExplicitAny: see above
    (node: any) => {
      const kind = enumName(node.Kind);
      if (kind.endsWith('Operator')) operators.add(kind);
      if (kind === 'FunctionCallExpression') functions.add(String(node.Name.SimpleName));
    },
  );
  return { faults, operators: [...operators].sort(), functions: [...functions].sort() };
}

/** The text that a literal stands for, as the language service reads it. */
export function literalValue(literal: string): unknown {
  let value: unknown;
  Kusto.Language.Syntax.SyntaxElement.WalkNodes(
    Kusto.Language.KustoCode.ParseAndAnalyze(`print x = ${literal}`, globals).Syntax,
    // biome-ignore lint/suspicious/noExplicitAny: see above
    (node: any) => {
      if (enumName(node.Kind) === 'StringLiteralExpression') value = node.LiteralValue;
    },
  );
  return value;
}

function enumName(kind: number): string {
  const kinds = Kusto.Language.Syntax.SyntaxKind as Record<string, unknown>;
  return Object.keys(kinds).find((name) => kinds[name] === kind) ?? String(kind);
}

// biome-ignore lint/suspicious/noExplicitAny: see above
function listOf(list: any): any[] {
  return Array.from({ length: list.Count ?? 0 }, (_, index) => list.getItem(index));
}
