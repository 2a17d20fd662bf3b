import { count } from '../core/wording.ts';
import { type PathFault, valueAt } from './issues.ts';
import { TEAM_NAME } from './shapes.ts';

/**
 * What several keys have to agree on. These rules look at the file as it is written rather than at the schema's result,
 * which exists only once every single value is right: all faults are to be reported together.
 */
export function brokenRules(written: unknown): readonly PathFault[] {
  return [
    ...protoKeys(written),
    ...scopeRule(written),
    ...teamNames(written),
    ...teams(written).flatMap(([name, team]) => teamRules(name, team, fields(valueAt(written, ['digest'])))),
  ];
}

/** Zod passes over this one key in silence, and what is refused must never be what is ignored. */
function protoKeys(written: unknown, parts: readonly PropertyKey[] = []): PathFault[] {
  if (Array.isArray(written)) return written.flatMap((item, index) => protoKeys(item, [...parts, index]));
  return Object.entries(fields(written)).flatMap(([key, value]) => {
    const here = [...parts, key];
    const faults = protoKeys(value, here);
    if (key !== '__proto__') return faults;
    return [{ parts: here, problem: 'is not a key that is known here', remedy: 'Remove it.' }, ...faults];
  });
}

function scopeRule(written: unknown): PathFault[] {
  const { managementGroups, subscriptions } = fields(valueAt(written, ['azure']));
  if (managementGroups === undefined || subscriptions === undefined) return [];
  return [
    {
      parts: ['azure'],
      problem: 'has both managementGroups and subscriptions',
      remedy:
        'Keep one of them: Azure Resource Graph takes either. With neither, everything the identity can read counts.',
    },
  ];
}

function teamNames(written: unknown): PathFault[] {
  const all = valueAt(written, ['teams']);
  const names = Object.keys(fields(all));
  if (isMapping(all) && names.length === 0) {
    return [{ parts: ['teams'], problem: 'is empty', remedy: 'Name at least one team; see golden.example.yml.' }];
  }
  return names.flatMap((name, index): PathFault[] => {
    if (!TEAM_NAME.test(name)) {
      return [
        {
          parts: ['teams', name],
          problem: 'is not a team name',
          remedy:
            'Use letters, digits, "-", "_", "." and spaces inside, so that people can type it after `/golden status`.',
        },
      ];
    }
    const twin = names.slice(0, index).find((other) => other.toLowerCase() === name.toLowerCase());
    return twin === undefined
      ? []
      : [
          {
            parts: ['teams', name],
            problem: `is the same name as ${twin}`,
            remedy: 'Rename one: case does not count.',
          },
        ];
  });
}

function teamRules(
  name: string,
  team: Readonly<Record<string, unknown>>,
  shared: Readonly<Record<string, unknown>>,
): PathFault[] {
  const faults: PathFault[] = [];
  const match = team.match;
  if (isMapping(match) && ['tags', 'subscriptions', 'resourceGroups'].every((key) => isEmpty(match[key]))) {
    faults.push({
      parts: ['teams', name, 'match'],
      problem: 'matches nothing',
      remedy:
        "Give at least one tag, subscription or resource group; a machine that matches any of them is the team's.",
    });
  }
  if (isMapping(team.digest) && team.channel === undefined) {
    faults.push({
      parts: ['teams', name, 'digest'],
      problem: 'has no channel to go to',
      remedy: `Give teams.${name}.channel, the id of the team's Slack channel, or remove the digest.`,
    });
  }
  faults.push(...digestRules(name, team, shared));
  const { users, userGroups, required } = fields(team.approvers);
  // The members of a group are Slack's to know, so only a list of users alone can be counted.
  const people = Array.isArray(users) ? new Set(users).size : 0;
  const approvals = typeof required === 'number' ? required : 1;
  if (isMapping(team.approvers) && isEmpty(userGroups) && approvals > people) {
    faults.push({
      parts: ['teams', name, 'approvers'],
      problem: `asks for ${count(approvals, 'approval')} but names ${count(people, 'user')}`,
      remedy: 'Name more users or a user group, or remove the key: without it nothing can be approved.',
    });
  }
  return faults;
}

/** Who writes a digest for a team has to say when; what is the same for all teams may stand in the common `digest`. */
function digestRules(
  name: string,
  team: Readonly<Record<string, unknown>>,
  shared: Readonly<Record<string, unknown>>,
): PathFault[] {
  if (!isMapping(team.digest)) return [];
  const own = team.digest;
  return ['day', 'time', 'timezone']
    .filter((key) => own[key] === undefined && shared[key] === undefined)
    .map((key) => ({
      parts: ['teams', name, 'digest', key],
      problem: 'is missing: a digest needs its day, time and time zone',
      remedy: `Give teams.${name}.digest.${key}, or digest.${key} for all teams.`,
    }));
}

function teams(written: unknown): [string, Readonly<Record<string, unknown>>][] {
  return Object.entries(fields(valueAt(written, ['teams']))).flatMap(([name, team]) =>
    isMapping(team) ? [[name, team]] : [],
  );
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isMapping(value) && Object.keys(value).length === 0;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return isMapping(value) ? value : {};
}
