import type { Catalogue } from './catalogue.ts';
import { classify, STATES, type State, type Verdict } from './classification.ts';
import { type ImageWarning, imageWarnings } from './image-age.ts';
import { imageName } from './image-reference.ts';
import { isInScaleSet, type Kind, kindOf, type Machine, type MachineGroup, type MachineType } from './machine.ts';
import type { Exemption, ImagePolicy } from './policy.ts';
import { type Target, targetOf } from './target.ts';
import { compareText } from './text.ts';

/** The states that ask somebody to act, worst first. */
export const ATTENTION = [
  'revoked',
  'endOfLife',
  'nonGolden',
  'unknown',
  'outdated',
] as const satisfies readonly State[];

/** How many machines are in each state. */
export type Counts = Readonly<Record<State, number>>;

/** A scope that could not be read: its machines are not in any count. */
export interface Unread {
  /** A subscription, a gallery or another part of the estate, as a person would name it. */
  readonly scope: string;
  readonly reason: string;
  /** What may be out of sight for that; absent: anything. */
  readonly hides?: Hidden;
  /** The teams it concerns; absent: all. */
  readonly teams?: readonly string[];
}

/** Machines that cannot be seen while something is unread. An unread gallery hides none: they are shown as unknown. */
export type Hidden = 'nothing' | 'instances' | { readonly subscription: string };

/** One machine (or scale set) that needs attention or was asked for. */
export interface Finding {
  readonly id: string;
  readonly name: string;
  readonly type: MachineType;
  readonly verdict: Verdict;
  readonly image: string | undefined;
  readonly target: Target;
  readonly kind: Kind;
  readonly region: string | undefined;
  readonly powerState: string | undefined;
  readonly scaleSetId: string | undefined;
}

/** The answer to `golden status`. */
export interface StatusReport {
  readonly team: string;
  readonly asOf: Date;
  readonly total: number;
  readonly counts: Counts;
  /** Current machines as a part (0..1) of those that are neither exempt nor managed by a platform; undefined for none. */
  readonly share: number | undefined;
  /** Worst first; scale sets whose model needs attention stand beside their instances. */
  readonly findings: readonly Finding[];
  /** How many findings there are in all. */
  readonly attention: number;
  /** Of the machines that need attention: how many are pets, and how many are not running. */
  readonly care: { readonly pets: number; readonly notRunning: number };
  readonly warnings: readonly ImageWarning[];
  readonly unread: readonly Unread[];
  readonly requests: number;
}

/** What was read for a report. */
export interface Evidence {
  readonly asOf: Date;
  readonly groups: readonly MachineGroup[];
  /** Machines Azure counts in the team's scope, found independently of the groups (scale sets included). */
  readonly total: number;
  readonly machines: readonly Machine[];
  readonly exemptions: readonly Exemption[];
  readonly unread: readonly Unread[];
  readonly requests: number;
}

/** A group with the verdict that all its machines share. */
export interface Judged {
  readonly group: MachineGroup;
  readonly verdict: Verdict;
}

/** Judges every group. */
export function judge(
  groups: readonly MachineGroup[],
  exemptions: readonly Exemption[],
  catalogue: Catalogue,
  policy: ImagePolicy,
  at: Date,
): readonly Judged[] {
  return groups.map((group) => ({
    group,
    verdict: classify(group, catalogue, policy, at, exemptionAt(exemptions, group.exemptionIndex)),
  }));
}

/**
 * Whether a verdict is a finding of its own. A scale set's model is not a machine: it matters where its next scale-out
 * would make a machine that is old, revoked or cannot be made at all.
 */
export function isFinding(type: MachineType, verdict: Verdict): boolean {
  if (type === 'scaleSet') return ['revoked', 'endOfLife', 'outdated'].includes(verdict.state);
  return (ATTENTION as readonly State[]).includes(verdict.state);
}

/**
 * The keys of what needs attention, each with how many rows stand behind it and its rank: by state, then the furthest
 * behind. Keys of one rank are equally urgent.
 */
export function attentionKeys(
  judged: readonly Judged[],
  only?: readonly State[],
): readonly { readonly key: string; readonly count: number; readonly rank: number }[] {
  const keys = new Map<string, { key: string; count: number; verdict: Verdict }>();
  for (const { group, verdict } of judged) {
    const asked = only ? only.includes(verdict.state) && group.type !== 'scaleSet' : isFinding(group.type, verdict);
    if (!asked) continue;
    const known = keys.get(group.key);
    if (known) known.count += group.count;
    else keys.set(group.key, { key: group.key, count: group.count, verdict });
  }
  const sorted = [...keys.values()].sort((a, b) => urgency(a.verdict, b.verdict) || compareText(a.key, b.key));
  let rank = 0;
  return sorted.map(({ key, count, verdict }, index) => {
    const previous = sorted[index - 1];
    if (previous && urgency(previous.verdict, verdict) !== 0) rank += 1;
    return { key, count, rank };
  });
}

/**
 * Puts a report together. Machines that Azure counts but did not list in the groups are `unknown`, never left out and
 * never clean: the counts always sum to the total.
 */
