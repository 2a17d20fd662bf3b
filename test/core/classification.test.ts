import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { catalogueOf } from '../../src/core/catalogue.ts';
import { classify, STATES } from '../../src/core/classification.ts';
import { parseImageReference } from '../../src/core/image-reference.ts';
import { reasonOf } from '../../src/core/wording.ts';
import {
  approvedGalleryOf,
  built,
  catalogueOfVersions,
  daysAgo,
  definitionRows,
  GALLERY,
  GALLERY_ROW,
  MANAGED,
  marketplace,
  NOW,
  policyOf,
  SUBSCRIPTION,
  subjectOf,
  UBUNTU,
} from './build.ts';

const three = catalogueOfVersions(
  { name: '1.0.0', daysOld: 90 },
  { name: '1.9.0', daysOld: 60 },
  { name: '1.10.0', daysOld: 30 },
);

function stateOf(
  image = built('1.0.0'),
  catalogue = three,
  policy = policyOf(),
  region: string | undefined = 'westeurope',
) {
  return classify(subjectOf({ image, region }), catalogue, policy, NOW);
}

describe('current and outdated', () => {
  test('the newest version is current', () => {
    expect(stateOf(built('1.10.0'))).toMatchObject({ state: 'current', because: { kind: 'newest' } });
  });

  test('an older one is outdated, by versions and by days since the first newer one', () => {
    expect(stateOf(built('1.0.0'))).toMatchObject({ state: 'outdated', lag: { versionsBehind: 2, daysBehind: 60 } });
  });

  test('a definition reference is judged by its exact version', () => {
    expect(stateOf(parseImageReference({ id: UBUNTU, exactVersion: '1.9.0' }))).toMatchObject({
      state: 'outdated',
      lag: { versionsBehind: 1 },
    });
  });

  test('a newer version within its grace changes nothing, on the very last instant too', () => {
    const at = (daysOld: number) =>
      stateOf(built('1.0.0'), catalogueOfVersions({ name: '1.0.0' }, { name: '1.1.0', daysOld }));
    expect(at(14)).toMatchObject({ state: 'current', because: { kind: 'within-freshness', graceDays: 14 } });
    expect(at(14.01)).toMatchObject({ state: 'outdated' });
  });

  test('as many versions as the policy allows may be missed', () => {
    const lenient = (versionsBehind: number) =>
      policyOf({ golden: [approvedGalleryOf({ freshness: { graceDays: 0, versionsBehind, maxAgeDays: 60 } })] });
    expect(stateOf(built('1.0.0'), three, lenient(2))).toMatchObject({ state: 'current' });
    expect(stateOf(built('1.0.0'), three, lenient(1))).toMatchObject({ state: 'outdated' });
  });

  test.each([
    ['is not replicated to the region', { regions: ['East US'] }],
    ['is excluded from latest', { excluded: true }],
    ['is excluded from latest in the region', { regions: [{ name: 'West Europe', excludeFromLatest: true }] }],
    ['has not succeeded', { state: 'Creating' }],
  ])('a newer version that %s does not count', (_case, sketch) => {
    const catalogue = catalogueOfVersions({ name: '1.0.0' }, { name: '1.1.0', ...sketch });
    expect(stateOf(built('1.0.0'), catalogue)).toMatchObject({ state: 'current', because: { kind: 'newest' } });
  });

  test('a newer version that has ended or was revoked still tells how old a machine is, but is nowhere to go', () => {
    const catalogue = catalogueOfVersions(
      { name: '1.0.0', daysOld: 90 },
      { name: '1.1.0', daysOld: 60, endOfLife: daysAgo(1) },
      { name: '1.2.0', daysOld: 40 },
      { name: '1.3.0', daysOld: 20 },
    );
    const policy = policyOf({ revoked: [{ version: `${UBUNTU}/versions/1.3.0`, reason: 'CVE', at: undefined }] });
    expect(stateOf(built('1.0.0'), catalogue, policy)).toMatchObject({
      state: 'outdated',
      lag: { versionsBehind: 3, daysBehind: 60 },
      latest: { name: '1.2.0' },
    });
    expect(stateOf(built('1.2.0'), catalogue, policy)).toMatchObject({ state: 'current', because: { kind: 'newest' } });
  });

  test('the first newer version is the one published first, whatever its number', () => {
    const catalogue = catalogueOfVersions(
      { name: '1.0.0', daysOld: 100 },
      { name: '1.0.1', daysOld: 3 },
      { name: '2.0.0', daysOld: 60 },
    );
    expect(stateOf(built('1.0.0'), catalogue)).toMatchObject({ state: 'outdated', lag: { daysBehind: 60 } });
  });

  test('a version published after the instant that is asked about is not there yet', () => {
    const catalogue = catalogueOfVersions(
      { name: '1.0.0', daysOld: 90 },
      { name: '1.1.0', daysOld: 60 },
      { name: '1.2.0', daysOld: -0.01 },
    );
    expect(stateOf(built('1.1.0'), catalogue)).toMatchObject({ state: 'current', because: { kind: 'newest' } });
    expect(stateOf(built('1.0.0'), catalogue)).toMatchObject({
      state: 'outdated',
      latest: { name: '1.1.0' },
      lag: { versionsBehind: 1, daysBehind: 60 },
    });
    expect(stateOf(built('1.2.0'), catalogue)).toMatchObject({ state: 'current', because: { kind: 'newest' } });
  });

  test('regions are compared by their normal form', () => {
    const catalogue = catalogueOfVersions({ name: '1.0.0' }, { name: '1.1.0', regions: ['East US 2'] });
    expect(stateOf(built('1.0.0'), catalogue, policyOf(), 'eastus2')).toMatchObject({ state: 'outdated' });
  });

  test('each golden entry may have its own freshness', () => {
    const strict = approvedGalleryOf({
      definitions: ['ubuntu-22'],
      freshness: { graceDays: 0, versionsBehind: 0, maxAgeDays: 1 },
    });
    const catalogue = catalogueOfVersions({ name: '1.0.0' }, { name: '1.1.0', daysOld: 1 });
    expect(stateOf(built('1.0.0'), catalogue, policyOf({ golden: [strict, approvedGalleryOf()] }))).toMatchObject({
      state: 'outdated',
    });
  });

  test('approved managed and Marketplace images carry no history', () => {
    const policy = policyOf({
      golden: [
        { kind: 'managedImage', managedImage: `${MANAGED}/web-base-*` },
        { kind: 'marketplace', publisher: 'canonical', offer: '*jammy', sku: '*' },
      ],
    });
    expect(stateOf(parseImageReference({ id: `${MANAGED}/WEB-base-3` }), three, policy)).toMatchObject({
      state: 'current',
      because: { kind: 'no-history' },
    });
    expect(stateOf(marketplace(), three, policy)).toMatchObject({ state: 'current', because: { kind: 'no-history' } });
  });
});

