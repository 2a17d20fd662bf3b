import type { AzureScope } from '../config.ts';
import type { Exemption } from '../core/policy.ts';
import type { Unread } from '../core/report.ts';
import type { Team } from '../core/team.ts';
import type { GroupReading, Inventory, KeyRank, MachineReading, OwnedMachine } from '../ports.ts';
import { InvalidQuery, noSubscription } from './failures.ts';
import { allGroups } from './grouping.ts';
import { groupQuery, type MachineTables, namedQuery, rowQuery } from './machine-queries.ts';
import type { ResourceGraph } from './resource-graph.ts';
import { groupFrom, machineFrom, ownershipFrom, type Row } from './rows.ts';
import { subscriptionScopes } from './scopes.ts';

/** Keys named in one query at the most: the size of list that Resource Graph's own samples use. */
const KEYS_AT_MOST = 100;
const NAMED_AT_MOST = 50;

/** How the service takes questions over two tables; learned from its refusals. */
type TableUse = 'together' | 'apart' | 'without instances';

/** Reads machines from Azure Resource Graph. */
export class ResourceGraphInventory implements Inventory {
  readonly #graph: ResourceGraph;
  readonly #scopes: readonly AzureScope[];
  #use: TableUse = 'together';

  constructor(graph: ResourceGraph, scope: AzureScope) {
    this.#graph = graph;
    this.#scopes = scope.kind === 'subscriptions' ? subscriptionScopes(scope.ids) : [scope];
  }

  async groups(team: Team, exemptions: readonly Exemption[], signal?: AbortSignal): Promise<GroupReading> {
    let requests = 0;
    const readings = await this.#each(
      async (tables, scope) => {
        const reading = await allGroups(async (splits) => {
          const query = groupQuery(team.match, exemptions, tables, splits);
          return this.#graph.ask(query, { scope, onePage: true, signal });
        });
        return reading;
      },
      (spent) => (requests += spent),
    );
    return {
      groups: readings.flatMap(({ rows }) => rows.map(groupFrom)).filter((group) => group.count > 0),
      unread: this.#unread(),
      requests: requests + readings.reduce((sum, reading) => sum + reading.requests, 0),
    };
  }

  async machines(
    team: Team,
    exemptions: readonly Exemption[],
    page: { readonly keys: readonly KeyRank[]; readonly skip: number; readonly top: number },
    signal?: AbortSignal,
  ): Promise<MachineReading> {
    const machines: MachineReading['machines'][number][] = [];
    let total = 0;
    let requests = 0;
    let passed = 0;
    // The first part is asked even when nothing needs attention: its totalRecords is the independent count.
    for (const [index, part] of chunks(page.keys, page.skip + page.top).entries()) {
      const rows = part.reduce((sum, { count }) => sum + count, 0);
      const skip = Math.max(0, page.skip - passed);
      const top = Math.max(index === 0 ? 1 : 0, Math.min(page.top - machines.length, rows - skip));
      passed += rows;
      if (top === 0) continue;
      const answers = await this.#each(
        (tables, scope) => {
          // Where several queries make one answer, each may hold all of the window, which is then cut here.
          const window = this.#inOneQuery() ? { skip, top } : { skip: 0, top: skip + top };
          return this.#graph.ask(rowQuery(team.match, exemptions, tables, ranked(part)), { scope, ...window, signal });
        },
        (spent) => (requests += spent),
      );
      requests += answers.reduce((sum, answer) => sum + answer.requests, 0);
      if (index === 0) total = answers.reduce((sum, answer) => sum + answer.totalRecords, 0);
      const wanted = new Set(part.map(({ key }) => key));
      const found = answers.flatMap((answer) => answer.rows).filter((row) => wanted.has(String(row.key)));
      const window = this.#inOneQuery() ? found : found.sort(byRank).slice(skip, skip + top);
      machines.push(...window.map(machineFrom));
    }
    return { machines: machines.slice(0, page.top), total, requests };
  }

  async named(nameOrId: string, exemptions: readonly Exemption[], signal?: AbortSignal) {
    let requests = 0;
    const answers = await this.#each(
      (tables, scope) =>
        this.#graph.ask(namedQuery(nameOrId, exemptions, tables), { scope, top: NAMED_AT_MOST, signal }),
      (spent) => (requests += spent),
    );
    const machines = answers.flatMap(({ rows }) =>
      rows.map((row): OwnedMachine => ({ machine: machineFrom(row), ownership: ownershipFrom(row) })),
    );
    return { machines, requests: requests + answers.reduce((sum, answer) => sum + answer.requests, 0) };
  }

  /**
   * Asks each part of the scope, over both tables at once where the service allows it. The documentation limits `union` to
   * some tables and some clouds lack `computeresources`; either is learned from the refusal, once for this process.
   */
  async #each<T>(
    ask: (tables: MachineTables, scope: AzureScope) => Promise<T>,
    spend: (requests: number) => void,
  ): Promise<readonly T[]> {
    for (;;) {
      const use = this.#use;
      try {
        const answers: T[] = [];
        for (const scope of this.#scopes) {
          if (use === 'together') answers.push(await ask('both', scope));
          else answers.push(await ask('resources', scope));
          if (use === 'apart') answers.push(await ask('computeresources', scope));
        }
        return answers;
      } catch (error) {
        if (!(error instanceof InvalidQuery) || use === 'without instances' || noSubscription(error)) throw error;
        spend(1);
        // Another question may have learned it meanwhile; then this one only has to be asked again.
        if (this.#use === use) this.#use = use === 'together' ? 'apart' : 'without instances';
      }
    }
  }

  #inOneQuery(): boolean {
    return this.#scopes.length === 1 && this.#use !== 'apart';
  }

  #unread(): readonly Unread[] {
    if (this.#use !== 'without instances') return [];
    return [
      {
        scope: 'instances of uniform scale sets',
        reason: 'this cloud does not offer them in Azure Resource Graph; ask for them with the Azure CLI',
      },
    ];
  }
}

/** The order of the row query. */
function byRank(a: Row, b: Row): number {
  return Number(a.rank) - Number(b.rank) || String(a.id).localeCompare(String(b.id));
}

/** Keys in parts that fit a query, as many as it takes to reach `rows` rows; at least one part, which may be empty. */
function chunks(keys: readonly KeyRank[], rows: number): readonly (readonly KeyRank[])[] {
  const parts: KeyRank[][] = [[]];
  let reached = 0;
  for (const key of keys) {
    if (reached >= rows) break;
    reached += key.count;
    const last = parts.at(-1);
    if (last && last.length < KEYS_AT_MOST) last.push(key);
    else parts.push([key]);
  }
  return parts;
}

/** Keys by rank, the most urgent rank first. */
function ranked(keys: readonly KeyRank[]): readonly (readonly string[])[] {
  const ranks: string[][] = [];
  for (const { key, rank } of keys) {
    ranks[rank] ??= [];
    ranks[rank].push(key);
  }
  return Array.from(ranks, (list) => list ?? []);
}
