import { GROUP_COLUMNS, type GroupColumn, type Split } from './machine-queries.ts';
import type { Row } from './rows.ts';

/** One answer to a grouped query: its first page and how many groups there are. */
export interface GroupPage {
  readonly rows: readonly Row[];
  readonly totalRecords: number;
  readonly requests: number;
}

/** Values named in one condition: the size Resource Graph's own samples use. */
const VALUES_AT_MOST = 100;
/** Requests after which a grouped answer is given up as too varied; its remainder is reported, never guessed. */
const REQUESTS_AT_MOST = 60;

/**
 * All groups of a question whose answer may be longer than a page. A summarized answer has one page and no token, so the
 * question is split by the values of a column: some of the values seen, others, and everything not seen. Each part is
 * again complete or split, down to single groups; any two groups differ in some column, so this ends.
 */
export async function allGroups(
  ask: (splits: readonly Split[]) => Promise<GroupPage>,
): Promise<{ readonly rows: readonly Row[]; readonly requests: number; readonly complete: boolean }> {
  const rows: Row[] = [];
  let requests = 0;
  let complete = true;
  const open: (readonly Split[])[] = [[]];
  for (let splits = open.pop(); splits !== undefined; splits = open.pop()) {
    if (requests >= REQUESTS_AT_MOST) {
      complete = false;
      break;
    }
    const page = await ask(splits);
    requests += page.requests;
    const parts = page.rows.length < page.totalRecords ? splitBy(page.rows) : undefined;
    if (parts) open.push(...parts.map((part) => [...(splits ?? []), part]));
    else {
      rows.push(...page.rows);
      complete &&= page.rows.length >= page.totalRecords;
    }
  }
  return { rows, requests, complete };
}

/**
 * Parts that together hold everything and are each smaller: of the column that tells most groups apart, one half of the
 * values seen, the other half, and all values not seen. Undefined where the rows seen do not differ.
 */
export function splitBy(rows: readonly Row[]): readonly Split[] | undefined {
  let best: { column: GroupColumn; sizes: Map<string, number> } | undefined;
  for (const column of GROUP_COLUMNS) {
    const sizes = new Map<string, number>();
    for (const row of rows) {
      const value = typeof row[column] === 'string' ? row[column] : '';
      sizes.set(value, (sizes.get(value) ?? 0) + 1);
    }
    if (sizes.size > 1 && (best === undefined || largest(sizes) < largest(best.sizes))) best = { column, sizes };
  }
  if (!best) return undefined;
  const { column } = best;
  const values = [...best.sizes.keys()].slice(0, 2 * VALUES_AT_MOST);
  const middle = Math.ceil(values.length / 2);
  return [
    { column, values: values.slice(0, middle), exclude: false },
    { column, values: values.slice(middle), exclude: false },
    { column, values, exclude: true },
  ].filter((part) => part.values.length > 0);
}

function largest(sizes: ReadonlyMap<string, number>): number {
  return Math.max(...sizes.values());
}
