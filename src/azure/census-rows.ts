import { parseImageReference } from '../core/image-reference.ts';
import type { MachineGroup } from '../core/machine.ts';
import type { OwnedMembers } from '../ports.ts';
import { GROUP_FIELDS, MEMBER_FIELDS } from './census-queries.ts';
import { VERDICT_COLUMNS } from './machine-queries.ts';
import { groupFrom, type Row } from './rows.ts';

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

/** The groups of a packed answer, and whether they are as many machines as it says. */
export function groupsFrom(rows: readonly Row[], ownerFields: number) {
  const groups: CensusGroup[] = [];
  let complete = true;
  for (const row of rows) {
    let machines = 0;
    for (const text of textsOf(row.packed)) {
      const end = text.lastIndexOf('\n');
      const columns = columnsOf(text.slice(0, end));
      for (const packed of textsOf(jsonOf(text.slice(end + 1)))) {
        const fields = packed.split('\t');
        const named = Object.fromEntries(GROUP_FIELDS.map((name, index) => [name, fields[index]]));
        const group = { ...groupFrom({ ...columns, ...named }), ...unreadable(columns) };
        machines += group.count;
        const isWhole = fields.length === GROUP_FIELDS.length + ownerFields;
        groups.push({ owner: isWhole ? fields.slice(GROUP_FIELDS.length) : undefined, group });
      }
    }
    complete &&= machines === Number(row.machines);
  }
  return { groups, complete };
}

/** The machines of a packed answer, and whether they are as many as it says. */
export function membersFrom(rows: readonly Row[], ownerFields: number) {
  const members: Member[] = [];
  let complete = true;
  for (const row of rows) {
    let machines = 0;
    for (const packed of textsOf(row.packed)) {
      const fields = packed.split('\t');
      machines += 1;
      // It is there and cannot be read, which no smaller portion would mend; that it is not named is said.
      if (fields.length !== ownerFields + MEMBER_FIELDS.length) continue;
      const [kindTag, inScaleSet, osType, generation, architecture, securityType, id = ''] = fields.slice(ownerFields);
      members.push({
        key: String(row.key),
        owner: fields.slice(0, ownerFields),
        fit: {
          kindTag: kindTag || undefined,
          inScaleSet: inScaleSet === 'yes',
          fit: {
            osType: osType || undefined,
            generation: generation?.toUpperCase() || undefined,
            architecture: architecture || undefined,
            securityType: securityType || undefined,
          },
        },
        id,
      });
    }
    complete &&= machines === Number(row.machines);
  }
  return { members, complete };
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

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
