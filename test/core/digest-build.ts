import { STATES, type State } from '../../src/core/classification.ts';
import type { WeekPoint } from '../../src/core/digest.ts';
import type { DigestEvidence } from '../../src/core/digest-of.ts';
import type { DayRecord, OpenFinding } from '../../src/core/history.ts';
import { type Counts, shareOf } from '../../src/core/report.ts';
import type { Case, EstateSnapshot, TeamSnapshot, VersionUse } from '../../src/core/snapshot.ts';
import type { DigestTime, TeamDigest } from '../../src/core/team.ts';
import { weekAt } from '../../src/core/week.ts';
import { NOW, SUBSCRIPTION, teamOf } from './build.ts';

/** Builders for what digests are made of; NOW is the Saturday of 2026-W47. */

export const DAY_MS = 86_400_000;
export const WEEK = '2026-W47';

export function timeOf(part: Partial<DigestTime> = {}): DigestTime {
  return { day: 'monday', time: '09:00', timezone: 'Europe/Berlin', ...part };
}

export function teamDigestOf(part: Partial<TeamDigest> = {}): TeamDigest {
  return { ...timeOf(), catchUpHours: 24, escalateAfterWeeks: 4, ...part };
}

export function countsOf(part: Partial<Counts> = {}): Counts {
  return { ...(Object.fromEntries(STATES.map((state) => [state, 0])) as Record<State, number>), ...part };
}

export function vmId(name: string): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-x/providers/Microsoft.Compute/virtualMachines/${name}`;
}

export function caseOf(names: readonly string[], part: Partial<Case> = {}): Case {
  return {
    state: 'outdated',
    kind: 'cattle',
    type: 'virtualMachine',
    image: 'ubuntu-22 1.4.0',
    reason: 'ubuntu-22 1.4.0 is 2 versions behind 1.6.0.',
    nextStep: 'Rebuild it from ubuntu-22 1.6.0.',
    ids: names.map(vmId),
    ...part,
  };
}

export function snapshotOf(part: Partial<TeamSnapshot> = {}): TeamSnapshot {
  return {
    team: 'team-x',
    asOfMs: NOW.getTime(),
    total: 10,
    counts: countsOf({ current: 10 }),
    ages: [],
    versions: [],
    cases: [],
    warnings: [],
    unread: [],
    ...part,
  };
}

export function estateOf(part: Partial<EstateSnapshot> = {}): EstateSnapshot {
  return {
    asOfMs: NOW.getTime(),
    total: 10,
    unowned: { total: 0, counts: countsOf(), examples: [] },
    overall: { total: 10, counts: countsOf({ current: 10 }) },
    versions: [],
    unread: [],
    requests: 4,
    ...part,
  };
}

export function openOf(name: string, part: Partial<OpenFinding> = {}): OpenFinding {
  return { id: vmId(name), since: '2026-11-10', state: 'outdated', image: 'ubuntu-22 1.4.0', ...part };
}

/** The record of a day at noon in UTC. */
export function recordOf(day: string, part: Partial<DayRecord> = {}): DayRecord {
  return {
    day,
    asOfMs: Date.parse(`${day}T12:00:00Z`),
    total: 10,
    counts: countsOf({ current: 10 }),
    attention: 0,
    complete: true,
    ...part,
  };
}

export function useOf(part: Partial<VersionUse> = {}): VersionUse {
  return { definition: 'ubuntu-22', version: '1.4.0', state: 'current', machines: 3, ...part };
}

/** Points a week apart, the last one at NOW, with so many findings of a hundred machines each. */
export function pointsOf(...attention: readonly number[]): readonly WeekPoint[] {
  return attention.map((findings, index) => pointAgo(attention.length - 1 - index, { attention: findings }));
}

/** A point so many weeks before NOW. */
export function pointAgo(weeks: number, part: Partial<WeekPoint> & { readonly attention: number }): WeekPoint {
  const at = new Date(NOW.getTime() - weeks * 7 * DAY_MS);
  const counts = countsOf({ outdated: part.attention, current: Math.max(0, 100 - part.attention) });
  return {
    week: weekAt(at, 'UTC'),
    day: at.toISOString().slice(0, 10),
    total: 100,
    counts,
    share: shareOf(counts),
    medianAgeDays: undefined,
    p90AgeDays: undefined,
    ...part,
  };
}

export function evidenceOf(part: Partial<DigestEvidence> = {}): DigestEvidence {
  return {
    team: teamOf({ digest: teamDigestOf() }),
    week: WEEK,
    snapshot: snapshotOf(),
    openBefore: [],
    openNow: undefined,
    days: [recordOf('2026-11-14')],
    beforeDay: '2026-11-14',
    hides: () => false,
    skipped: [],
    now: NOW,
    ...part,
  };
}
