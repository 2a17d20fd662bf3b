import type { Catalogue } from './catalogue.ts';
import { STATES, type Verdict } from './classification.ts';
import { imageWarnings } from './image-age.ts';
import { agesOf, type ImageUse, imageUseOf, versionsOf } from './image-use.ts';
import { type Fit, type Kind, kindOf, type MachineGroup } from './machine.ts';
import type { Exemption, ImagePolicy } from './policy.ts';
import {
  type Counts,
  countStates,
  isFinding,
  type Judged,
  judge,
  type Unread,
  unlistedScope,
  urgency,
} from './report.ts';
import { resourceName } from './resource-id.ts';
import type { Case, EstateSnapshot, TeamSnapshot } from './snapshot.ts';
import { type Target, targetOf } from './target.ts';
import type { Team } from './team.ts';
import { compareText } from './text.ts';
import { nextStepOf, reasonOf, warningText } from './wording.ts';

/** What one pass over Azure read. */
export interface Pass {
  readonly groups: readonly { readonly teams: readonly string[]; readonly group: MachineGroup }[];
  /** Who is behind the groups that need attention. */
  readonly members: readonly OwnedMembers[];
  /** Machines Azure counts in all, found independently of the groups (scale sets' models included). */
  readonly total: number;
  readonly catalogue: Catalogue;
  readonly policy: ImagePolicy;
  /** Those that the groups were asked with. */
  readonly exemptions: readonly Exemption[];
  readonly teams: readonly Team[];
  readonly unread: readonly Unread[];
  readonly asOf: Date;
  readonly requests: number;
}

/** Machines of the same owners whose digest line is the same. */
export interface OwnedMembers {
  /** Names of the teams they belong to; none for what is nobody's. */
  readonly teams: readonly string[];
  /** The key of their machine group. */
  readonly key: string;
  readonly kindTag: string | undefined;
  readonly inScaleSet: boolean;
  /** What an image has to fit to take the place of theirs. */
  readonly fit: Fit;
  /** Resource ids as Azure spells them. */
  readonly ids: readonly string[];
}

/** Ids of unowned machines that are told as examples. */
const EXAMPLES_AT_MOST = 10;

/** A group with its verdict and what is told of its image. */
interface Used {
  readonly judged: Judged;
  readonly image: ImageUse;
}

/**
 * Makes of one pass what every team's digest, dashboard and trend need. Machines that Azure counts but did not list are
 * unknown and nobody's; a finding that was counted but not named is said, so that nobody takes it for fixed.
 */
export function snapshotsOf(pass: Pass): {
  readonly estate: EstateSnapshot;
  readonly teams: readonly TeamSnapshot[];
} {
  const asOfMs = pass.asOf.getTime();
  const used = usedOf(pass);
  const unlisted = Math.max(0, pass.total - pass.groups.reduce((sum, { group }) => sum + group.count, 0));
  const general = [...pass.unread.filter(({ teams }) => teams === undefined), ...unlistedScope(unlisted)];
  const byTeam = shareOut(pass, used);
  const unowned = byTeam.get(NOBODY) ?? NOTHING;
  const byKey = new Map(used.map((each) => [each.judged.group.key, each]));
  const targetFor = targetFinder(pass);
  const all = used.map(({ judged }) => judged);
  const teams = pass.teams.map((team): TeamSnapshot => {
    const { used: own, members } = byTeam.get(team.name) ?? NOTHING;
    const judged = own.map((each) => each.judged);
    const counts = countStates(judged, 0);
    return {
      team: team.name,
      asOfMs,
      total: totalOf(counts),
      counts,
      ages: agesOf(own),
      versions: versionsOf(own),
      cases: casesOf(members, team.kind, byKey, targetFor),
      warnings: imageWarnings(judged, pass.catalogue, pass.policy, pass.asOf).map(warningText),
      unread: [
        ...general,
        ...pass.unread.filter((each) => each.teams?.includes(team.name)),
        ...unnamedScope(judged, members),
      ],
    };
  });
  const ownCounts = countStates(
    unowned.used.map(({ judged }) => judged),
    0,
  );
  const counts = countStates(all, unlisted);
  return {
    estate: {
      asOfMs,
      total: pass.total,
      unowned: {
        total: totalOf(ownCounts),
        counts: ownCounts,
        examples: casesOf(unowned.members, 'cattle', byKey, targetFor)
          .flatMap(({ ids }) => ids)
          .slice(0, EXAMPLES_AT_MOST),
      },
      overall: { total: totalOf(counts), counts },
      versions: versionsOf(used),
      unread: [...pass.unread, ...unlistedScope(unlisted)],
      requests: pass.requests,
    },
    teams,
  };
}