export function statusReport(
  team: { readonly name: string; readonly kind: Kind },
  evidence: Evidence,
  catalogue: Catalogue,
  policy: ImagePolicy,
): StatusReport {
  const { asOf } = evidence;
  const judged = judge(evidence.groups, evidence.exemptions, catalogue, policy, asOf);
  const listed = judged.reduce((sum, { group }) => sum + group.count, 0);
  const unlisted = Math.max(0, evidence.total - listed);
  const counts = countStates(judged, unlisted);
  const total = STATES.reduce((sum, state) => sum + counts[state], 0);
  return {
    team: team.name,
    asOf,
    total,
    counts,
    share: shareOf(counts),
    findings: evidence.machines
      .map((machine) => findingOf(machine, team.kind, evidence.exemptions, catalogue, policy, asOf))
      .filter((finding) => isFinding(finding.type, finding.verdict))
      .sort(worstFirst),
    attention: judged.reduce((sum, { group, verdict }) => sum + (isFinding(group.type, verdict) ? group.count : 0), 0),
    care: careOf(judged, team.kind),
    warnings: imageWarnings(judged, catalogue, policy, asOf),
    unread: [...evidence.unread, ...unlistedScope(unlisted)],
    requests: evidence.requests,
  };
}

/** Current machines as a part (0..1) of those that are neither exempt nor managed by a platform; undefined for none. */
export function shareOf(counts: Counts): number | undefined {
  const counted = STATES.reduce((sum, state) => sum + counts[state], 0) - counts.exempt - counts.platformManaged;
  return counted === 0 ? undefined : counts.current / counted;
}

/** One machine's finding: its verdict and where to move it. */
export function findingOf(
  machine: Machine,
  teamKind: Kind,
  exemptions: readonly Exemption[],
  catalogue: Catalogue,
  policy: ImagePolicy,
  at: Date,
): Finding {
  return {
    id: machine.id,
    name: machine.name,
    type: machine.type,
    verdict: classify(machine, catalogue, policy, at, exemptionAt(exemptions, machine.exemptionIndex)),
    image: imageName(machine.image),
    target: targetOf(machine, catalogue, policy, at),
    kind: kindOf({ kindTag: machine.kindTag, inScaleSet: isInScaleSet(machine) }, teamKind),
    region: machine.region,
    powerState: machine.powerState,
    scaleSetId: machine.scaleSetId,
  };
}

/** Orders findings: by state, then the furthest behind, pets before cattle, then by name and id so that it repeats. */
function worstFirst(a: Finding, b: Finding): number {
  return (
    urgency(a.verdict, b.verdict) ||
    Number(b.kind === 'pet') - Number(a.kind === 'pet') ||
    compareText(a.name, b.name) ||
    compareText(a.id, b.id)
  );
}

/** How far behind a verdict says the machine is, where it says so. */
export function lagOfVerdict(verdict: Verdict): { versionsBehind: number; daysBehind: number | undefined } | undefined {
  if (verdict.state === 'exempt') return lagOfVerdict(verdict.otherwise);
  return 'lag' in verdict ? verdict.lag : undefined;
}

/** Negative where `a` is more urgent than `b`: by state, then by versions and days behind. */
export function urgency(a: Verdict, b: Verdict): number {
  const behind = (verdict: Verdict, measure: 'versionsBehind' | 'daysBehind') => lagOfVerdict(verdict)?.[measure] ?? 0;
  return (
    severityOf(a) - severityOf(b) ||
    behind(b, 'versionsBehind') - behind(a, 'versionsBehind') ||
    behind(b, 'daysBehind') - behind(a, 'daysBehind')
  );
}

/** Pets and machines at rest are planned differently from cattle at work. */
function careOf(judged: readonly Judged[], teamKind: Kind): StatusReport['care'] {
  let pets = 0;
  let notRunning = 0;
  for (const { group, verdict } of judged) {
    if (group.type === 'scaleSet' || !isFinding(group.type, verdict)) continue;
    if (kindOf(group, teamKind) === 'pet') pets += group.count;
    if (group.powerState !== undefined && group.powerState !== 'running') notRunning += group.count;
  }
  return { pets, notRunning };
}

/** How many machines are in each state; models of scale sets are none, and those Azure did not list are unknown. */
export function countStates(judged: readonly Judged[], unlisted: number): Counts {
  const counts = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<State, number>;
  for (const { group, verdict } of judged) if (group.type !== 'scaleSet') counts[verdict.state] += group.count;
  counts.unknown += unlisted;
  return counts;
}

/** Says how many machines Azure counts and did not list. */
export function unlistedScope(unlisted: number): readonly Unread[] {
  return unlisted === 0
    ? []
    : [
        {
          scope: unlisted === 1 ? '1 machine' : `${unlisted} machines`,
          reason: 'Azure counts them but did not list them; they are shown as unknown',
        },
      ];
}

function severityOf(verdict: Verdict): number {
  const severity = (ATTENTION as readonly State[]).indexOf(verdict.state);
  return severity === -1 ? ATTENTION.length : severity;
}

/** The exemption of that position among those that were asked for. */
export function exemptionAt(exemptions: readonly Exemption[], index: number | undefined): Exemption | undefined {
  return index === undefined ? undefined : exemptions[index];
}
