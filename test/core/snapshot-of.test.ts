import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { catalogueOf } from '../../src/core/catalogue.ts';
import { STATES } from '../../src/core/classification.ts';
import { parseImageReference } from '../../src/core/image-reference.ts';
import type { MachineGroup } from '../../src/core/machine.ts';
import { type OwnedMembers, type Pass, snapshotsOf } from '../../src/core/snapshot-of.ts';
import {
  built,
  daysAgo,
  definitionRows,
  GALLERY,
  GALLERY_ROW,
  groupOf,
  MANAGED,
  marketplace,
  NOW,
  policyOf,
  SUBSCRIPTION,
  teamOf,
  UBUNTU,
} from './build.ts';

const catalogue = catalogueOf([
  GALLERY_ROW,
  ...definitionRows('ubuntu-22', [
    { name: '1.0.0', daysOld: 90, endOfLife: daysAgo(-20) },
    { name: '1.1.0', daysOld: 30 },
    { name: '1.2.0', published: null, excluded: true },
  ]),
  ...definitionRows('old', [{ name: '1.0.0', daysOld: 400, endOfLife: daysAgo(-9) }], { endOfLife: daysAgo(5) }),
]);
const OLD = `${GALLERY}/images/old`;
const FIT = { osType: 'Linux', generation: 'V2', architecture: 'x64', securityType: undefined };
const idOf = (name: string) =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/${name}`;

/** Machines of team-x unless said otherwise; each key is an image. */
function owned(key: string, part: Partial<MachineGroup> = {}, teams: readonly string[] = ['team-x']) {
  return { teams, group: groupOf({ key, ...part }) };
}

function membersOf(key: string, names: readonly string[], part: Partial<OwnedMembers> = {}): OwnedMembers {
  return { teams: ['team-x'], key, kindTag: undefined, inScaleSet: false, fit: FIT, ids: names.map(idOf), ...part };
}

function passOf(part: Partial<Pass> = {}): Pass {
  const groups = part.groups ?? [];
  return {
    groups,
    members: [],
    total: groups.reduce((sum, { group }) => sum + group.count, 0),
    catalogue,
    policy: policyOf(),
    exemptions: [],
    teams: [teamOf()],
    unread: [],
    asOf: NOW,
    requests: 4,
    ...part,
  };
}

function teamIn(part: Partial<Pass>) {
  return snapshotsOf(passOf(part)).teams[0]!;
}

describe('a team’s snapshot', () => {
  test('of a team without machines is empty', () => {
    expect(teamIn({})).toMatchObject({
      team: 'team-x',
      asOfMs: NOW.getTime(),
      total: 0,
      cases: [],
      ages: [],
      unread: [],
    });
  });

  test('counts states, and no models of scale sets', () => {
    const team = teamIn({
      groups: [
        owned('a', { count: 3 }),
        owned('b', { count: 2, image: built('1.1.0') }),
        owned('c', { type: 'scaleSet' }),
      ],
      members: [membersOf('a', ['1', '2', '3']), membersOf('c', ['set'])],
    });
    expect(team).toMatchObject({ total: 5, counts: { outdated: 3, current: 2 }, unread: [] });
    expect(team.cases.map(({ type, ids }) => [type, ids.length])).toEqual([
      ['scaleSet', 1],
      ['virtualMachine', 3],
    ]);
  });

  test('says findings that call for the same in one case, by name, the worst first', () => {
    const { cases } = teamIn({
      groups: [
        owned('a', { count: 4 }),
        owned('a', { count: 1, powerState: 'stopped' }),
        owned('b', { image: marketplace() }),
        owned('old', { image: built('1.0.0', OLD) }),
      ],
      members: [
        membersOf('a', ['web-2', 'web-1']),
        membersOf('a', ['db'], { kindTag: 'pet' }),
        membersOf('a', ['api'], { fit: { ...FIT, osType: undefined } }),
        membersOf('a', ['api'], { inScaleSet: true }),
        membersOf('b', ['m']),
        membersOf('old', ['o']),
      ],
    });
    expect(
      cases.map(({ state, kind, image, ids }) => [state, kind, image, ids.map((id) => id.split('/').at(-1))]),
    ).toEqual([
      ['endOfLife', 'cattle', 'old 1.0.0', ['o']],
      ['nonGolden', 'cattle', expect.stringContaining('Marketplace image canonical'), ['m']],
      ['outdated', 'pet', 'ubuntu-22 1.0.0', ['db']],
      ['outdated', 'cattle', 'ubuntu-22 1.0.0', ['api', 'api', 'web-1', 'web-2']],
    ]);
    expect(cases[3]).toMatchObject({
      type: 'virtualMachine',
      reason: expect.stringContaining('behind 1.1.0'),
      nextStep: 'Rebuild it from ubuntu-22 1.1.0.',
    });
  });

  test('puts machines that need another target into another case', () => {
    const { cases } = teamIn({
      groups: [owned('a', { count: 2, image: marketplace() })],
      members: [membersOf('a', ['linux']), membersOf('a', ['windows'], { fit: { ...FIT, osType: 'Windows' } })],
    });
    expect(cases.map(({ nextStep }) => nextStep).sort()).toEqual([
      'Rebuild it from ubuntu-22 1.1.0.',
      expect.stringContaining('nothing to move it to'),
    ]);
  });

  test('tells the ages of machines whose image’s day is known', () => {
    const { ages } = teamIn({
      groups: [
        owned('a', { count: 3 }),
        owned('a', { count: 1, powerState: 'stopped' }),
        owned('b', { count: 2, image: built('1.1.0') }),
        owned('c', { image: marketplace() }),
        owned('d', { image: built('1.2.0') }),
        owned('e', { image: built('1.1.0'), type: 'scaleSet' }),
      ],
    });
    expect(ages).toEqual([
      [30, 2],
      [90, 4],
    ]);
  });

  test('tells versions in use with their age, their end and their worst state', () => {
    const exemptions = [{ machine: '*', reason: 'r', until: undefined }];
    const { versions } = teamIn({
      exemptions,
      groups: [
        owned('a', { count: 2, exemptionIndex: 0 }),
        owned('a2', { count: 3 }),
        owned('a3', { count: 1, exemptionIndex: 0 }),
        owned('b', { count: 4, image: built('1.1.0') }),
        owned('old', { count: 1, image: built('1.0.0', OLD) }),
        owned('s', { image: built('1.0.0'), type: 'scaleSet' }),
      ],
    });
    expect(versions).toEqual([
      {
        definition: 'ubuntu-22',
        version: '1.0.0',
        state: 'outdated',
        machines: 6,
        ageDays: 90,
        endsAtMs: Date.parse(daysAgo(-20)),
      },
      { definition: 'ubuntu-22', version: '1.1.0', state: 'current', machines: 4, ageDays: 30 },
      {
        definition: 'old',
        version: '1.0.0',
        state: 'endOfLife',
        machines: 1,
        ageDays: 400,
        endsAtMs: Date.parse(daysAgo(5)),
      },
    ]);
  });

  test.each([
    [marketplace(), 'Marketplace image canonical:0001-com-ubuntu-server-jammy:22_04-lts', '22.04.202401010'],
    [
      parseImageReference({ publisher: 'p', offer: 'o', sku: 's', version: 'latest' }),
      'Marketplace image p:o:s',
      'latest',
    ],
    [parseImageReference({ id: `${MANAGED}/web` }), 'Managed image web', ''],
    [parseImageReference({}), 'No image reference', ''],
    [built('3.0.0', UBUNTU), 'ubuntu-22', '3.0.0'],
    [parseImageReference({ id: UBUNTU }), 'ubuntu-22', ''],
    [built('3.0.0', `${GALLERY}/images/gone`), 'Gallery image corp/gone', '3.0.0'],
    [parseImageReference({ id: `${GALLERY}2/images/x`, exactVersion: '1.0.0' }), 'Gallery image corp2/x', '1.0.0'],
    [
      parseImageReference({ sharedGalleryImageId: '/SharedGalleries/g/Images/d/Versions/1.0.0' }),
      'Directly shared gallery image g/d',
      '1.0.0',
    ],
    [
      parseImageReference({ communityGalleryImageId: '/CommunityGalleries/g/Images/d/Versions/latest' }),
      'Community gallery image g/d',
      '',
    ],
  ])('names the image %j as people know it', (image, definition, version) => {
    expect(teamIn({ groups: [owned('a', { image })] }).versions).toMatchObject([{ definition, version }]);
  });

  test('warns of images in use', () => {
    const team = teamIn({ groups: [owned('old', { image: built('1.0.0', OLD) })] });
    expect(team.warnings).toEqual([expect.stringContaining('No version of old can be deployed')]);
  });
});

describe('what may be missing', () => {
  test('machines that Azure did not list are unknown, nobody’s, and said to everybody', () => {
    const { estate, teams } = snapshotsOf(passOf({ groups: [owned('b', { image: built('1.1.0') })], total: 3 }));
    expect(estate).toMatchObject({
      total: 3,
      overall: { total: 3, counts: { unknown: 2, current: 1 } },
      unread: [{ scope: '2 machines' }],
    });
    expect(teams[0]).toMatchObject({ total: 1, counts: { unknown: 0 }, unread: [{ scope: '2 machines' }] });
  });

  test('findings that Azure did not name are said to their team', () => {
    const groups = [owned('a', { count: 3 }), owned('b', { count: 2 }, ['other'])];
    const members = [membersOf('a', ['1', '2']), membersOf('b', ['3', '4'], { teams: ['other'] })];
    const { teams } = snapshotsOf(passOf({ groups, members, teams: [teamOf(), teamOf({ name: 'other' })] }));
    expect(teams.map(({ unread }) => unread)).toMatchObject([[{ scope: '1 finding' }], []]);
    expect(teamIn({ groups }).unread).toMatchObject([{ scope: '3 findings' }]);
  });

  test('members of a key that no group has are left out', () => {
    expect(teamIn({ groups: [], members: [membersOf('a', ['1'])] }).cases).toEqual([]);
  });

  test('an unread scope is said to those it concerns', () => {
    const unread = [
      { scope: 'all', reason: 'r' },
      { scope: 'mine', reason: 'r', teams: ['team-x'] },
      { scope: 'theirs', reason: 'r', teams: ['other'] },
    ];
    const { estate, teams } = snapshotsOf(passOf({ unread }));
    expect(teams[0]?.unread.map(({ scope }) => scope)).toEqual(['all', 'mine']);
    expect(estate.unread).toEqual(unread);
  });
});

describe('the estate’s snapshot', () => {
  test('counts a machine of two teams once, and in both', () => {
    const { estate, teams } = snapshotsOf(
      passOf({ groups: [owned('a', { count: 2 }, ['team-x', 'other'])], teams: [teamOf(), teamOf({ name: 'other' })] }),
    );
    expect(teams.map(({ total }) => total)).toEqual([2, 2]);
    expect(estate).toMatchObject({
      overall: { total: 2 },
      unowned: { total: 0 },
      versions: [{ machines: 2 }],
      requests: 4,
    });
  });

  test('gives examples of what is nobody’s, the worst first', () => {
    const names = Array.from({ length: 12 }, (_, index) => `m${String(index).padStart(2, '0')}`);
    const { estate } = snapshotsOf(
      passOf({
        groups: [owned('a', { count: 12 }, []), owned('old', { image: built('1.0.0', OLD) }, [])],
        members: [membersOf('a', names, { teams: [] }), membersOf('old', ['z'], { teams: [] })],
      }),
    );
    expect(estate.unowned).toMatchObject({ total: 13, counts: { outdated: 12, endOfLife: 1 } });
    expect(estate.unowned.examples).toEqual(['z', ...names.slice(0, 9)].map(idOf));
  });
});

test('counts of each team sum to its total, survive JSON, and unlisted machines are never lost', () => {
  const image = fc.constantFrom(built('1.0.0'), built('1.1.0'), marketplace(), parseImageReference({}));
  const group = fc
    .tuple(image, fc.nat(5), fc.subarray(['team-x', 'other']))
    .map(([of, count, teams]) => owned(JSON.stringify(of), { image: of, count }, teams));
  const groups = fc.array(group, { maxLength: 12 });
  fc.assert(
    fc.property(groups, fc.nat(9), (given, unlisted) => {
      const listed = given.reduce((sum, { group }) => sum + group.count, 0);
      const pass = passOf({ groups: given, total: listed + unlisted, teams: [teamOf(), teamOf({ name: 'other' })] });
      const made = snapshotsOf(pass);
      expect(JSON.parse(JSON.stringify(made))).toEqual(made);
      expect(made.estate.overall.total).toBe(listed + unlisted);
      for (const team of made.teams) {
        const own = given.filter(({ teams }) => teams.includes(team.team));
        expect(team.total).toBe(own.reduce((sum, { group }) => sum + group.count, 0));
        expect(STATES.reduce((sum, state) => sum + team.counts[state], 0)).toBe(team.total);
      }
    }),
  );
});