/** No team is called so: names are not empty. */
const NOBODY = '';

interface Share {
  readonly used: Used[];
  readonly members: OwnedMembers[];
}
const NOTHING: Share = { used: [], members: [] };

/** Who owns what; what is nobody's under `NOBODY`. */
function shareOut(pass: Pass, used: readonly Used[]): ReadonlyMap<string, Share> {
  const shares = new Map<string, Share>();
  const shareOf = (owner: string): Share => {
    const share = shares.get(owner) ?? { used: [], members: [] };
    shares.set(owner, share);
    return share;
  };
  const owners = (teams: readonly string[]) => (teams.length === 0 ? [NOBODY] : teams);
  for (const [index, { teams }] of pass.groups.entries()) {
    for (const owner of owners(teams)) shareOf(owner).used.push(used[index] as Used);
  }
  for (const each of pass.members) for (const owner of owners(each.teams)) shareOf(owner).members.push(each);
  return shares;
}

/** Judges every group. Groups of one key share their verdict, and there are far fewer keys than groups. */
function usedOf({ groups, exemptions, catalogue, policy, asOf }: Pass): readonly Used[] {
  const known = new Map<string, { readonly verdict: Verdict; readonly image: ImageUse }>();
  return groups.map(({ group }) => {
    let found = known.get(group.key);
    if (!found) {
      const [judged] = judge([group], exemptions, catalogue, policy, asOf);
      found = { verdict: (judged as Judged).verdict, image: imageUseOf(group.image, catalogue, policy, asOf) };
      known.set(group.key, found);
    }
    return { judged: { group, verdict: found.verdict }, image: found.image };
  });
}

/** The findings that call for the same thing, worst first. */
function casesOf(
  members: readonly OwnedMembers[],
  teamKind: Kind,
  byKey: ReadonlyMap<string, Used>,
  targetFor: (group: MachineGroup, fit: Fit) => Target,
): readonly Case[] {
  const cases = new Map<string, { verdict: Verdict; ids: string[]; rest: Omit<Case, 'ids'> }>();
  for (const { key, fit, ids, ...member } of members) {
    const found = byKey.get(key);
    if (!found) continue;
    const { group, verdict } = found.judged;
    const target = targetFor(group, fit);
    const kind = kindOf(member, teamKind);
    const rest = {
      state: verdict.state,
      kind,
      type: group.type,
      image: found.image.words,
      reason: reasonOf(verdict),
      nextStep: nextStepOf({ verdict, target, kind, type: group.type }),
    };
    const name = JSON.stringify(rest);
    const known = cases.get(name);
    // One by one: a call takes a bounded number of arguments, and a case may have more machines.
    if (known) for (const id of ids) known.ids.push(id);
    else cases.set(name, { verdict, ids: [...ids], rest });
  }
  return [...cases.entries()]
    .sort(
      ([aName, a], [bName, b]) =>
        urgency(a.verdict, b.verdict) ||
        Number(b.rest.kind === 'pet') - Number(a.rest.kind === 'pet') ||
        compareText(aName, bName),
    )
    .map(([, { rest, ids }]) => ({ ...rest, ids: ids.sort(byName) }));
}

/** Finds targets; machines of one key and fit share theirs. */
function targetFinder({ catalogue, policy, asOf }: Pass): (group: MachineGroup, fit: Fit) => Target {
  const known = new Map<string, Target>();
  return (group, fit) => {
    const name = JSON.stringify([group.key, fit]);
    const target = known.get(name) ?? targetOf({ ...group, ...fit }, catalogue, policy, asOf);
    known.set(name, target);
    return target;
  };
}

/** Findings that are counted, but that Azure did not name when it was asked for them. */
function unnamedScope(judged: readonly Judged[], members: readonly OwnedMembers[]): readonly Unread[] {
  const named = new Map<string, number>();
  for (const { key, ids } of members) named.set(key, (named.get(key) ?? 0) + ids.length);
  const counted = new Map<string, number>();
  for (const { group, verdict } of judged) {
    if (isFinding(group.type, verdict)) counted.set(group.key, (counted.get(group.key) ?? 0) + group.count);
  }
  const unnamed = [...counted].reduce((sum, [key, count]) => sum + Math.max(0, count - (named.get(key) ?? 0)), 0);
  if (unnamed === 0) return [];
  return [
    {
      scope: unnamed === 1 ? '1 finding' : `${unnamed} findings`,
      reason: 'Azure counts them but did not name them; they may have moved meanwhile',
    },
  ];
}

function totalOf(counts: Counts): number {
  return STATES.reduce((sum, state) => sum + counts[state], 0);
}

function byName(a: string, b: string): number {
  return compareText(resourceName(a), resourceName(b)) || compareText(a, b);
}
