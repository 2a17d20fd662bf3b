import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DigestEvidence, digestOf, isQuiet } from '../../src/core/digest-of.ts';
import { NOW, teamOf } from './build.ts';
import {
  caseOf,
  countsOf,
  DAY_MS,
  evidenceOf,
  openOf,
  recordOf,
  snapshotOf,
  teamDigestOf,
  useOf,
  vmId,
} from './digest-build.ts';

function names(groups: readonly { readonly ids: readonly string[] }[]): readonly (readonly string[])[] {
  return groups.map(({ ids }) => ids.map((id) => id.slice(id.lastIndexOf('/') + 1)));
}

describe('what could not be read', () => {
  const unread = [{ scope: 'subscription x', reason: 'not visible' }];

  test('given nothing needs attention, when something is unread, then nobody says that the team is done', () => {
    expect(digestOf(evidenceOf({ snapshot: snapshotOf({ cases: [] }) })).projection).toEqual({ kind: 'done' });
    expect(digestOf(evidenceOf({ snapshot: snapshotOf({ cases: [], unread }) })).projection).toEqual({
      kind: 'unknown',
    });
  });

  test('given findings, when something is unread, then their projection stays', () => {
    const { projection } = digestOf(evidenceOf({ snapshot: snapshotOf({ cases: [caseOf(['a'])], unread }) }));
    expect(projection.kind).toBe('unknown');
  });
});

describe('what changed', () => {
  test('given findings of before and of now, when they are compared, then each is new, open or fixed', () => {
    const digest = digestOf(
      evidenceOf({
        snapshot: snapshotOf({ cases: [caseOf(['new', 'kept'])] }),
        openBefore: [openOf('kept'), openOf('gone')],
      }),
    );

    expect([names(digest.fresh), names(digest.open), names(digest.fixed)]).toEqual([[['new']], [['kept']], [['gone']]]);
  });

  test('given an id that Azure spells differently now, when it is compared, then it is the same machine', () => {
    const digest = digestOf(
      evidenceOf({
        snapshot: snapshotOf({ cases: [caseOf(['WEB-01'])] }),
        openBefore: [openOf('web-01', { id: vmId('web-01').toLowerCase() })],
      }),
    );

    expect([digest.fresh, names(digest.open), digest.fixed]).toEqual([[], [['WEB-01']], []]);
  });

  test('given a finding that may only be out of sight, when it is missing, then it is hidden and not fixed', () => {
    const digest = digestOf(
      evidenceOf({ openBefore: [openOf('unread'), openOf('gone')], hides: (id) => id === vmId('unread') }),
    );

    expect([digest.hidden, names(digest.fixed)]).toEqual([1, [['gone']]]);
  });

  test('given a finding that is worse than it was, when it is compared, then it is still open, in its new case', () => {
    const worse = caseOf(['web'], { state: 'endOfLife' });
    const digest = digestOf(evidenceOf({ snapshot: snapshotOf({ cases: [worse] }), openBefore: [openOf('web')] }));

    expect(digest.open).toEqual([{ case: worse, ids: worse.ids, since: '2026-11-10' }]);
  });

  test('given open cases, when they are listed, then the oldest first, and of equal age the worst', () => {
    const cases = [caseOf(['a', 'b']), caseOf(['c']), caseOf(['d'])];
    const openBefore = [
      openOf('a', { since: '2026-11-03' }),
      openOf('b', { since: '2026-11-02' }),
      openOf('c', { since: '2026-10-01' }),
      openOf('d', { since: '2026-11-02' }),
    ];

    const { open } = digestOf(evidenceOf({ snapshot: snapshotOf({ cases }), openBefore }));

    expect(open.map(({ since }, index) => [since, names(open)[index]])).toEqual([
      ['2026-10-01', ['c']],
      ['2026-11-02', ['a', 'b']],
      ['2026-11-02', ['d']],
    ]);
  });

  test('given that a finding was gone in between, when it is open again, then it is so since it came back', () => {
    const { open } = digestOf(
      evidenceOf({
        snapshot: snapshotOf({ cases: [caseOf(['web'])] }),
        openBefore: [openOf('web', { since: '2026-01-01' })],
        openNow: [openOf('WEB', { since: '2026-11-19' })],
      }),
    );

    expect(open[0]?.since).toBe('2026-11-19');
  });

  test('given fixed findings, when they are listed, then by what they were, the most first', () => {
    const revoked = { state: 'revoked', image: 'ubuntu-22 1.0.0' } as const;
    const openBefore = [
      openOf('z', { image: 'a' }),
      openOf('a'),
      openOf('b', revoked),
      openOf('c'),
      openOf('d', { image: 'A' }),
    ];

    const { fixed } = digestOf(evidenceOf({ openBefore }));

    expect(fixed.map(({ state, image, ids }) => [state, image, ids.length])).toEqual([
      ['outdated', 'ubuntu-22 1.4.0', 2],
      ['outdated', 'A', 1],
      ['outdated', 'a', 1],
      ['revoked', 'ubuntu-22 1.0.0', 1],
    ]);
  });
});