describe('end of life', () => {
  test('by the date of the version', () => {
    const catalogue = catalogueOfVersions({ name: '1.0.0', endOfLife: daysAgo(1) });
    expect(stateOf(built('1.0.0'), catalogue)).toMatchObject({ state: 'endOfLife', because: { kind: 'version-date' } });
  });

  test('by the date of the definition', () => {
    const catalogue = catalogueOf([
      GALLERY_ROW,
      ...definitionRows('ubuntu-22', [{ name: '1.0.0' }], { endOfLife: daysAgo(0) }),
    ]);
    expect(stateOf(built('1.0.0'), catalogue)).toMatchObject({
      state: 'endOfLife',
      because: { kind: 'definition-date' },
    });
    expect(stateOf(parseImageReference({ id: UBUNTU }), catalogue)).toMatchObject({ state: 'endOfLife' });
  });

  test('because the version is gone, and still how far behind it is', () => {
    expect(stateOf(built('0.9.0'))).toMatchObject({
      state: 'endOfLife',
      because: { kind: 'gone', version: '0.9.0' },
      lag: { versionsBehind: 3 },
    });
  });

  test('because the whole definition is gone, even where no version was ever named', () => {
    expect(stateOf(parseImageReference({ id: `${GALLERY}/images/debian-9` }))).toMatchObject({
      state: 'endOfLife',
      because: { kind: 'gone', version: undefined },
    });
    expect(stateOf(built('1.0.0', `${GALLERY}/images/debian-9`))).toMatchObject({
      state: 'endOfLife',
      because: { kind: 'gone' },
      lag: undefined,
    });
  });

  test('a date in the future has not come', () => {
    const catalogue = catalogueOfVersions({ name: '1.0.0', endOfLife: daysAgo(-1) });
    expect(stateOf(built('1.0.0'), catalogue)).toMatchObject({ state: 'current' });
  });
});

