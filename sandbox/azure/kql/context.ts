import type { Pace } from './pace.ts';
import type { Value } from './values.ts';

/** A run of rows of one table, read by column so that nobody builds what nobody asked for. */
export interface Extent {
  readonly from: number;
  readonly to: number;
  /** Reads one column at an index in `[from, to)`. */
  reader(column: string): (index: number) => Value;
  /** Rows that are gone, or that the caller may not see. */
  isHidden?(index: number): boolean;
}

/** Where the rows come from: already narrowed to what the caller asked for and may read. */
export interface Tables {
  /** Lower-case names of the tables that exist. */
  readonly names: readonly string[];
  /** The rows of a table; `types` (lower case) allows to leave out rows of other resource types. */
  extents(table: string, types: ReadonlySet<string> | undefined): Iterable<Extent>;
}

/** Bounds on a query that the service sets and that a test may change. */
export interface QueryLimits {
  /** Joins and unions together. Source: throttling page, 3 through the API. */
  readonly remoteTables: number;
  readonly mvExpands: number;
  /** Refuse a union of anything but `resources` and `resourcecontainers`, as documented. */
  readonly strictUnion: boolean;
}

export const DEFAULT_LIMITS: QueryLimits = { remoteTables: 3, mvExpands: 3, strictUnion: false };

/** What one execution of a query runs in. */
export interface QueryContext {
  readonly tables: Tables;
  /** The instant that `now()` and `ago()` start from, in ticks. */
  readonly now: bigint;
  readonly pace: Pace;
}
