import type { Exemption } from '../core/policy.ts';
import type { Unread } from '../core/report.ts';
import type { OwnedMembers } from '../core/snapshot-of.ts';
import { effectiveTag, type Tags, type Team } from '../core/team.ts';
import type { Census, KeyRank, OwnedGroup } from '../ports.ts';
import { CensusForms } from './census-form.ts';
import { PackedForm } from './census-packed.ts';
import { PlainForm } from './census-plain.ts';
import { allSubscriptionTagsQuery, censusTotalQuery } from './census-queries.ts';
import { type CensusGroup, type Member, mergedMembers } from './census-rows.ts';
import { jsonText } from './kql.ts';
import { type MachinePart, type MachineParts, outsideUnread } from './machine-parts.ts';
import { OwnerReader, type Owners, ownersOf, type TaggedSubscriptions } from './owners.ts';
import type { ResourceGraph } from './resource-graph.ts';

type Part = MachinePart<TaggedSubscriptions>;

/** Reads the machines of all teams from Azure Resource Graph. */
export class ResourceGraphCensus implements Census {
  readonly #graph: ResourceGraph;
  readonly #parts: MachineParts;
  readonly #owners: Owners;
  readonly #reader: OwnerReader;
  readonly #outside: readonly Unread[];
  readonly #groupForms: CensusForms;
  readonly #memberForms: CensusForms;

  constructor(graph: ResourceGraph, parts: MachineParts, teams: readonly Team[]) {
    this.#graph = graph;
    this.#parts = parts;
    this.#owners = ownersOf(teams);
    this.#reader = new OwnerReader(teams, this.#owners);
    const [packed, plain] = [new PackedForm(graph, this.#owners), new PlainForm(graph, this.#owners)];
    this.#groupForms = new CensusForms(packed, plain);
    this.#memberForms = new CensusForms(packed, plain);
    this.#outside = teams.flatMap(({ name, match }) =>
      outsideUnread(parts.outside(match.subscriptions)).map((unread) => ({ ...unread, teams: [name] })),
    );
  }

  async groups(exemptions: readonly Exemption[], signal?: AbortSignal) {
    let reading = await this.#groups(exemptions, signal);
    let { requests } = reading;
    const totals = [reading.total];
    // Machines come and go between two requests: what lies between two counts is no fault of the groups.
    if (reading.found !== reading.total) {
      const again = await this.#total(signal);
      requests += again.requests;
      totals.push(again.total);
    }
    // What took so many requests that it was given up would be given up again.
    if (reading.complete && !isBetween(reading.found, totals)) {
      reading = await this.#groups(exemptions, signal);
      requests += reading.requests;
      totals.push(reading.total);
    }
    return {
      groups: reading.groups.map(
        ({ owner, group }): OwnedGroup => ({ teams: owner ? this.#reader.teamsOf(owner) : [], group }),
      ),
      total: isBetween(reading.found, totals) ? reading.found : reading.total,
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
    if (keys.length === 0) return { members: [], requests: 0 };
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
  #groups(exemptions: readonly Exemption[], signal: AbortSignal | undefined) {
    return this.#groupForms.ask(async (form) => {
      const { answers, requests, withoutInstances } = await this.#ask(signal, async ({ source, scope }) => {
        const found = await form.groups({ source, scope, exemptions, signal });
        const total = await this.#graph.ask(censusTotalQuery(source.tables), { scope, top: 1, signal });
        return { ...found, total: total.totalRecords, requests: found.requests + total.requests };
      });
      const groups: readonly CensusGroup[] = answers.flatMap((answer) => answer.groups);
      return {
        groups,
        found: groups.reduce((sum, { group }) => sum + group.count, 0),
        total: answers.reduce((sum, answer) => sum + answer.total, 0),
        complete: answers.every((answer) => answer.complete),
        scopeTruncated: answers.some((answer) => answer.scopeTruncated),
        withoutInstances,
        requests,
      };
    });
  }

  async #total(signal: AbortSignal | undefined) {
    const { answers, requests } = await this.#ask(signal, async ({ source, scope }) =>
      this.#graph.ask(censusTotalQuery(source.tables), { scope, top: 1, signal }),
    );
    return { total: answers.reduce((sum, answer) => sum + answer.totalRecords, 0), requests };
  }

  #members(
    exemptions: readonly Exemption[],
    keys: readonly KeyRank[],
    others: readonly string[],
    signal: AbortSignal | undefined,
  ) {
    const wanted = new Set(keys.map(({ key }) => key));
    return this.#memberForms.ask(async (form) => {
      const { answers, requests } = await this.#ask(signal, ({ source, scope }) =>
        form.members({ source, scope, exemptions, signal }, keys, others),
      );
      const members = answers.flatMap((answer) => answer.members).filter(({ key }) => wanted.has(key));
      const counts = new Map<string, number>();
      for (const { key } of members) counts.set(key, (counts.get(key) ?? 0) + 1);
      return {
        members,
        counts,
        found: members.length,
        complete: answers.every((answer) => answer.complete),
        requests,
      };
    });
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
