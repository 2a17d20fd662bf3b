import fc from 'fast-check';
import { STATES, type State } from '../../src/core/classification.ts';
import type { CaseGroup, Digest, PlatformDigest, WeekPoint } from '../../src/core/digest.ts';
import { ATTENTION, type Counts } from '../../src/core/report.ts';
import type { TeamSnapshot, VersionUse } from '../../src/core/snapshot.ts';
import { aTeam, idOf, NOW } from './build.ts';
import { aCase, aDigest, aPlatformDigest, aPoint, aTeamSnapshot } from './digest-build.ts';

/** Digests of any size with texts that want to do harm. */

export const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '<!channel>',
    '<https://x|y>',
    '<@U0ALICE>',
    '<!subteam^S0PAYOPS>',
    '*bold* _it_ ~gone~ `code`',
    '```',
    ':tada:',
    'https://evil.example',
    '&lt;!channel&gt;',
    '\u202egnp.exe',
    '\u0000\u001b[31m\u200b',
    '\ud800',
    '',
    '"',
    'a/b',
    '😀'.repeat(2_000),
    '"\\'.repeat(2_000),
    'مرحبا'.repeat(500),
    '漢'.repeat(3_000),
    'two\nlines',
  ),
  fc.string({ unit: 'binary', maxLength: 100 }),
);

export const someCounts: fc.Arbitrary<Counts> = fc.record(
  Object.fromEntries(STATES.map((state) => [state, fc.oneof(fc.constant(0), fc.nat(50_000))])) as Record<
    State,
    fc.Arbitrary<number>
  >,
);
export const somePoints: fc.Arbitrary<readonly WeekPoint[]> = fc
  .array(someCounts, { maxLength: 120 })
  .map((all) => all.map((counts, index) => aPoint(all.length - 1 - index, counts)));
const machineIds = fc.oneof(
  fc.array(
    hostile.map((name) => idOf(name)),
    { minLength: 1, maxLength: 30 },
  ),
  fc.integer({ min: 1, max: 3_000 }).map((many) => Array.from({ length: many }, (_, n) => idOf(`pay-web-${n}`))),
);
export const someGroup: fc.Arbitrary<CaseGroup> = fc
  .record({
    ids: machineIds,
    state: fc.constantFrom(...ATTENTION),
    type: fc.constantFrom('virtualMachine' as const, 'scaleSet' as const, 'scaleSetInstance' as const),
    image: hostile,
    reason: hostile,
    nextStep: hostile,
    since: fc.option(fc.constantFrom('2026-11-20', '2025-01-01'), { nil: undefined }),
  })
  .map(({ since, ...given }) => ({ case: aCase(given), ids: given.ids, since }));
const someGroups = fc.array(someGroup, { maxLength: 60 });
export const someTeam = fc
  .record({
    name: hostile,
    wiki: hostile.map((end) => `https://w.example/${encodeURI(end.toWellFormed()).slice(0, 3_000)}`),
    ids: fc.array(hostile),
  })
  .map(({ name, wiki, ids }) =>
    aTeam({ name, wiki, approvers: { users: [...ids, 'U0ALICE'], userGroups: [...ids, 'S0PAYOPS'], required: 1 } }),
  );
export const someUnread = fc.array(fc.record({ scope: hostile, reason: hostile }), { maxLength: 12 });
const someEnding = fc.array(
  fc.record({
    definition: hostile,
    version: hostile,
    machines: fc.nat(50_000),
    endsAt: fc.constant(new Date('2026-12-01T00:00:00Z')),
    daysLeft: fc.nat(30),
  }),
  { maxLength: 60 },
);
const somewhen = fc.integer({ min: 0, max: 400 }).map((days) => new Date(NOW.getTime() + days * 86_400_000));

export const someDigest: fc.Arbitrary<Digest> = fc
  .record({
    team: someTeam,
    weeks: somePoints,
    fresh: someGroups,
    open: someGroups,
    fixed: fc.array(fc.record({ state: fc.constantFrom(...ATTENTION), image: hostile, ids: machineIds }), {
      maxLength: 40,
    }),
    hidden: fc.nat(3),
    ending: someEnding,
    projection: fc.oneof(
      fc.constantFrom({ kind: 'done' } as const, { kind: 'unknown' } as const, { kind: 'never', perWeek: 0 } as const),
      somewhen.map((date) => ({ kind: 'on' as const, date, perWeek: 1 })),
    ),
    stuckWeeks: fc.option(fc.nat(100), { nil: undefined }),
    skipped: fc.array(fc.record({ week: fc.constantFrom('2026-W45', '2025-W01'), due: somewhen, why: hostile }), {
      maxLength: 10,
    }),
    unread: someUnread,
    warnings: fc.array(hostile, { maxLength: 30 }),
  })
  .map((given) => {
    const attention = [...given.fresh, ...given.open].reduce((sum, { ids }) => sum + ids.length, 0);
    return { ...aDigest(given), attention, before: given.weeks.at(-2) };
  });

export const somePlatformDigest: fc.Arbitrary<PlatformDigest> = fc
  .record({
    counts: someCounts,
    weeks: somePoints,
    unread: someUnread,
    ending: someEnding,
    teams: fc.array(
      fc.record({
        team: hostile,
        channel: fc.option(hostile, { nil: undefined }),
        total: fc.nat(50_000),
        share: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
        attention: fc.nat(50_000),
        shareBefore: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
        mutedUntil: fc.option(somewhen, { nil: undefined }),
        hasDigest: fc.boolean(),
      }),
      { maxLength: 60 },
    ),
    unowned: fc.record({ total: fc.nat(50_000), counts: someCounts, examples: fc.array(hostile, { maxLength: 30 }) }),
    troubles: fc.array(fc.record({ team: hostile, week: fc.constant('2026-W47'), why: hostile, remedy: hostile }), {
      maxLength: 60,
    }),
  })
  .map((given) => aPlatformDigest(given));

const someVersions: fc.Arbitrary<readonly VersionUse[]> = fc.array(
  fc.record({
    definition: hostile,
    version: hostile,
    state: fc.constantFrom<State>(...STATES),
    machines: fc.nat(50_000),
    ageDays: fc.nat(4_000),
  }),
  { maxLength: 60 },
);

export const someSnapshot: fc.Arbitrary<TeamSnapshot> = fc
  .record({
    counts: someCounts,
    ages: fc.array(fc.tuple(fc.nat(4_000), fc.nat(50_000)), { maxLength: 60 }),
    versions: someVersions,
    cases: fc.array(
      someGroup.map((group) => group.case),
      { maxLength: 12 },
    ),
    warnings: fc.array(hostile, { maxLength: 30 }),
    unread: someUnread,
  })
  .map((given) => aTeamSnapshot(given));