describe('a first digest', () => {
  const cases = [caseOf(['a', 'b']), caseOf(['c'])];

  test.each<[string, Partial<DigestEvidence>]>([
    ['nothing was remembered', { openBefore: undefined, beforeDay: undefined }],
    ['only findings were remembered', { openBefore: [openOf('a')], beforeDay: undefined }],
    ['the day’s record is lost', { openBefore: [openOf('a'), openOf('gone')], days: [] }],
    ['only later days are remembered', { openBefore: [openOf('gone')], days: [recordOf('2026-11-15')] }],
  ])('given that %s, when it is made, then everything is new and nothing compared', (_, part) => {
    const digest = digestOf(evidenceOf({ snapshot: snapshotOf({ cases }), ...part }));

    expect([digest.before, names(digest.fresh), digest.open, digest.fixed, digest.hidden]).toEqual([
      undefined,
      [['a', 'b'], ['c']],
      [],
      [],
      0,
    ]);
  });
});

describe('how a team stands', () => {
  test('given a pass, when the digest is made, then it has its counts, its share and its findings', () => {
    const counts = countsOf({ current: 3, outdated: 1, exempt: 5 });
    const snapshot = snapshotOf({ total: 9, counts, cases: [caseOf(['web'])], warnings: ['old'] });

    expect(digestOf(evidenceOf({ snapshot }))).toMatchObject({
      week: '2026-W47',
      asOf: NOW,
      total: 9,
      counts,
      share: 0.75,
      attention: 1,
      warnings: ['old'],
    });
  });

  test('given records of several days, when it is compared, then with the last one not after the day', () => {
    const days = [recordOf('2026-11-12'), recordOf('2026-11-13', { total: 7 }), recordOf('2026-11-16')];

    expect(digestOf(evidenceOf({ days })).before).toMatchObject({ day: '2026-11-13', total: 7, week: '2026-W46' });
  });

  test('given a longer memory than twelve weeks, when the trend is drawn, then it is of twelve, up to now', () => {
    const days = Array.from({ length: 30 }, (_, index) => recordOf(dayBefore((30 - index) * 7)));
    const { weeks } = digestOf(
      evidenceOf({ days, team: teamOf({ digest: teamDigestOf({ escalateAfterWeeks: 20 }) }) }),
    );

    expect([weeks.length, weeks[0]?.week, weeks.at(-1)?.day]).toEqual([12, '2026-W36', '2026-11-21']);
  });

  test('given twenty weeks without progress, when that is too long for the team, then its approvers are called', () => {
    const cases = [caseOf(['web'])];
    const days = Array.from({ length: 30 }, (_, index) => recordOf(dayBefore((30 - index) * 7), { attention: 1 }));
    const snapshot = snapshotOf({ cases });
    const stuckAfter = (escalateAfterWeeks: number) =>
      digestOf(evidenceOf({ days, snapshot, team: teamOf({ digest: teamDigestOf({ escalateAfterWeeks }) }) }))
        .stuckWeeks;

    expect([stuckAfter(4), stuckAfter(20), stuckAfter(31)]).toEqual([11, 20, undefined]);
  });

  test('given a team without digests of its own, when somebody looks at one, then weeks are those of UTC', () => {
    const digest = digestOf(
      evidenceOf({ team: teamOf(), snapshot: snapshotOf({ asOfMs: Date.parse('2026-11-22T23:30Z') }) }),
    );

    expect([digest.weeks.at(-1)?.week, digest.stuckWeeks]).toEqual(['2026-W47', undefined]);
  });

  test('given findings that become fewer, when it is made, then it says when the team is done', () => {
    const days = [21, 14, 7].map((ago) => recordOf(dayBefore(ago), { attention: ago / 7 + 1 }));
    const { projection } = digestOf(evidenceOf({ days, snapshot: snapshotOf({ cases: [caseOf(['web'])] }) }));

    expect(projection).toEqual({ kind: 'on', date: new Date(NOW.getTime() + 7 * DAY_MS), perWeek: -1 });
  });
});

