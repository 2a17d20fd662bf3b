import { STATES, type State } from '../../src/core/classification.ts';
import type { CaseGroup, Digest, PlatformDigest, RankedTeam, WeekPoint } from '../../src/core/digest.ts';
import { DAY_MS } from '../../src/core/local-time.ts';
import { ATTENTION, type Counts } from '../../src/core/report.ts';
import type { Case, TeamSnapshot } from '../../src/core/snapshot.ts';
import { aTeam, idOf, NOW } from './build.ts';

/** Values of digests with defaults, so that a test names only what it is about. */

export function theCounts(given: Partial<Counts> = { current: 62, outdated: 18 }): Counts {
  const none = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<State, number>;
  return { ...none, ...given };
}

/** What follows from counts. */
function sums(counts: Counts) {
  const total = STATES.reduce((sum, state) => sum + counts[state], 0);
  const judged = total - counts.exempt - counts.platformManaged;
  const attention = ATTENTION.reduce((sum, state) => sum + counts[state], 0);
  return { total, share: judged === 0 ? undefined : counts.current / judged, attention };
}

/** A point of a trend, `weeksAgo` before now. */
export function aPoint(weeksAgo: number, given: Partial<Counts> = { current: 62, outdated: 18 }): WeekPoint {
  const counts = theCounts(given);
  const day = new Date(NOW.getTime() - weeksAgo * 7 * DAY_MS).toISOString().slice(0, 10);
  return { week: `2026-W${47 - weeksAgo}`, day, counts, ...sums(counts), medianAgeDays: 40, p90AgeDays: 120 };
}

/** Weeks that become better, the last one now. */
export function someWeeks(many = 12): readonly WeekPoint[] {
  return Array.from({ length: many }, (_, index) => {
    const ago = many - 1 - index;
    return aPoint(ago, {
      current: 62 - ago * 3,
      outdated: 14 + ago * 2,
      nonGolden: 3 + ago,
      revoked: ago > 5 ? 2 : 1,
      exempt: 4,
    });
  });
}

export function aCase(given: Partial<Case> = {}): Case {
  return {
    state: 'outdated',
    kind: 'cattle',
    type: 'virtualMachine',
    image: 'ubuntu-22 1.4.0',
    reason: 'ubuntu-22 1.4.0 is 2 versions and 61 days behind 1.6.0.',
    nextStep: 'Rebuild it from ubuntu-22 1.6.0.',
    ids: [idOf('web-01')],
    ...given,
  };
}

/** A group of machines `prefix-01`, `prefix-02`, … */
export function aGroup(many: number, prefix = 'web', given: Partial<Case> = {}, since?: string): CaseGroup {
  const ids = Array.from({ length: many }, (_, index) => idOf(`${prefix}-${String(index + 1).padStart(2, '0')}`));
  return { case: aCase({ ids, ...given }), ids, since };
}

export function aDigest(given: Partial<Omit<Digest, 'counts'>> & { readonly counts?: Partial<Counts> } = {}): Digest {
  const weeks = given.weeks ?? someWeeks();
  const counts = theCounts(given.counts ?? weeks.at(-1)?.counts);
  return {
    team: aTeam({ name: 'payments' }),
    week: '2026-W47',
    asOf: NOW,
    ...sums(counts),
    before: weeks.at(-2),
    fresh: [],
    open: [],
    fixed: [],
    hidden: 0,
    ending: [],
    projection: { kind: 'unknown' },
    stuckWeeks: undefined,
    skipped: [],
    unread: [],
    warnings: [],
    ...given,
    weeks,
    counts,
  };
}

/** Everything a digest can say, at a usual size. */
export function aFullDigest(given: Partial<Omit<Digest, 'counts'>> = {}): Digest {
  return aDigest({
    fresh: [
      aGroup(1, 'pay-db', {
        state: 'revoked',
        kind: 'pet',
        image: 'rhel-9 2.0.0',
        reason: 'Its image was revoked on 2026-11-18: CVE-2026-4242.',
        nextStep: 'Plan a side-by-side rebuild from rhel-9 2.1.0 with its owner.',
      }),
      aGroup(7, 'pay-web'),
    ],
    open: [
      aGroup(
        3,
        'legacy',
        {
          state: 'nonGolden',
          kind: 'pet',
          image: 'Marketplace image canonical:ubuntu:18_04',
          reason: 'Marketplace image canonical:ubuntu:18_04 is not an approved image.',
          nextStep: 'Plan a side-by-side rebuild from ubuntu-22 1.6.0 with its owner.',
        },
        '2026-08-03',
      ),
      aGroup(7, 'batch', {}, '2026-10-19'),
    ],
    fixed: [
      { state: 'outdated', image: 'ubuntu-22 1.3.0', ids: ['a', 'b', 'c', 'd', 'e'].map((n) => idOf(`api-${n}`)) },
    ],
    ending: [
      {
        definition: 'ubuntu-22',
        version: '1.4.0',
        machines: 7,
        endsAt: new Date('2026-12-03T00:00:00Z'),
        daysLeft: 12,
      },
    ],
    projection: { kind: 'on', date: new Date('2027-03-12T00:00:00Z'), perWeek: 3 },
    ...given,
  });
}

export function aRankedTeam(given: Partial<RankedTeam> = {}): RankedTeam {
  return {
    team: 'payments',
    channel: 'C0PAYMENTS',
    total: 80,
    share: 0.775,
    attention: 18,
    shareBefore: 0.74,
    mutedUntil: undefined,
    hasDigest: true,
    ...given,
  };
}

export function aPlatformDigest(
  given: Partial<Omit<PlatformDigest, 'counts'>> & { readonly counts?: Partial<Counts> } = {},
): PlatformDigest {
  const counts = theCounts(given.counts ?? { current: 620, outdated: 140, nonGolden: 30, revoked: 2, exempt: 40 });
  return {
    week: '2026-W47',
    asOf: NOW,
    ...sums(counts),
    teams: [aRankedTeam()],
    unowned: { total: 0, counts: theCounts({}), examples: [] },
    ending: [],
    troubles: [],
    weeks: someWeeks(),
    unread: [],
    ...given,
    counts,
  };
}

export function aTeamSnapshot(given: Partial<TeamSnapshot> = {}): TeamSnapshot {
  const counts = given.counts ?? theCounts({ current: 62, outdated: 14, nonGolden: 3, revoked: 1, exempt: 4 });
  return {
    team: 'payments',
    asOfMs: NOW.getTime() - 120_000,
    total: sums(counts).total,
    ages: [
      [5, 30],
      [25, 12],
      [45, 20],
      [100, 14],
      [200, 3],
      [800, 1],
    ],
    versions: [
      { definition: 'ubuntu-22', version: '1.6.0', state: 'current', machines: 50, ageDays: 5 },
      { definition: 'ubuntu-22', version: '1.4.0', state: 'outdated', machines: 14, ageDays: 61 },
      { definition: 'rhel-9', version: '2.1.0', state: 'current', machines: 12, ageDays: 25 },
      { definition: 'rhel-9', version: '2.0.0', state: 'revoked', machines: 1, ageDays: 90 },
      { definition: 'Marketplace image canonical:ubuntu:18_04', version: '', state: 'nonGolden', machines: 3 },
    ],
    cases: aFullDigest().fresh.map(({ case: each }) => each),
    warnings: [],
    unread: [],
    ...given,
    counts,
  };
}
