import type { Exemption } from '../core/policy.ts';
import type { Unread } from '../core/report.ts';
import { effectiveTag, type Tags, type Team } from '../core/team.ts';
import type { Census, KeyRank, OwnedGroup, OwnedMembers } from '../ports.ts';
import { allSubscriptionTagsQuery, censusGroupQuery, censusMemberQuery, censusTotalQuery } from './census-queries.ts';
import { type CensusGroup, groupsFrom, type Member, membersFrom, mergedMembers } from './census-rows.ts';
import { KEY_CHARACTERS } from './inventory.ts';
import { jsonText } from './kql.ts';
import { type MachinePart, type MachineParts, outsideUnread } from './machine-parts.ts';
import { OwnerReader, type Owners, ownerFields, ownersOf, type TaggedSubscriptions } from './owners.ts';
import { inPortions } from './portions.ts';
import type { ResourceGraph } from './resource-graph.ts';

/** Keys named in one query: each is a row of the answer, which has one page. */
const KEYS_AT_MOST = 900;

type Part = MachinePart<TaggedSubscriptions>;

/** Reads the machines of all teams from Azure Resource Graph. */
export class ResourceGraphCensus implements Census {
  readonly #graph: ResourceGraph;
  readonly #parts: MachineParts;
  readonly #owners: Owners;
  readonly #reader: OwnerReader;
  readonly #outside: readonly Unread[];

