import type { AzureScope } from '../config.ts';
import type { Exemption } from '../core/policy.ts';
import { effectiveTag, folded, type Tags, type Team, type TeamMatch } from '../core/team.ts';
import { compareText } from '../core/text.ts';
import type { GroupReading, Inventory, KeyRank, MachineReading, OwnedMachine } from '../ports.ts';
import { allGroups } from './grouping.ts';
import { type MachinePart, type MachineParts, outsideUnread } from './machine-parts.ts';
import { groupQuery, namedQuery, rowQuery, subscriptionTagQuery } from './machine-queries.ts';
import type { Answer, ResourceGraph } from './resource-graph.ts';
import { groupFrom, machineFrom, ownershipFrom, type Row } from './rows.ts';

/** Characters of keys named in one query; the service tells no longest query, so ours stay modest. */
export const KEY_CHARACTERS = 48_000;
const NAMED_AT_MOST = 50;

/** Reads machines from Azure Resource Graph. */
export class ResourceGraphInventory implements Inventory {
  readonly #graph: ResourceGraph;
  readonly #parts: MachineParts;

  constructor(graph: ResourceGraph, parts: MachineParts) {
    this.#graph = graph;
    this.#parts = parts;
  }

  async groups(team: Team, exemptions: readonly Exemption[], signal?: AbortSignal): Promise<GroupReading> {
    let scopeTruncated = false;
    const { answers, requests, withoutInstances } = await this.#ask(team.match, signal, ({ source, scope }) =>
      allGroups(async (splits) => {
        const query = groupQuery(team.match, exemptions, source, splits);
        const page = await this.#graph.ask(query, { scope, onePage: true, signal });
        scopeTruncated ||= page.scopeTruncated;
        return page;
      }),
    );
    return {
      groups: answers.flatMap(({ rows }) => rows.map(groupFrom)).filter((group) => group.count > 0),
      unread: [
        ...outsideUnread(this.#parts.outside(team.match.subscriptions)),
        ...this.#parts.unread(scopeTruncated, withoutInstances),
      ],
      requests,
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
    for (const [index, keys] of chunks(page.keys, page.skip + page.top).entries()) {
      const rows = keys.reduce((sum, { count }) => sum + count, 0);
      const skip = Math.max(0, page.skip - passed);
      const top = Math.max(index === 0 ? 1 : 0, Math.min(page.top - machines.length, rows - skip));
      passed += rows;
      if (top === 0) continue;
      const asked = await this.#ask(team.match, signal, async ({ source, scope, alone }) => {
        // Where several queries make one answer, each may hold all of the window, which is then cut here.
        const window = alone ? { skip, top } : { skip: 0, top: skip + top };
        const query = rowQuery(team, exemptions, source, ranked(keys));
        return { ...(await this.#graph.ask(query, { scope, ...window, signal })), alone };
      });
      requests += asked.requests;
      if (index === 0) total = asked.answers.reduce((sum, answer) => sum + answer.totalRecords, 0);
      const wanted = new Set(keys.map(({ key }) => key));
      const found = asked.answers.flatMap((answer) => answer.rows).filter((row) => wanted.has(String(row.key)));
      const whole = asked.answers.every(({ alone }) => alone);
      machines.push(...(whole ? found : found.sort(byRank).slice(skip, skip + top)).map(machineFrom));
    }
    return { machines: machines.slice(0, page.top), total, requests };
  }

  async named(nameOrId: string, exemptions: readonly Exemption[], signal?: AbortSignal) {
    const { answers, requests, withoutInstances } = await this.#ask(undefined, signal, ({ source, scope }) =>
      this.#graph.ask(namedQuery(nameOrId, exemptions, source), { scope, top: NAMED_AT_MOST, signal }),
    );
    const machines = answers.flatMap(({ rows }) =>
      rows.map((row): OwnedMachine => ({ machine: machineFrom(row), ownership: ownershipFrom(row) })),
    );
    return { machines, unread: this.#parts.unread(false, withoutInstances), requests };
  }

  #ask<T extends Pick<Answer, 'requests'>>(
    match: TeamMatch | undefined,
    signal: AbortSignal | undefined,
    ask: (part: MachinePart<ReadonlyMap<string, readonly string[]>>) => Promise<T>,
  ) {
    return this.#parts.ask((scope) => this.#taggedSubscriptions(match, scope, signal), ask);
  }

  /** The subscriptions that carry a tag the team is matched by, by the tag's name. */
  async #taggedSubscriptions(match: TeamMatch | undefined, scope: AzureScope, signal: AbortSignal | undefined) {
    const wanted = Object.entries(match?.tags ?? {});
    if (!match || wanted.length === 0) return { ids: new Map<string, readonly string[]>(), requests: 0 };
    const { rows, requests } = await this.#graph.ask(subscriptionTagQuery(match), { scope, signal });
    const ids = wanted.map(([name, value]) => {
      const carrying = rows.filter((row) => effectiveTag([row.tags as Tags], name) === folded(value));
      return [name, carrying.map((row) => String(row.subscriptionId).toLowerCase())] as const;
    });
    return { ids: new Map(ids), requests };
  }
}

/** The order of the row query. */
function byRank(a: Row, b: Row): number {
  return (
    Number(a.rank) - Number(b.rank) ||
    Number(a.precious) - Number(b.precious) ||
    compareText(String(a.name), String(b.name)) ||
    compareText(String(a.id), String(b.id))
  );
}

/**
 * Keys in parts that fit a query, whole ranks of them until `rows` rows are reached; at least one part, which may be empty.
 * Where a part ends does not depend on `rows`: each window of a list and each limit has to see the same order, and rows of
 * a rank are ordered across all its keys.
 */
function chunks(keys: readonly KeyRank[], rows: number): readonly (readonly KeyRank[])[] {
  const parts: KeyRank[][] = [[]];
  let reached = 0;
  let characters = 0;
  for (const [index, key] of keys.entries()) {
    if (reached >= rows && key.rank !== keys[index - 1]?.rank) break;
    reached += key.count;
    characters += key.key.length;
    if (characters <= KEY_CHARACTERS) parts.at(-1)?.push(key);
    else {
      parts.push([key]);
      characters = key.key.length;
    }
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