describe('revoked', () => {
  const revoked = (version: string, at?: Date) => policyOf({ revoked: [{ version, reason: 'CVE-2026-1111', at }] });

  test('by the id of the version, by a glob, by an abbreviated id', () => {
    for (const version of [
      `${UBUNTU}/versions/1.9.0`.toUpperCase(),
      '*/ubuntu-22/versions/1.9.*',
      '.../ubuntu-22/versions/1.9.0',
    ]) {
      expect(stateOf(built('1.9.0'), three, revoked(version))).toMatchObject({ state: 'revoked' });
    }
  });

  test('from its date on', () => {
    expect(stateOf(built('1.9.0'), three, revoked('*/1.9.0', NOW))).toMatchObject({ state: 'revoked' });
    expect(stateOf(built('1.9.0'), three, revoked('*/1.9.0', new Date(NOW.getTime() + 1)))).toMatchObject({
      state: 'outdated',
    });
  });

  test('before end of life, even when the version is gone', () => {
    expect(stateOf(built('0.9.0'), three, revoked('*/ubuntu-22/versions/0.9.0'))).toMatchObject({ state: 'revoked' });
  });

  test('under the name of a shared gallery', () => {
    const shared = parseImageReference({
      sharedGalleryImageId: `/SharedGalleries/${SUBSCRIPTION}-CORP/Images/ubuntu-22/Versions/1.9.0`,
    });
    expect(stateOf(shared, three, revoked(`${UBUNTU}/versions/1.9.0`))).toMatchObject({ state: 'revoked' });
  });
});

describe('non-golden', () => {
  test.each([
    ['a Marketplace image', marketplace()],
    ['a managed image', parseImageReference({ id: `${MANAGED}/x` })],
    ['another gallery', built('1.0.0', `${GALLERY}2/images/ubuntu-22`)],
    [
      'a community gallery',
      parseImageReference({ communityGalleryImageId: '/CommunityGalleries/x/Images/y/Versions/1.0.0' }),
    ],
  ])('%s that nobody approved', (_case, image) => {
    expect(stateOf(image)).toMatchObject({ state: 'nonGolden', image });
  });

  test('a definition of an approved gallery that the globs leave out', () => {
    const policy = policyOf({ golden: [approvedGalleryOf({ definitions: ['win*'] })] });
    expect(stateOf(built('1.10.0'), three, policy)).toMatchObject({ state: 'nonGolden' });
    expect(stateOf(parseImageReference({ id: UBUNTU }), three, policy)).toMatchObject({ state: 'nonGolden' });
  });

  test('the same, when the gallery could not be read: the configuration alone tells', () => {
    const policy = policyOf({ golden: [approvedGalleryOf({ definitions: ['win*'] })] });
    expect(stateOf(built('1.0.0'), catalogueOf([]), policy)).toMatchObject({ state: 'nonGolden' });
  });
});

describe('unknown', () => {
  test('no reference', () => {
    expect(stateOf(parseImageReference(undefined))).toMatchObject({ state: 'unknown', why: { kind: 'no-reference' } });
    expect(stateOf(parseImageReference({ id: '/x' }))).toMatchObject({ state: 'unknown', why: { raw: '/x' } });
  });

  test('a definition without an exact version is never current', () => {
    expect(stateOf(parseImageReference({ id: UBUNTU }))).toMatchObject({
      state: 'unknown',
      why: { kind: 'no-version' },
    });
  });

  test('a gallery that could not be read', () => {
    expect(stateOf(built('1.0.0'), catalogueOf([]))).toMatchObject({
      state: 'unknown',
      why: { kind: 'gallery-unread' },
    });
  });

  test('a published name while a gallery is unread may be that gallery', () => {
    const shared = (name: string) =>
      parseImageReference({ sharedGalleryImageId: `/SharedGalleries/${name}/Images/d/Versions/1.0.0` });
    const community = parseImageReference({ communityGalleryImageId: '/CommunityGalleries/x/Images/d/Versions/1.0.0' });
    expect(stateOf(community, catalogueOf([]))).toMatchObject({ state: 'unknown', why: { kind: 'gallery-unread' } });
    expect(stateOf(shared(`${SUBSCRIPTION}-corp`), catalogueOf([]))).toMatchObject({ state: 'unknown' });
    expect(stateOf(shared('another-gallery'), catalogueOf([]))).toMatchObject({ state: 'nonGolden' });
  });

  test('no region', () => {
    const verdict = classify(subjectOf({ region: undefined }), three, policyOf(), NOW);
    expect(verdict).toMatchObject({ state: 'unknown', why: { kind: 'no-region' } });
  });

  test('a newer version without a date of publication', () => {
    const catalogue = catalogueOfVersions(
      { name: '1.0.0' },
      { name: '1.1.0', published: null },
      { name: '1.2.0', daysOld: 3 },
    );
    expect(stateOf(built('1.0.0'), catalogue)).toMatchObject({
      state: 'unknown',
      why: { kind: 'no-publication-date' },
    });
  });
});

