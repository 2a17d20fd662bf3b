import { type ArmBody, rowOf, tableOf } from './arm.ts';
import type { Extent } from './kql/context.ts';
import type { Json } from './kql/values.ts';

/** A row as Resource Graph holds it: `type` and `resourceGroup` in lower case, everything else as its author wrote it. */
export interface ResourceRow {
  id: string;
  name: string;
  type: string;
  tenantId: string;
  kind: string;
  location: string;
  resourceGroup: string;
  subscriptionId: string;
  managedBy: string;
  sku: Json;
  plan: Json;
  properties: Json;
  tags: Json;
  identity: Json;
  zones: Json;
  extendedLocation: Json;
}

/** Rows of one type that are computed when read: how a million machines fit into memory. Ordered by subscription. */
export interface Fleet {
  readonly table: string;
  readonly type: string;
  readonly size: number;
  /** The half-open range of rows in a subscription. */
  range(subscriptionId: string): readonly [from: number, to: number];
  reader<C extends keyof ResourceRow>(column: C): (index: number) => ResourceRow[C];
  /** The index of a lower-case id. */
  find(id: string): number | undefined;
}

/** What a caller sees: the subscriptions in scope, and whether rows above subscriptions count. */
export interface Visibility {
  subscriptions: ReadonlySet<string>;
  tenantScope: boolean;
  /** Lower-case prefixes of ids that stay hidden; an id counts with a slash behind it. */
  hiddenPrefixes: readonly string[];
}

/** Tables that exist without a row of ours, so that a query of them finds nothing instead of failing. */
const EMPTY_TABLES = [
  'policyresources',
  'guestconfigurationresources',
  'authorizationresources',
  'resourcechanges',
  'communitygalleryresources',
  'patchassessmentresources',
];

interface Place {
  table: string;
  type: string;
  index: number;
}

/** A local Azure tenant: the tables that Resource Graph reads, and the resources that ARM would answer with. */
export class Estate {
  readonly tenantId: string;
  /** Grows with every change, so that a kept result can tell that it is stale. */
  revision = 0;
  /** By lower-case id of a gallery image version: what only ARM knows, and only when asked with `$expand=ReplicationStatus`. */
  readonly replication = new Map<string, Json>();
  readonly #tables = new Map<string, Map<string, (ResourceRow | undefined)[]>>();
  readonly #places = new Map<string, Place>();
  readonly #fleets: { fleet: Fleet; gone: Set<number> }[] = [];

  constructor(tenantId: string) {
    this.tenantId = tenantId;
    for (const table of ['resources', 'resourcecontainers', 'computeresources', ...EMPTY_TABLES])
      this.#tables.set(table, new Map());
  }

