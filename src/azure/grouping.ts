import { GROUP_COLUMNS, type Split } from './machine-queries.ts';
import type { Row } from './rows.ts';
import { workOff } from './work-off.ts';

/** One answer to a grouped query: its first page and how many groups there are. */
export interface GroupPage {
  readonly rows: readonly Row[];
  readonly totalRecords: number;
  readonly requests: number;
}

/** Groups of one page, Resource Graph's largest. */
const PAGE_GROUPS = 1000;
/** Characters of values named in one part of a split; the service tells no longest query, so ours stay modest. */
const PART_CHARACTERS = 16_000;
/**
 * Requests after which a grouped answer is given up as too varied. Its remainder is told by the row query's total, which
 * then counts more machines than the groups do, and is shown as unknown.
 */
const REQUESTS_AT_MOST = 60;

/** How groups are asked for. */
export interface Grouping {
  /** Columns to split by; any two groups differ in one of them. */
  readonly columns: readonly Split['column'][];
  readonly requestsAtMost: number;
  /** Requests under way at a time. */
  readonly atOnce: number;
}

const OF_A_TEAM: Grouping = { columns: GROUP_COLUMNS, requestsAtMost: REQUESTS_AT_MOST, atOnce: 1 };

/**
 * All groups of a question whose answer may be longer than a page. A summarized answer has one page and no token, so the
 * question is split by the values of a column: some of the values seen, others, and everything not seen. Each part is
 * again complete or split, down to single groups; any two groups differ in some column, so this ends.
 */
export async function allGroups(
  ask: (splits: readonly Split[]) => Promise<GroupPage>,
  { columns, requestsAtMost, atOnce }: Grouping = OF_A_TEAM,
): Promise<{ readonly rows: readonly Row[]; readonly complete: boolean; readonly requests: number }> {
  const rows: Row[] = [];
  let complete = true;
  let requests = 0;
  const open: (readonly Split[])[] = [[]];
  await workOff(open, atOnce, async (splits) => {
    if (requests >= requestsAtMost) {
      complete = false;
      return;
    }
    requests += 1;
    const page = await ask(splits);
    requests += page.requests - 1;
    const whole = page.rows.length >= page.totalRecords;
    const parts = whole ? undefined : splitBy(columns, page.rows, page.totalRecords);
    if (parts) open.push(...parts.map((part) => [...splits, part]));
    else {
      rows.push(...page.rows);
      complete &&= whole;
    }
  });
  return { rows, complete, requests };
}

/**
 * Parts that together hold everything and are each smaller: of one column, the values seen in as many portions as it takes
 * for each to fit a page, and all values not seen. Undefined where the rows seen do not differ.
 */
function splitBy(
  columns: readonly Split['column'][],
  rows: readonly Row[],
  totalRecords: number,
): readonly Split[] | undefined {
  const best = widestColumn(columns, rows);
  if (!best) return undefined;
  const { column, sizes } = best;
  // A value stands for more groups than were seen of it; a margin saves splitting a part again.
  const perRow = (1.5 * totalRecords) / rows.length;
  const parts: { values: string[]; groups: number; characters: number }[] = [];
  for (const [value, size] of sizes) {
    const groups = size * perRow;
    const last = parts.at(-1);
    const room = last && last.groups + groups <= PAGE_GROUPS && last.characters + value.length <= PART_CHARACTERS;
    // One part must not hold all values seen, or nothing would get smaller.
    if (last && room && last.values.length < Math.ceil(sizes.size / 2)) {
      last.values.push(value);
      last.groups += groups;
      last.characters += value.length;
    } else parts.push({ values: [value], groups, characters: value.length });
  }
  // What is not listed one by one is in the last part, so that the list of exclusions stays bounded too.
  const listed = parts.slice(0, Math.max(2, Math.ceil((2 * totalRecords) / PAGE_GROUPS)));
  return [
    ...listed.map(({ values }) => ({ column, values, exclude: false })),
    { column, values: listed.flatMap(({ values }) => values), exclude: true },
  ];
}

/** The column that tells the groups apart best: its most frequent value stands for the fewest of them. */
function widestColumn(
  columns: readonly Split['column'][],
  rows: readonly Row[],
): { column: Split['column']; sizes: ReadonlyMap<string, number> } | undefined {
  let best: { column: Split['column']; sizes: Map<string, number> } | undefined;
  for (const column of columns) {
    const sizes = new Map<string, number>();
    for (const row of rows) {
      const value = typeof row[column] === 'string' ? row[column] : '';
      sizes.set(value, (sizes.get(value) ?? 0) + 1);
    }
    if (sizes.size > 1 && (best === undefined || largest(sizes) < largest(best.sizes))) best = { column, sizes };
  }
  return best;
}

function largest(sizes: ReadonlyMap<string, number>): number {
  return Math.max(...sizes.values());
}
