import { DEFAULT_LIMITS, type QueryContext, type QueryLimits, type Tables } from './context.ts';
import { refuse } from './errors.ts';
import { columnNamed, type Stream } from './frame.ts';
import { parseQuery } from './kusto.ts';
import { mvExpand } from './operators/expand.ts';
import { join } from './operators/join.ts';
import { order, top } from './operators/order.ts';
import { parse } from './operators/parse.ts';
import { count, extend, filter, limit, project, projectAway } from './operators/shape.ts';
import { readTable, typesIn } from './operators/source.ts';
import { distinct, summarize } from './operators/summarize.ts';
import { type Leg, union } from './operators/union.ts';
import { Pace } from './pace.ts';
import { type ColumnType, list, part, type SyntaxNode, unwrap } from './syntax.ts';
import { type Row, TICKS_PER_MS, type Value } from './values.ts';

/** A query that parsed and keeps to the limits, and what paging needs to know about it. */
export interface ParsedQuery {
  readonly root: SyntaxNode;
  /** `limit`, `take`, `sample` or `summarize` at work: the service hands out no token then. */
  readonly isPageable: boolean;
  readonly columns: readonly ColumnType[];
}

const KEPT_QUERIES = 200;
const parsedQueries = new Map<string, ParsedQuery>();

/**
 * Parses, analyses and checks a query; the same text is parsed once.
 * @throws QueryError when Resource Graph would refuse it
 */
export function prepareQuery(
  text: string,
  tables: readonly string[],
  limits: QueryLimits = DEFAULT_LIMITS,
): ParsedQuery {
  const key = JSON.stringify([text, tables, limits]);
  const known = parsedQueries.get(key);
  if (known) return known;
  const block = parseQuery(text, tables);
  const [statement, ...others] = list(block, 'Statements');
  if (!statement) refuse('ParserFailure', 'The query is empty.');
  if (others.length > 0 || statement.kind !== 'ExpressionStatement') {
    refuse(
      'DisallowedLogicalOperator',
      `'${statement.kind.replace('Statement', '').toLowerCase()}' statements are not supported.`,
    );
  }
  const root = part(statement, 'Expression');
  checkLimits(root, limits);
  const prepared = { root, isPageable: !operatorsAtTop(root).some(stopsPaging), columns: unwrap(root).columns ?? [] };
  if (parsedQueries.size >= KEPT_QUERIES) parsedQueries.clear();
  parsedQueries.set(key, prepared);
  return prepared;
}

/** The result of a query: rows hold the columns in order. */
export interface QueryResult {
  readonly columns: readonly ColumnType[];
  readonly rows: Row[];
  /** All rows of the result, also those outside the window. */
  readonly totalRecords: number;
}

/** How to run a query: `now` is a time in milliseconds, `window` the rows of the result to keep. */
export interface RunOptions {
  tables: Tables;
  now: number;
  signal?: AbortSignal;
  window?: { skip: number; take: number };
}

/** Executes a prepared query, giving way to other work every few milliseconds. */
export async function runQuery(query: ParsedQuery, options: RunOptions): Promise<QueryResult> {
  const context: QueryContext = {
    tables: options.tables,
    now: BigInt(options.now) * TICKS_PER_MS,
    pace: new Pace(options.signal),
  };
  const stream = compileTabular(query.root, context);
  const columns = query.columns.map(({ name }) => columnNamed(stream.columns, name));
  const slots = columns.map((column) => column.slot);
  const { skip, take } = options.window ?? { skip: 0, take: Number.POSITIVE_INFINITY };
  const rows: Row[] = [];
  let total = 0;
  await stream.run((row) => {
    if (total >= skip && rows.length < take) rows.push(slots.map((slot) => (row[slot] ?? null) as Value));
    total++;
    return true;
  });
  return { columns: columns.map(({ name, type }) => ({ name, type })), rows, totalRecords: total };
}

/** A table, a pipe of operators, or a union in front. */
function compileTabular(node: SyntaxNode, context: QueryContext): Stream {
  const inner = unwrap(node);
  switch (inner.kind) {
    case 'NameReference':
      if (inner.text.includes('*'))
        refuse('DisallowedLogicalTableName', `Table ${inner.text} is invalid, unsupported or disallowed.`);
      return readTable(inner.symbol ?? inner.text, undefined, context);
    case 'PipeExpression':
      return compilePipe(inner, context);
    case 'UnionOperator':
      return union(legsOf(inner, context), inner, inner.columns ?? []);
    default:
      return refuse('DisallowedLogicalOperator', `'${inner.kind}' is not supported here.`);
  }
}