  /** Lower-case names of the tables. */
  get tables(): readonly string[] {
    return [...this.#tables.keys()];
  }

  /** Adds a resource as an ARM GET returns it (a list adds its elements), replacing one with the same id. */
  add(body: ArmBody): void {
    const bodies = Array.isArray(body.value) ? (body.value as ArmBody[]) : [body];
    for (const each of bodies) this.put(rowOf(each, this.tenantId));
  }

  /** Adds a row as it stands, replacing one with the same id. */
  put(row: ResourceRow, table = tableOf(row.type)): void {
    this.remove(row.id);
    const types = this.#tables.get(table);
    if (!types) throw new Error(`no table ${table}`);
    const rows = types.get(row.type) ?? [];
    types.set(row.type, rows);
    this.#places.set(row.id.toLowerCase(), { table, type: row.type, index: rows.push(row) - 1 });
    this.revision++;
  }

  /** Adds computed rows. */
  addFleet(fleet: Fleet): void {
    this.#fleets.push({ fleet, gone: new Set() });
    this.revision++;
  }

  /** The row with this id, in whatever case; undefined when there is none. */
  get(id: string): ResourceRow | undefined {
    const key = id.toLowerCase();
    const place = this.#places.get(key);
    if (place) return this.#tables.get(place.table)?.get(place.type)?.[place.index];
    for (const { fleet, gone } of this.#fleets) {
      const index = fleet.find(key);
      if (index !== undefined && !gone.has(index)) return wholeRow(fleet, index);
    }
    return undefined;
  }

  /** Takes a resource away; answers whether it was there. */
  remove(id: string): boolean {
    const key = id.toLowerCase();
    const place = this.#places.get(key);
    if (place) {
      this.#places.delete(key);
      const rows = this.#tables.get(place.table)?.get(place.type);
      if (rows) rows[place.index] = undefined;
      this.revision++;
      return true;
    }
    for (const { fleet, gone } of this.#fleets) {
      const index = fleet.find(key);
      if (index === undefined || gone.has(index)) continue;
      gone.add(index);
      this.revision++;
      return true;
    }
    return false;
  }

  /** Changes a copy of a row and puts it back. @throws when there is no such resource */
  update(id: string, change: (row: ResourceRow) => void): void {
    const row = this.get(id);
    if (!row) throw new Error(`no resource ${id}`);
    const copy = structuredClone(row);
    change(copy);
    const table = this.#places.get(id.toLowerCase())?.table ?? tableOf(row.type);
    this.remove(id);
    this.put(copy, table);
  }

  /** The rows of a type that a caller sees, whole. For few rows; queries read by column. */
  *list(table: string, type: string, visibility: Visibility): Generator<ResourceRow> {
    for (const extent of this.extents(table, new Set([type]), visibility)) {
      const readers = COLUMNS.map((column) => [column, extent.reader(column)] as const);
      for (let index = extent.from; index < extent.to; index++) {
        if (!extent.isHidden?.(index))
          yield Object.fromEntries(readers.map(([column, read]) => [column, read(index)])) as unknown as ResourceRow;
      }
    }
  }

  /** The rows of a table in columns, restricted to `types` (if given) and to what the caller sees. */
  *extents(table: string, types: ReadonlySet<string> | undefined, visibility: Visibility): Generator<Extent> {
    for (const [type, rows] of this.#tables.get(table) ?? []) {
      if (!types || types.has(type)) yield rowsExtent(rows, visibility);
    }
    for (const { fleet, gone } of this.#fleets) {
      if (fleet.table !== table || (types && !types.has(fleet.type))) continue;
      for (const subscription of visibility.subscriptions) {
        const [from, to] = fleet.range(subscription);
        if (from < to) yield fleetExtent(fleet, gone, from, to, visibility);
      }
    }
  }
}

const COLUMNS = [
  'id',
  'name',
  'type',
  'tenantId',
  'kind',
  'location',
  'resourceGroup',
  'subscriptionId',
  'managedBy',
  'sku',
  'plan',
  'properties',
  'tags',
  'identity',
  'zones',
  'extendedLocation',
] as const satisfies (keyof ResourceRow)[];

function rowsExtent(rows: readonly (ResourceRow | undefined)[], visibility: Visibility): Extent {
  return {
    from: 0,
    to: rows.length,
    reader: (column) => (index) => rows[index]?.[column as keyof ResourceRow] ?? null,
    isHidden: (index) => {
      const row = rows[index];
      return !row || !isVisible(row, visibility);
    },
  };
}

/** Whether a caller sees a row; rows above subscriptions, such as management groups, take a tenant scope. */
export function isVisible(row: Pick<ResourceRow, 'id' | 'subscriptionId'>, visibility: Visibility): boolean {
  if (row.subscriptionId === '' ? !visibility.tenantScope : !visibility.subscriptions.has(row.subscriptionId))
    return false;
  return visibility.hiddenPrefixes.length === 0 || !isHiddenBy(visibility.hiddenPrefixes, row.id);
}

function isHiddenBy(prefixes: readonly string[], id: string): boolean {
  const path = `${id.toLowerCase()}/`;
  return prefixes.some((prefix) => path.startsWith(prefix));
}

function fleetExtent(
  fleet: Fleet,
  gone: ReadonlySet<number>,
  from: number,
  to: number,
  { hiddenPrefixes }: Visibility,
): Extent {
  const readId = fleet.reader('id');
  return {
    from,
    to,
    reader: (column) => fleet.reader(column as keyof ResourceRow),
    isHidden: (index) => gone.has(index) || (hiddenPrefixes.length > 0 && isHiddenBy(hiddenPrefixes, readId(index))),
  };
}

function wholeRow(fleet: Fleet, index: number): ResourceRow {
  return Object.fromEntries(COLUMNS.map((column) => [column, fleet.reader(column)(index)])) as unknown as ResourceRow;
}