describe('whoever owns it', () => {
  test('a platform comes before everything', () => {
    const exemption = { machine: '*', reason: 'x', until: undefined };
    expect(classify(subjectOf({ platform: 'aks' }), three, policyOf(), NOW, exemption)).toEqual({
      state: 'platformManaged',
      by: 'aks',
    });
  });

  test('an exemption hides a verdict that stays countable', () => {
    const exemption = { machine: '*', reason: 'legacy', until: undefined };
    expect(classify(subjectOf(), three, policyOf(), NOW, exemption)).toMatchObject({
      state: 'exempt',
      exemption,
      otherwise: { state: 'outdated' },
    });
  });

  test('images shared under another name are judged as the gallery they come from', () => {
    for (const image of [
      parseImageReference({
        sharedGalleryImageId: `/SharedGalleries/${SUBSCRIPTION}-corp/Images/UBUNTU-22/Versions/1.9.0`,
      }),
      parseImageReference({
        communityGalleryImageId: '/CommunityGalleries/Corp-Public-1/Images/ubuntu-22/Versions/1.9.0',
      }),
    ]) {
      expect(stateOf(image)).toMatchObject({ state: 'outdated', lag: { versionsBehind: 1 } });
    }
  });
});

describe('arbitrary input', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('1.0.0', 'latest', UBUNTU, GALLERY, `${UBUNTU}/versions/1.9.0`, 'Succeeded', ''),
  );
  const row = fc.record(
    {
      id: fc.oneof(word, fc.anything()),
      type: fc.oneof(
        fc.constantFrom(
          'microsoft.compute/galleries',
          'microsoft.compute/galleries/images',
          'microsoft.compute/galleries/images/versions',
        ),
        fc.anything(),
      ),
      name: fc.anything(),
      uniqueName: fc.anything(),
      publicNames: fc.anything(),
      features: fc.anything(),
      endOfLife: fc.oneof(word, fc.anything()),
      published: fc.anything(),
      targetRegions: fc.anything(),
      excludeFromLatest: fc.anything(),
      provisioningState: fc.anything(),
    },
    { requiredKeys: [] },
  );

  test('always has exactly one state, and a sentence for it', () => {
    fc.assert(
      fc.property(
        fc.array(row),
        fc.record({ id: word, exactVersion: word, publisher: word, offer: word }),
        word,
        (rows, raw, region) => {
          const subject = subjectOf({ image: parseImageReference(raw), region });
          const verdict = classify(subject, catalogueOf(rows), policyOf(), NOW);
          expect(STATES).toContain(verdict.state);
          expect(reasonOf(verdict)).toMatch(/\S/);
        },
      ),
    );
  });

  test('is never current unless the approved gallery shows the version', () => {
    fc.assert(
      fc.property(fc.record({ id: word, exactVersion: word, version: word }), (raw) => {
        const verdict = classify(subjectOf({ image: parseImageReference(raw) }), catalogueOf([]), policyOf(), NOW);
        expect(verdict.state).not.toBe('current');
      }),
    );
  });

  test('a version never becomes outdated by versions published later than its grace allows', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(40)), { minLength: 1 }), fc.nat(30), (sketches, graceDays) => {
        const versions = [
          ...new Map(sketches.map(([minor, daysOld]) => [minor, { name: `1.${minor}.0`, daysOld }])).values(),
        ];
        const policy = policyOf({
          golden: [approvedGalleryOf({ freshness: { graceDays, versionsBehind: 0, maxAgeDays: 60 } })],
        });
        const own = versions[0]!;
        const verdict = classify(subjectOf({ image: built(own.name) }), catalogueOfVersions(...versions), policy, NOW);
        const newer = versions.filter((version) => Number(version.name.split('.')[1]) > Number(own.name.split('.')[1]));
        const first = newer.toSorted((a, b) => b.daysOld - a.daysOld)[0];
        expect(verdict.state).toBe(first && first.daysOld > graceDays ? 'outdated' : 'current');
      }),
    );
  });
});
