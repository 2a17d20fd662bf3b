import { parseImageReference } from '../core/image-reference.ts';
import { architectureOfSize, type MachineGroup } from '../core/machine.ts';
import type { OwnedMembers } from '../core/snapshot-of.ts';
import { GROUP_FIELDS, MEMBER_FIELDS } from './census-queries.ts';
import { VERDICT_COLUMNS } from './machine-queries.ts';
import { countFrom, groupFrom, type Row } from './rows.ts';

/** A group with the fields of its owner column. */
export interface CensusGroup {
  /** Undefined where it cannot be read. */
  readonly owner: readonly string[] | undefined;
  readonly group: MachineGroup;
}

/** A machine that was asked for by its key. */
export interface Member {
  readonly key: string;
  readonly owner: readonly string[];
  readonly fit: Omit<OwnedMembers, 'teams' | 'key' | 'ids'>;
  readonly id: string;
}

/** The groups of a packed answer, whether they are as many machines as it says, and else how many times that. */
export function groupsFrom(rows: readonly Row[], ownerFields: number) {
  const groups: CensusGroup[] = [];
  const tally = new Tally();
  for (const row of rows) {
    let machines = 0;
    for (const text of textsOf(row.packed)) {
      const end = text.lastIndexOf('\n');
      const columns = columnsOf(text.slice(0, end));
      for (const packed of textsOf(text.slice(end + 1))) {
        const fields = packed.split('\t');
        const named = Object.fromEntries(GROUP_FIELDS.map((name, index) => [name, fields[index]]));
        const group = { ...groupFrom({ ...columns, ...named }), ...unreadable(columns) };
        machines += group.count;
        const isWhole = fields.length === GROUP_FIELDS.length + ownerFields;
        if (!isWhole) tally.spoil();
        groups.push({ owner: isWhole ? fields.slice(GROUP_FIELDS.length) : undefined, group });
      }
    }
    tally.add(machines, countFrom(row.machines));
  }
  return { groups, ...tally.result() };
}

/** Holds what was read of each row against what the row says. */
class Tally {
  #complete = true;
  #read = 0;
  #stated = 0;

  add(read: number, stated: number): void {
    this.#complete &&= read === stated;
    this.#read += read;
    this.#stated += stated;
  }

  spoil(): void {
    this.#complete = false;
  }

  result(): { readonly complete: boolean; readonly times: number | undefined } {
    const times = this.#read < this.#stated ? this.#stated / this.#read : undefined;
    return { complete: this.#complete, times };
  }
}

/** The group of a plain row. */
export function plainGroupFrom(row: Row, ownerFields: number): CensusGroup {
  return { owner: ownerOf(row, ownerFields), group: groupFrom(row) };
}

/** The machines of a packed answer, whether they are as many as it says, and else how many times that. */
export function membersFrom(rows: readonly Row[], ownerFields: number) {
  const members: Member[] = [];
  const tally = new Tally();
  for (const row of rows) {
    let machines = 0;
    for (const packed of textsOf(row.packed)) {
      const fields = packed.split('\t');
      machines += 1;
      // It is there and cannot be read, which no smaller portion would mend; that it is not named is said.
      if (fields.length !== ownerFields + MEMBER_FIELDS.length) continue;
      const named = Object.fromEntries(MEMBER_FIELDS.map((name, index) => [name, fields[ownerFields + index]]));
      members.push(memberFrom({ ...named, key: row.key }, fields.slice(0, ownerFields)));
    }
    tally.add(machines, countFrom(row.machines));
  }
  return { members, ...tally.result() };
}

/** The machine of a plain row; undefined where it cannot be read. */
export function plainMemberFrom(row: Row, ownerFields: number): Member | undefined {
  const owner = ownerOf(row, ownerFields);
  if (owner === undefined || typeof row.id !== 'string') return undefined;
  return memberFrom({ ...row, architecture: architectureOfSize(String(row.size)) }, owner);
}

function memberFrom(row: Row, owner: readonly string[]): Member {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  return {
    key: String(row.key),
    owner,
    fit: {
      kindTag: text(row.kindTag),
      inScaleSet: row.inScaleSet === 'yes',
      fit: {
        osType: text(row.osType),
        generation: text(row.generation)?.toUpperCase(),
        architecture: text(row.architecture),
        securityType: text(row.securityType),
      },
    },
    id: String(row.id),
  };
}

function ownerOf({ owner }: Row, ownerFields: number): readonly string[] | undefined {
  const fields = typeof owner === 'string' ? owner.split('\t') : [];
  return fields.length === ownerFields ? fields : undefined;
}

/** Members of the same owners that are alike, together. */
export function mergedMembers(
  members: readonly Member[],
  teamsOf: (owner: readonly string[]) => readonly string[],
): readonly OwnedMembers[] {
  const merged = new Map<string, Omit<OwnedMembers, 'ids'> & { readonly ids: string[] }>();
  for (const { key, owner, fit, id } of members) {
    const teams = teamsOf(owner);
    const name = JSON.stringify([teams, key, fit]);
    const known = merged.get(name);
    if (known) known.ids.push(id);
    else merged.set(name, { teams, key, ...fit, ids: [id] });
  }
  return [...merged.values()];
}

/** A key taken apart into the columns it is made of. */
function columnsOf(key: string): Row {
  const parts = key.split('|');
  return {
    key,
    ...Object.fromEntries(VERDICT_COLUMNS.map((name, index) => [name, parts[index]])),
    parts: parts.length,
  };
}

/** A key that holds the separator within one of its columns cannot be taken apart again: its image is unknown. */
function unreadable({ key, parts }: Row): Partial<MachineGroup> {
  if (parts === VERDICT_COLUMNS.length) return {};
  return { image: parseImageReference({ id: key }), platform: undefined, exemptionIndex: undefined };
}

/** A list of texts, also as JSON text. What is no text is not in it, and so missing in the sum. */
function textsOf(value: unknown): readonly string[] {
  const list = typeof value === 'string' ? jsonOf(value) : value;
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
