import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { catalogueOf } from '../../src/core/catalogue.ts';
import { STATES } from '../../src/core/classification.ts';
import { parseImageReference } from '../../src/core/image-reference.ts';
import { activeExemptions } from '../../src/core/policy.ts';
import { attentionKeys, type Evidence, judge, lagOfVerdict, statusReport } from '../../src/core/report.ts';
import { careText, warningText } from '../../src/core/wording.ts';
import {
  approvedGalleryOf,
  built,
  catalogueOfVersions,
  daysAgo,
  definitionRows,
  GALLERY_ROW,
  groupOf,
  machineOf,
  marketplace,
  NOW,
  policyOf,
  UBUNTU,
} from './build.ts';

const catalogue = catalogueOfVersions({ name: '1.0.0', daysOld: 90 }, { name: '1.1.0', daysOld: 30 });
const team = { name: 'team-x', kind: 'cattle' as const };

function reportOf(part: Partial<Evidence>, policy = policyOf()) {
  const groups = part.groups ?? [];
  const evidence: Evidence = {
    asOf: NOW,
    groups,
    total: groups.reduce((sum, group) => sum + group.count, 0),
    machines: [],
    exemptions: [],
    unread: [],
    requests: 3,
    ...part,
  };
  return statusReport(team, evidence, catalogue, policy);
}

describe('counts', () => {
  test('sum to the total, and the share leaves out what is exempt or a platform', () => {
    const report = reportOf({
      groups: [
        groupOf({ key: 'a', count: 6, image: built('1.1.0') }),
        groupOf({ key: 'b', count: 2, image: built('1.0.0') }),
        groupOf({ key: 'c', count: 5, platform: 'aks' }),
        groupOf({ key: 'd', count: 4, exemptionIndex: 0 }),
      ],
      exemptions: [{ machine: '*', reason: 'r', until: undefined }],
    });
    expect(report).toMatchObject({
      total: 17,
      counts: { current: 6, outdated: 2, platformManaged: 5, exempt: 4 },
      share: 0.75,
      attention: 2,
    });
  });

  test('an empty team has no share', () => {
    expect(reportOf({})).toMatchObject({ total: 0, share: undefined, findings: [], attention: 0 });
  });

  test('machines that Azure counts but did not list are unknown, and said so', () => {
    const report = reportOf({ groups: [groupOf({ count: 6, image: built('1.1.0') })], total: 10 });
    expect(report).toMatchObject({ total: 10, counts: { current: 6, unknown: 4 }, share: 0.6 });
    expect(reportOf({ groups: [], total: 1 }).unread).toMatchObject([{ scope: '1 machine' }]);
    expect(report.unread).toEqual([{ scope: '4 machines', reason: expect.stringContaining('did not list') }]);
  });

  test('machines that went away between two readings do no harm', () => {
    expect(reportOf({ groups: [groupOf({ count: 6, image: built('1.1.0') })], total: 5 })).toMatchObject({
      total: 6,
      unread: [],
    });
  });

  test('say what rebuilding takes: pets, and machines at rest', () => {
    const report = reportOf({
      groups: [
        groupOf({ key: 'a', count: 2, image: built('1.0.0'), kindTag: 'pet' }),
        groupOf({ key: 'b', count: 3, image: built('1.0.0'), powerState: 'deallocated' }),
        groupOf({ key: 'c', count: 4, image: built('1.0.0'), powerState: undefined }),
        groupOf({ key: 'd', count: 5, image: built('1.1.0'), kindTag: 'pet', powerState: 'stopped' }),
        groupOf({ key: 'e', count: 6, image: built('1.0.0'), type: 'scaleSet', kindTag: 'pet' }),
      ],
    });
    expect(report.care).toEqual({ pets: 2, notRunning: 3 });
    expect(careText(report.care)).toBe(
      'Of those that need attention: 2 pets (to be rebuilt side by side, with their owners), 3 not running.',
    );
    expect(careText({ pets: 0, notRunning: 0 })).toBeUndefined();
  });

  test('a scale set is no machine', () => {
    const report = reportOf({ groups: [groupOf({ type: 'scaleSet', count: 3, image: built('1.0.0') })] });
    expect(report).toMatchObject({ total: 0, attention: 3 });
  });

  test('always sum to the total', () => {
    const group = fc.record({
      key: fc.string(),
      count: fc.integer({ min: 1, max: 1000 }),
      image: fc.constantFrom(built('1.0.0'), built('1.1.0'), built('9.9.9'), marketplace(), parseImageReference(null)),
      platform: fc.constantFrom(undefined, 'aks' as const),
      type: fc.constantFrom('virtualMachine' as const, 'scaleSetInstance' as const, 'scaleSet' as const),
    });
    fc.assert(
      fc.property(fc.array(group), fc.nat(50), (groups, extra) => {
        const listed = groups.reduce((sum, { count }) => sum + count, 0);
        const report = reportOf({ groups: groups.map((part) => groupOf(part)), total: listed + extra });
        const machines = groups.filter(({ type }) => type !== 'scaleSet').reduce((sum, { count }) => sum + count, 0);
        expect(STATES.reduce((sum, state) => sum + report.counts[state], 0)).toBe(report.total);
        expect(report.total).toBe(machines + extra);
        if (extra > 0) expect(report.unread).not.toEqual([]);
      }),
    );
  });
});