function compilePipe(node: SyntaxNode, context: QueryContext): Stream {
  const operator = part(node, 'Operator');
  const source = part(node, 'Expression');
  if (operator.kind === 'UnionOperator') {
    const first: Leg = { stream: compileTabular(source, context), source: sourceName(source) };
    return union([first, ...legsOf(operator, context)], operator, operator.columns ?? []);
  }
  const input =
    operator.kind === 'FilterOperator' ? compileFiltered(source, operator, context) : compileTabular(source, context);
  switch (operator.kind) {
    case 'FilterOperator':
      return filter(input, operator, context);
    case 'ExtendOperator':
      return extend(input, operator, context);
    case 'ProjectOperator':
      return project(input, operator, context);
    case 'ProjectAwayOperator':
      return projectAway(input, operator);
    case 'SummarizeOperator':
      return summarize(input, operator, context);
    case 'DistinctOperator':
      return distinct(input, operator, context);
    case 'SortOperator':
      return order(input, operator, context);
    case 'TopOperator':
      return top(input, operator, context);
    case 'TakeOperator':
    case 'SampleOperator':
      return limit(input, operator, context);
    case 'CountOperator':
      return count(input, operator);
    case 'MvExpandOperator':
      return mvExpand(input, operator, context);
    case 'ParseOperator':
      return parse(input, operator, context);
    case 'JoinOperator':
      return join(input, compileTabular(part(operator, 'Expression'), context), operator, context);
    default:
      return refuse('DisallowedLogicalOperator', `The operator '${operatorName(operator)}' is not supported.`);
  }
}

/** A filter right behind its table lets the table skip resource types that cannot pass. */
function compileFiltered(source: SyntaxNode, operator: SyntaxNode, context: QueryContext): Stream {
  const table = unwrap(source);
  if (table.kind !== 'NameReference') return compileTabular(source, context);
  return readTable(table.symbol ?? table.text, typesIn(part(operator, 'Condition')), context);
}

function legsOf(operator: SyntaxNode, context: QueryContext): Leg[] {
  return list(operator, 'Expressions').map((each) => ({
    stream: compileTabular(each, context),
    source: sourceName(each),
  }));
}

/** The table at the bottom of a pipe. */
function sourceName(node: SyntaxNode): string {
  const inner = unwrap(node);
  return inner.kind === 'PipeExpression' ? sourceName(part(inner, 'Expression')) : inner.text;
}

const operatorName = (operator: SyntaxNode) => operator.text.split(/\s/)[0] ?? operator.kind;

const SUPPORTED = new Set(
  [
    'Filter',
    'Extend',
    'Project',
    'ProjectAway',
    'Summarize',
    'Distinct',
    'Sort',
    'Top',
    'Take',
    'Sample',
    'Count',
    'MvExpand',
    'Parse',
    'Join',
    'Union',
  ].map((name) => `${name}Operator`),
);

/** The operators of the outermost pipe, last first. */
function operatorsAtTop(node: SyntaxNode): SyntaxNode[] {
  const inner = unwrap(node);
  return inner.kind === 'PipeExpression'
    ? [part(inner, 'Operator'), ...operatorsAtTop(part(inner, 'Expression'))]
    : [inner];
}

const stopsPaging = ({ kind }: SyntaxNode) =>
  kind === 'TakeOperator' || kind === 'SampleOperator' || kind === 'SummarizeOperator';

function checkLimits(root: SyntaxNode, limits: QueryLimits): void {
  const nodes = descendants(root);
  const unsupported = nodes.find((node) => node.kind.endsWith('Operator') && !SUPPORTED.has(node.kind));
  if (unsupported) refuse('DisallowedLogicalOperator', `The operator '${operatorName(unsupported)}' is not supported.`);
  const joins = nodes.filter((node) => node.kind === 'JoinOperator').length;
  const unions = nodes.filter((node) => node.kind === 'UnionOperator');
  const pipes = nodes.filter((node) => node.kind === 'PipeExpression');
  const piped = new Set(pipes.map((pipe) => part(pipe, 'Operator')));
  const legs = unions.reduce((sum, node) => sum + list(node, 'Expressions').length - (piped.has(node) ? 0 : 1), 0);
  if (joins + legs > limits.remoteTables) {
    refuse(
      'DisallowedMaxNumberOfRemoteTables',
      `The query contains ${joins + legs} joins and unions, which exceeds the allowed ${limits.remoteTables}.`,
    );
  }
  const expands = nodes.filter((node) => node.kind === 'MvExpandOperator').length;
  if (expands > limits.mvExpands) {
    refuse(
      'DisallowedMaxNumberOfMvExpands',
      `The query contains ${expands} mv-expand operators, which exceeds the allowed ${limits.mvExpands}.`,
    );
  }
  if (!limits.strictUnion) return;
  for (const each of unions) checkUnionTables(list(each, 'Expressions'));
  for (const pipe of pipes) {
    if (part(pipe, 'Operator').kind === 'UnionOperator') checkUnionTables([part(pipe, 'Expression')]);
  }
}

const UNION_TABLES = new Set(['resources', 'resourcecontainers']);

function checkUnionTables(legs: readonly SyntaxNode[]): void {
  for (const leg of legs.map(sourceName)) {
    if (!UNION_TABLES.has(leg.toLowerCase())) {
      refuse('DisallowedLogicalTableName', `Table ${leg} is invalid, unsupported or disallowed in a union.`);
    }
  }
}

function descendants(node: SyntaxNode): SyntaxNode[] {
  return [node, ...[...Object.values(node.parts), ...node.items].flatMap(descendants)];
}