describe('what ends soon', () => {
  const inDays = (days: number) => NOW.getTime() + days * DAY_MS;

  test('given versions in use, when some end within 30 days, then those are named, soonest first', () => {
    const versions = [
      useOf({ version: '1', endsAtMs: inDays(30) }),
      useOf({ version: '2', endsAtMs: inDays(30) + 1 }),
      useOf({ version: '3', endsAtMs: inDays(0) }),
      useOf({ version: '4', endsAtMs: inDays(3) }),
      useOf({ version: '5' }),
    ];

    const { ending } = digestOf(evidenceOf({ snapshot: snapshotOf({ versions }) }));

    expect(ending.map(({ version, daysLeft }) => [version, daysLeft])).toEqual([
      ['4', 3],
      ['1', 30],
    ]);
  });

  test('given a version in several states, when it ends, then it is named once with all its machines and its first end', () => {
    const versions = [
      useOf({ endsAtMs: inDays(9), machines: 3 }),
      useOf({ endsAtMs: inDays(8), machines: 4, state: 'outdated' }),
    ];

    expect(digestOf(evidenceOf({ snapshot: snapshotOf({ versions }) })).ending).toEqual([
      { definition: 'ubuntu-22', version: '1.4.0', machines: 7, endsAt: new Date(inDays(8)), daysLeft: 8 },
    ]);
  });

  test('given versions that end together, when they are named, then the most used first, then by name', () => {
    const versions = [
      useOf({ version: 'b', endsAtMs: inDays(1) }),
      useOf({ version: 'a', endsAtMs: inDays(1) }),
      useOf({ version: 'c', endsAtMs: inDays(1), machines: 9 }),
    ];

    const { ending } = digestOf(evidenceOf({ snapshot: snapshotOf({ versions }) }));

    expect(ending.map(({ version }) => version)).toEqual(['c', 'a', 'b']);
  });

  test('given one that ends this evening, when days are counted, then none is left', () => {
    const versions = [useOf({ endsAtMs: Date.parse('2026-11-21T20:00Z') })];

    expect(digestOf(evidenceOf({ snapshot: snapshotOf({ versions }) })).ending[0]?.daysLeft).toBe(0);
  });
});

describe('nothing to say', () => {
  test('given a team where all is well, when its digest is made, then it is quiet', () => {
    expect(isQuiet(digestOf(evidenceOf()))).toBe(true);
  });

  test.each<[string, Partial<DigestEvidence>]>([
    ['a finding', { snapshot: snapshotOf({ cases: [caseOf(['web'])] }) }],
    ['something fixed', { openBefore: [openOf('web')] }],
    ['something hidden', { openBefore: [openOf('web')], hides: () => true }],
    ['a version that ends', { snapshot: snapshotOf({ versions: [useOf({ endsAtMs: NOW.getTime() + 1 })] }) }],
    ['something unread', { snapshot: snapshotOf({ unread: [{ scope: 'x', reason: 'y' }] }) }],
    ['a warning', { snapshot: snapshotOf({ warnings: ['old'] }) }],
    ['a digest that was skipped', { skipped: [{ week: '2026-W46', due: NOW, why: 'down' }] }],
  ])('given %s, when the digest is made, then it is not', (_, part) => {
    expect(isQuiet(digestOf(evidenceOf(part)))).toBe(false);
  });
});

describe('laws', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 40 });
  const spelt = fc.func(fc.boolean());

  test('new and open are what is found now, and no two lists share a finding', () => {
    fc.assert(
      fc.property(ids, ids, fc.integer({ min: 1, max: 7 }), spelt, spelt, (now, before, many, loud, hidden) => {
        const spell = (id: number) => (loud(id) ? vmId(`VM-${id}`).toUpperCase() : vmId(`vm-${id}`));
        const cases = [...Map.groupBy(now, (id) => id % many).values()].map((part) =>
          caseOf([], { ids: part.map(spell) }),
        );
        const openBefore = before.map((id) => openOf(`vm-${id}`, { image: `image-${id % 3}` }));
        const hides = (id: string) => hidden(id);

        const digest = digestOf(evidenceOf({ snapshot: snapshotOf({ cases }), openBefore, hides }));

        const [fresh, open, fixed] = [digest.fresh, digest.open, digest.fixed].map((groups) =>
          groups.flatMap((group) => group.ids.map((id) => id.toLowerCase())),
        ) as [string[], string[], string[]];
        const lower = (list: readonly number[]) => list.map((id) => vmId(`vm-${id}`).toLowerCase()).sort();
        expect([...fresh, ...open].sort()).toEqual(lower(now));
        expect(open.sort()).toEqual(lower(now.filter((id) => before.includes(id))));
        const gone = before.filter((id) => !now.includes(id));
        expect(fixed.sort()).toEqual(lower(gone.filter((id) => !hides(vmId(`vm-${id}`)))));
        expect(digest.hidden).toBe(gone.length - fixed.length);
        expect(digest.attention).toBe(now.length);
      }),
    );
  });

  test('given 50,000 findings before and now, when they are compared, then every one is found', () => {
    const many = Array.from({ length: 50_000 }, (_, index) => `vm-${index}`);
    const cases = [caseOf(many.slice(0, 30_000)), caseOf(many.slice(30_000), { state: 'revoked' })];
    const openBefore = many.map((name) => openOf(name.replace('vm-1', 'gone-1')));

    const digest = digestOf(evidenceOf({ snapshot: snapshotOf({ cases }), openBefore, openNow: openBefore }));

    const sizes = [digest.fresh, digest.open, digest.fixed].map((groups) =>
      groups.reduce((sum, { ids: all }) => sum + all.length, 0),
    );
    expect(sizes).toEqual([11_111, 38_889, 11_111]);
  });
});

function dayBefore(days: number): string {
  return new Date(NOW.getTime() - days * DAY_MS).toISOString().slice(0, 10);
}