  constructor(graph: ResourceGraph, parts: MachineParts, teams: readonly Team[]) {
    this.#graph = graph;
    this.#parts = parts;
    this.#owners = ownersOf(teams);
    this.#reader = new OwnerReader(teams, this.#owners);
    this.#outside = teams.flatMap(({ name, match }) =>
      outsideUnread(parts.outside(match.subscriptions)).map((unread) => ({ ...unread, teams: [name] })),
    );
  }

  async groups(exemptions: readonly Exemption[], signal?: AbortSignal) {
    let reading = await this.#groups(exemptions, signal);
    let { requests } = reading;
    const totals = [reading.total];
    // Machines come and go between two requests: what lies between two counts is no fault of the groups.
    if (reading.listed !== reading.total) {
      const again = await this.#total(signal);
      requests += again.requests;
      totals.push(again.total);
    }
    // What took so many requests that it was given up would be given up again.
    if (reading.complete && !isBetween(reading.listed, totals)) {
      reading = await this.#groups(exemptions, signal);
      requests += reading.requests;
      totals.push(reading.total);
    }
    return {
      groups: reading.groups.map(
        ({ owner, group }): OwnedGroup => ({ teams: owner ? this.#reader.teamsOf(owner) : [], group }),
      ),
      total: isBetween(reading.listed, totals) ? reading.listed : reading.total,
      unread: [...this.#outside, ...this.#parts.unread(reading.scopeTruncated, reading.withoutInstances)],
      requests,
    };
  }

  async members(
    exemptions: readonly Exemption[],
    keys: readonly KeyRank[],
    others: readonly string[],
    signal?: AbortSignal,
  ) {
    const first = await this.#members(exemptions, keys, others, signal);
    const missing = keys.filter(({ key, count }) => first.counts.get(key) !== count);
    if (missing.length === 0 || !first.complete) return this.#answer(first.members, first.requests);
    // They moved between two requests, or Azure left some out: asked once more, and then believed.
    const second = await this.#members(exemptions, missing, [], signal);
    const again = new Set(missing.map(({ key }) => key));
    const seen = new Set(second.members.map(({ id }) => id.toLowerCase()));
    const kept = first.members.filter(({ key, id }) => !again.has(key) && !seen.has(id.toLowerCase()));
    return this.#answer([...kept, ...second.members], first.requests + second.requests);
  }

  #answer(members: readonly Member[], requests: number): { members: readonly OwnedMembers[]; requests: number } {
    return { members: mergedMembers(members, (owner) => this.#reader.teamsOf(owner)), requests };
  }

  /** One reading of the groups and, right after it, of the number of machines. */
  async #groups(exemptions: readonly Exemption[], signal: AbortSignal | undefined) {
    let scopeTruncated = false;
    const { answers, requests, withoutInstances } = await this.#ask(signal, async ({ source, scope }) => {
      const portions = await inPortions(async (only) => {
        const query = censusGroupQuery(this.#owners, exemptions, source, only);
        const page = await this.#graph.ask(query, { scope, onePage: true, signal });
        scopeTruncated ||= page.scopeTruncated;
        const { groups, complete } = groupsFrom(page.rows, ownerFields(this.#owners));
        return {
          value: groups,
          complete: complete && page.rows.length >= page.totalRecords,
          requests: page.requests,
        };
      });
      const total = await this.#graph.ask(censusTotalQuery(source.tables), { scope, top: 1, signal });
      return {
        groups: portions.values.flat(),
        total: total.totalRecords,
        complete: portions.complete,
        requests: portions.requests + total.requests,
      };
    });
    const groups: readonly CensusGroup[] = answers.flatMap((answer) => answer.groups);
    return {
      groups,
      listed: groups.reduce((sum, { group }) => sum + group.count, 0),
      total: answers.reduce((sum, answer) => sum + answer.total, 0),
      complete: answers.every((answer) => answer.complete),
      scopeTruncated,
      withoutInstances,
      requests,
    };
  }

  async #total(signal: AbortSignal | undefined) {
    const { answers, requests } = await this.#ask(signal, async ({ source, scope }) =>
      this.#graph.ask(censusTotalQuery(source.tables), { scope, top: 1, signal }),
    );
    return { total: answers.reduce((sum, answer) => sum + answer.totalRecords, 0), requests };
  }

  async #members(
    exemptions: readonly Exemption[],
    keys: readonly KeyRank[],
    others: readonly string[],
    signal: AbortSignal | undefined,
  ) {
    const wanted = new Set(keys.map(({ key }) => key));
    const counts = new Map<string, number>();
    const members: Member[] = [];
    let requests = 0;
    let complete = true;
    for (const named of queriesFor([...wanted], others)) {
      const asked = await this.#ask(signal, ({ source, scope }) =>
        inPortions(async (only) => {
          const query = censusMemberQuery(this.#owners, exemptions, source, named, only);
          const page = await this.#graph.ask(query, { scope, onePage: true, signal });
          const { members: found, complete } = membersFrom(page.rows, ownerFields(this.#owners));
          return {
            value: found,
            complete: complete && page.rows.length >= page.totalRecords,
            requests: page.requests,
          };
        }),
      );
      requests += asked.requests;
      complete &&= asked.answers.every((answer) => answer.complete);
      for (const member of asked.answers.flatMap(({ values }) => values.flat())) {
        if (!wanted.has(member.key)) continue;
        members.push(member);
        counts.set(member.key, (counts.get(member.key) ?? 0) + 1);
      }
    }
    return { members, counts, complete, requests };
  }

  #ask<T extends { readonly requests: number }>(signal: AbortSignal | undefined, ask: (part: Part) => Promise<T>) {
    return this.#parts.ask((scope) => this.#taggedSubscriptions(scope, signal), ask);
  }

  /** The subscriptions that carry a wanted tag. All are read: naming every wanted value would make the query long. */
  async #taggedSubscriptions(scope: Part['scope'], signal: AbortSignal | undefined) {
    if (this.#owners.tags.length === 0) return { ids: new Map() as TaggedSubscriptions, requests: 0 };
    const { rows, requests } = await this.#graph.ask(allSubscriptionTagsQuery(), { scope, signal });
    const ids = new Map<string, Map<string, string[]>>();
    for (const { name, values } of this.#owners.tags) {
      const carrying = new Map<string, string[]>(values.map((value) => [value, []]));
      for (const row of rows) {
        const value = effectiveTag([row.tags as Tags], name);
        if (value !== undefined) carrying.get(jsonText(value))?.push(String(row.subscriptionId).toLowerCase());
      }
      ids.set(name, carrying);
    }
    return { ids: ids as TaggedSubscriptions, requests };
  }
}

function isBetween(number: number, bounds: readonly number[]): boolean {
  return Math.min(...bounds) <= number && number <= Math.max(...bounds);
}

/** The queries it takes to name these keys: all of them in parts that fit, or the others where those are shorter. */
function queriesFor(keys: readonly string[], others: readonly string[]) {
  const length = (names: readonly string[]) => names.reduce((sum, name) => sum + name.length, 0);
  const allFit = keys.length <= KEYS_AT_MOST && others.length > 0 && length(others) <= KEY_CHARACTERS;
  if (allFit && length(others) < length(keys)) return [{ names: others, exclude: true }];
  const parts: string[][] = [];
  let characters = 0;
  for (const key of keys) {
    const last = parts.at(-1);
    characters += key.length;
    if (last && last.length < KEYS_AT_MOST && characters <= KEY_CHARACTERS) last.push(key);
    else {
      parts.push([key]);
      characters = key.length;
    }
  }
  return parts.map((names) => ({ names, exclude: false }));
}
