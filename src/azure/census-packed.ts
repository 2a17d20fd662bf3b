import type { KeyRank } from '../ports.ts';
import type { CensusForm, CensusPart } from './census-form.ts';
import { censusGroupQuery, censusMemberQuery } from './census-queries.ts';
import { groupsFrom, type Member, membersFrom } from './census-rows.ts';
import { KEY_CHARACTERS } from './inventory.ts';
import { type Owners, ownerFields } from './owners.ts';
import { inPortions } from './portions.ts';
import type { Answer, ResourceGraph } from './resource-graph.ts';

/** Keys named in one query: each is a row of the answer, which has one page. */
const KEYS_AT_MOST = 900;

/** Few long rows: neither teams nor machines multiply the requests. */
export class PackedForm implements CensusForm {
  readonly #graph: ResourceGraph;
  readonly #owners: Owners;

  constructor(graph: ResourceGraph, owners: Owners) {
    this.#graph = graph;
    this.#owners = owners;
  }

  async groups({ source, scope, exemptions, signal }: CensusPart) {
    let scopeTruncated = false;
    const { values, complete, requests } = await inPortions(async (only) => {
      const query = censusGroupQuery(this.#owners, exemptions, source, only);
      const page = await this.#graph.ask(query, { scope, onePage: true, signal });
      scopeTruncated ||= page.scopeTruncated;
      const { groups, ...told } = groupsFrom(page.rows, ownerFields(this.#owners));
      return { value: groups, ...toldOf(page, told) };
    });
    return { groups: values.flat(), complete, scopeTruncated, requests };
  }

  async members(
    { source, scope, exemptions, signal }: CensusPart,
    keys: readonly KeyRank[],
    others: readonly string[],
  ) {
    const names = keys.map(({ key }) => key);
    const members: Member[][] = [];
    let requests = 0;
    for (const named of queriesFor(names, others)) {
      const portions = await inPortions(async (only) => {
        const query = censusMemberQuery(this.#owners, exemptions, source, named, only);
        const page = await this.#graph.ask(query, { scope, onePage: true, signal });
        const { members: value, ...told } = membersFrom(page.rows, ownerFields(this.#owners));
        return { value, ...toldOf(page, told) };
      });
      requests += portions.requests;
      members.push(portions.values.flat());
      // What one query cannot be told, the others hardly are; the plain form is cheaper by then.
      if (!portions.complete) return { members: members.flat(), complete: false, requests };
    }
    return { members: members.flat(), complete: true, requests };
  }
}

/** Rows that are missing make an answer incomplete as well. */
function toldOf(
  { rows, totalRecords, requests }: Answer,
  { complete, times }: { complete: boolean; times?: number | undefined },
) {
  return { complete: complete && rows.length >= totalRecords, times, requests };
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