describe('findings', () => {
  test('come worst first: by state, by lag, pets before cattle, then by name', () => {
    const report = reportOf({
      machines: [
        machineOf({ name: 'b-outdated', image: built('1.0.0') }),
        machineOf({ name: 'a-outdated', image: built('1.0.0') }),
        machineOf({ name: 'pet', image: built('1.0.0'), kindTag: 'pet' }),
        machineOf({ name: 'none', image: parseImageReference(null) }),
        machineOf({ name: 'z-market', image: marketplace() }),
        machineOf({ name: 'market', image: marketplace() }),
        machineOf({ name: 'gone', image: built('0.1.0') }),
        machineOf({ name: 'fine', image: built('1.1.0') }),
      ],
    });
    expect(report.findings.map(({ name }) => name)).toEqual([
      'gone',
      'market',
      'z-market',
      'none',
      'pet',
      'a-outdated',
      'b-outdated',
    ]);
  });

  test('of the same name are ordered by id, of the same state by how far they are behind', () => {
    const wide = catalogueOfVersions(
      { name: '1.0.0', daysOld: 90 },
      { name: '1.1.0', daysOld: 60 },
      { name: '1.2.0', daysOld: 30 },
    );
    const evidence: Evidence = {
      asOf: NOW,
      groups: [],
      total: 0,
      machines: [
        machineOf({ id: '/b', name: 'same', image: built('1.1.0') }),
        machineOf({ id: '/a', name: 'same', image: built('1.1.0') }),
        machineOf({ id: '/c', name: 'zz', image: built('1.0.0') }),
      ],
      exemptions: [],
      unread: [],
      requests: 1,
    };
    expect(statusReport(team, evidence, wide, policyOf()).findings.map(({ id }) => id)).toEqual(['/c', '/a', '/b']);
  });

  test('a scale set is one where its next scale-out would go wrong', () => {
    const set = (name: string, image = built('1.0.0')) => machineOf({ name, type: 'scaleSet', image });
    const report = reportOf({
      machines: [set('lags'), set('gone', built('0.1.0')), set('fine', built('1.1.0')), set('other', marketplace())],
    });
    expect(report.findings.map(({ name }) => name)).toEqual(['gone', 'lags']);
    expect(report.findings[0]).toMatchObject({ type: 'scaleSet', kind: 'cattle' });
  });

  test('carry the exemption in force', () => {
    const exemption = { machine: '*', reason: 'r', until: undefined };
    const report = reportOf({
      machines: [machineOf({ image: marketplace(), exemptionIndex: 0 })],
      exemptions: [exemption],
    });
    expect(report.findings).toEqual([]);
  });

  test('an exemption ends at its instant', () => {
    const policy = policyOf({
      exemptions: [
        { machine: 'a', reason: '', until: NOW },
        { machine: 'b', reason: '', until: new Date(NOW.getTime() + 1) },
        { machine: 'c', reason: '', until: undefined },
      ],
    });
    expect(activeExemptions(policy, NOW).map(({ machine }) => machine)).toEqual(['b', 'c']);
  });
});

