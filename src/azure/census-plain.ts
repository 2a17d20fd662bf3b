import type { KeyRank } from '../ports.ts';
import type { CensusForm, CensusPart } from './census-form.ts';
import { plainGroupQuery, plainMemberQuery } from './census-queries.ts';
import { type Member, plainGroupFrom, plainMemberFrom } from './census-rows.ts';
import { allGroups } from './grouping.ts';
import { KEY_CHARACTERS } from './inventory.ts';
import { GROUP_COLUMNS } from './machine-queries.ts';
import { type Owners, ownerFields } from './owners.ts';
import type { ResourceGraph } from './resource-graph.ts';
import type { Row } from './rows.ts';
import { workOff } from './work-off.ts';

/** Beside the owner, all that two groups can differ in. A thousand groups take some two requests, so that is for 120,000. */
const GROUPING = { columns: ['owner', ...GROUP_COLUMNS], requestsAtMost: 250, atOnce: 3 } as const;

/** Queries about members under way at a time; the quota gives no more than three requests a second. */
const AT_ONCE = 3;
/** Machines asked for in one query, whose pages come one after another. */
const ROWS_A_QUERY = 5000;

/** One row for each group and for each machine: asks for nothing that the status of a team does not ask for. */
export class PlainForm implements CensusForm {
  readonly #graph: ResourceGraph;
  readonly #owners: Owners;

  constructor(graph: ResourceGraph, owners: Owners) {
    this.#graph = graph;
    this.#owners = owners;
  }

  async groups({ source, scope, exemptions, signal }: CensusPart) {
    let scopeTruncated = false;
    const { rows, complete, requests } = await allGroups(async (splits) => {
      const query = plainGroupQuery(this.#owners, exemptions, source, splits);
      const page = await this.#graph.ask(query, { scope, onePage: true, signal });
      scopeTruncated ||= page.scopeTruncated;
      return page;
    }, GROUPING);
    const groups = rows.map((row) => plainGroupFrom(row, ownerFields(this.#owners)));
    return { groups: groups.filter(({ group }) => group.count > 0), complete, scopeTruncated, requests };
  }

  async members(part: CensusPart, keys: readonly KeyRank[]) {
    // A machine that is new on one page moves another to the next, where it comes again.
    const members = new Map<string, Member>();
    let complete = true;
    let requests = 0;
    await workOff(queriesFor(keys), AT_ONCE, async (names) => {
      const query = plainMemberQuery(this.#owners, part.exemptions, part.source, names);
      const asked = await this.#rows(query, part);
      complete &&= asked.complete;
      requests += asked.requests;
      for (const row of asked.rows) {
        const member = plainMemberFrom(row, ownerFields(this.#owners));
        if (member) members.set(member.id.toLowerCase(), member);
      }
    });
    return { members: [...members.values()], complete, requests };
  }

  /** All rows of a query, also where a page comes without a token to the next. */
  async #rows(query: string, { scope, signal }: CensusPart) {
    let rows: readonly Row[] = [];
    for (let requests = 0; ; ) {
      const answer = await this.#graph.ask(query, { scope, skip: rows.length, signal });
      requests += answer.requests;
      rows = [...rows, ...answer.rows];
      const complete = rows.length >= answer.totalRecords;
      if (complete || answer.rows.length === 0) return { rows, complete, requests };
    }
  }
}

/** Keys in parts that fit a query and are alike in length. */
function queriesFor(keys: readonly KeyRank[]): string[][] {
  const parts: { names: string[]; characters: number; rows: number }[] = [];
  for (const { key, count } of keys) {
    const last = parts.at(-1);
    if (last && last.characters + key.length <= KEY_CHARACTERS && last.rows + count <= ROWS_A_QUERY) {
      last.names.push(key);
      last.characters += key.length;
      last.rows += count;
    } else parts.push({ names: [key], characters: key.length, rows: count });
  }
  return parts.map(({ names }) => names);
}