describe('keys of what needs attention', () => {
  const groups = [
    groupOf({ key: 'outdated', count: 2, image: built('1.0.0') }),
    groupOf({ key: 'outdated', count: 3, image: built('1.0.0'), powerState: 'stopped' }),
    groupOf({ key: 'market', count: 1, image: marketplace() }),
    groupOf({ key: 'current', count: 9, image: built('1.1.0') }),
    groupOf({ key: 'set', count: 1, type: 'scaleSet', image: built('0.1.0') }),
    groupOf({ key: 'b-market', count: 1, image: marketplace() }),
  ];
  const judged = judge(groups, [], catalogue, policyOf(), NOW);

  test('are ordered by urgency and count what stands behind them', () => {
    expect(attentionKeys(judged)).toEqual([
      { key: 'set', count: 1, rank: 0 },
      { key: 'b-market', count: 1, rank: 1 },
      { key: 'market', count: 1, rank: 1 },
      { key: 'outdated', count: 5, rank: 2 },
    ]);
  });

  test('or of the states asked for, of machines alone', () => {
    expect(attentionKeys(judged, ['current', 'endOfLife', 'outdated'])).toEqual([
      { key: 'outdated', count: 5, rank: 0 },
      { key: 'current', count: 9, rank: 1 },
    ]);
  });
});

describe('warnings about images', () => {
  const warningsOf = (groups = [groupOf({ image: built('1.0.0') })], maxAgeDays: number | undefined = 20) =>
    reportOf(
      { groups },
      policyOf({ golden: [approvedGalleryOf({ freshness: { graceDays: 14, versionsBehind: 0, maxAgeDays } })] }),
    ).warnings.map(warningText);

  test('the newest version is too old', () => {
    expect(warningsOf()).toEqual([
      'The newest ubuntu-22 in westeurope, 1.1.0, is 30 days old (limit 20): its builders should publish a new one.',
    ]);
    expect(warningsOf(undefined, 30)).toEqual([]);
    expect(warningsOf(undefined, 40)).toEqual([]);
  });

  test('nothing can be deployed in a region', () => {
    expect(
      warningsOf([groupOf({ image: built('1.0.0') }), groupOf({ image: built('1.0.0'), region: 'eastus' })]),
    ).toEqual([
      'No version of ubuntu-22 can be deployed in eastus: its builders should replicate or publish one there.',
    ]);
  });

  test('only of definitions that are used, where they are used', () => {
    expect(
      warningsOf([groupOf({ image: marketplace() }), groupOf({ image: built('1.0.0'), region: undefined })]),
    ).toEqual([]);
    expect(warningsOf([groupOf({ image: parseImageReference({ id: UBUNTU.toUpperCase() }) })])).toHaveLength(1);
  });

  test('none without a limit or a date of publication', () => {
    const report = statusReport(
      team,
      { asOf: NOW, groups: [groupOf()], total: 1, machines: [], exemptions: [], unread: [], requests: 1 },
      catalogueOf([GALLERY_ROW, ...definitionRows('ubuntu-22', [{ name: '1.0.0', published: null }])]),
      policyOf(),
    );
    expect(report.warnings).toEqual([]);
    const unlimited = policyOf({
      golden: [approvedGalleryOf({ freshness: { graceDays: 14, versionsBehind: 0, maxAgeDays: undefined } })],
    });
    expect(reportOf({ groups: [groupOf({ image: built('1.0.0') })] }, unlimited).warnings).toEqual([]);
  });
});

test('how far behind a verdict is shows through an exemption', () => {
  const [{ verdict }] = judge(
    [groupOf({ exemptionIndex: 0 })],
    [{ machine: '*', reason: '', until: undefined }],
    catalogue,
    policyOf(),
    NOW,
  ) as [ReturnType<typeof judge>[number]];
  expect(lagOfVerdict(verdict)).toMatchObject({ versionsBehind: 1, daysBehind: 30 });
  expect(lagOfVerdict({ state: 'platformManaged', by: 'aks' })).toBeUndefined();
  expect(daysAgo(0)).toBe(NOW.toISOString());
});
