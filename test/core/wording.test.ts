import { describe, expect, test } from '@jest/globals';
import type { Verdict } from '../../src/core/classification.ts';
import { parseImageReference } from '../../src/core/image-reference.ts';
import type { Target } from '../../src/core/target.ts';
import { imagePhrase, nextStepOf, reasonOf } from '../../src/core/wording.ts';
import { built, catalogueOfVersions, GALLERY, MANAGED, marketplace, NOW, UBUNTU } from './build.ts';

const definition = catalogueOfVersions({ name: '1.0.0' }, { name: '1.1.0', daysOld: 3 }).galleries[0]!.definitions[0]!;
const [version, newer] = definition.versions as [(typeof definition.versions)[0], (typeof definition.versions)[0]];
const lag = { newer: [newer], versionsBehind: 1, daysBehind: 3, latest: newer };
const revocation = { version: '*', reason: 'CVE-1', at: NOW };
const exemption = { machine: '*', reason: 'vendor appliance', until: NOW };

const verdicts: readonly [Verdict, string][] = [
  [{ state: 'platformManaged', by: 'aks' }, 'Managed by Azure Kubernetes Service, which chooses its image.'],
  [{ state: 'platformManaged', by: 'databricks' }, 'Managed by Azure Databricks, which chooses its image.'],
  [
    { state: 'platformManaged', by: 'managedBy' },
    'Managed by the Azure service that owns it, which chooses its image.',
  ],
  [
    { state: 'exempt', exemption, otherwise: { state: 'unknown', why: { kind: 'no-region' } } },
    'Exempt until 2026-11-21: vendor appliance. Otherwise unknown: Azure does not say which region it is in, so its image cannot be compared.',
  ],
  [
    {
      state: 'exempt',
      exemption: { ...exemption, until: undefined },
      otherwise: { state: 'nonGolden', image: marketplace() },
    },
    'Exempt: vendor appliance. Otherwise non-golden: Marketplace image canonical:0001-com-ubuntu-server-jammy:22_04-lts is not an approved image.',
  ],
  [{ state: 'revoked', revocation, lag }, 'Its image was revoked on 2026-11-21: CVE-1.'],
  [{ state: 'revoked', revocation: { ...revocation, at: undefined }, lag }, 'Its image was revoked: CVE-1.'],
  [
    { state: 'endOfLife', because: { kind: 'version-date', on: NOW }, lag },
    'Its image version reached its end of life on 2026-11-21.',
  ],
  [
    { state: 'endOfLife', because: { kind: 'definition-date', on: NOW }, lag },
    'Its image definition reached its end of life on 2026-11-21.',
  ],
  [
    { state: 'endOfLife', because: { kind: 'gone', version: undefined }, lag: undefined },
    'Its image definition is gone from the gallery: Azure cannot create this machine again.',
  ],
  [
    { state: 'endOfLife', because: { kind: 'gone', version: '0.9.0' }, lag: undefined },
    'Its image version 0.9.0 is gone from the gallery: Azure cannot create this machine again.',
  ],
  [
    { state: 'unknown', why: { kind: 'no-reference' } },
    'It has no image reference: its OS disk was attached, specialised or migrated.',
  ],
  [
    { state: 'unknown', why: { kind: 'unrecognised-reference', raw: '/x' } },
    'Its image reference has a form nobody here knows: /x',
  ],
  [
    { state: 'unknown', why: { kind: 'no-version', definitionId: UBUNTU } },
    'Azure does not say which version of ubuntu-22 it was created from.',
  ],
  [
    { state: 'unknown', why: { kind: 'gallery-unread', gallery: GALLERY } },
    'The gallery corp could not be read, so its images cannot be judged.',
  ],
  [
    { state: 'unknown', why: { kind: 'no-publication-date', version: '1.1.0' } },
    'The gallery does not say when the newer version 1.1.0 was published.',
  ],
  [
    { state: 'outdated', definition, version, lag, latest: newer },
    'ubuntu-22 1.0.0 is 1 version and 3 days behind 1.1.0.',
  ],
  [
    { state: 'outdated', definition, version, lag: { ...lag, daysBehind: undefined }, latest: newer },
    'ubuntu-22 1.0.0 is 1 version behind 1.1.0.',
  ],
  [
    { state: 'current', because: { kind: 'newest', definition, version } },
    'ubuntu-22 1.0.0 is the newest version its region may use.',
  ],
  [
    { state: 'current', because: { kind: 'within-freshness', definition, version, lag, latest: newer, graceDays: 14 } },
    'ubuntu-22 1.0.0 is 1 version behind 1.1.0, which the policy still allows (14 days of grace).',
  ],
  [
    {
      state: 'current',
      because: { kind: 'within-freshness', definition, version, lag, latest: newer, graceDays: 1 },
    },
    'ubuntu-22 1.0.0 is 1 version behind 1.1.0, which the policy still allows (1 day of grace).',
  ],
  [
    { state: 'current', because: { kind: 'no-history', entry: { kind: 'managedImage', managedImage: '*' } } },
    'It runs an approved managed image; managed images carry no versions to be behind of.',
  ],
  [
    {
      state: 'current',
      because: { kind: 'no-history', entry: { kind: 'marketplace', publisher: '*', offer: '*', sku: '*' } },
    },
    'It runs an approved Marketplace image; its age is not judged.',
  ],
];

test.each(verdicts)('%j is said as a sentence', (verdict, sentence) => {
  expect(reasonOf(verdict)).toBe(sentence);
});

describe('the next step', () => {
  const candidate = { definition, version: newer };
  const one: Target = { kind: 'version', candidate, because: 'same-definition' };
  const choice: Target = { kind: 'choice', candidates: [candidate, { definition, version }] };
  const none: Target = { kind: 'none', why: 'no approved image fits Linux' };
  const outdated: Verdict = { state: 'outdated', definition, version, lag, latest: newer };
  const step = (verdict: Verdict, target: Target = one, part: object = {}) =>
    nextStepOf({ verdict, target, kind: 'cattle', type: 'virtualMachine', ...part });

  test('of a move depends on what the machine is', () => {
    expect(step(outdated)).toBe('Rebuild it from ubuntu-22 1.1.0.');
    expect(step(outdated, one, { kind: 'pet' })).toBe(
      'Plan a side-by-side rebuild from ubuntu-22 1.1.0 with its owner.',
    );
    expect(step(outdated, one, { type: 'scaleSetInstance' })).toBe(
      "Set the scale set's model to ubuntu-22 1.1.0 and upgrade this instance.",
    );
    expect(step(outdated, one, { type: 'scaleSet' })).toBe(
      "Set the scale set's model to ubuntu-22 1.1.0 before it scales out.",
    );
    expect(step(outdated, choice)).toBe('Rebuild it from ubuntu-22 1.1.0 or ubuntu-22 1.0.0.');
    expect(step(outdated, none)).toBe(
      'There is nothing to move it to: no approved image fits Linux. Ask the image builders, or have it exempted.',
    );
  });

  test('of the others is said once for all', () => {
    expect(step({ state: 'current', because: { kind: 'newest', definition, version } })).toBe('Nothing to do.');
    expect(step({ state: 'exempt', exemption, otherwise: outdated })).toBe('Nothing to do until 2026-11-21.');
    expect(step({ state: 'exempt', exemption: { ...exemption, until: undefined }, otherwise: outdated })).toBe(
      'Nothing to do.',
    );
    expect(step({ state: 'platformManaged', by: 'aks' })).toMatch(
      /upgrade the node image with Azure Kubernetes Service/,
    );
    expect(step({ state: 'unknown', why: { kind: 'no-region' } })).toBe(
      'Look at the resource in the portal and ask again later.',
    );
    for (const verdict of verdicts.map(([each]) => each)) expect(step(verdict)).toMatch(/^[A-Z].*\.$/);
  });
});

test.each([
  [built('1.0.0'), 'Gallery image corp/ubuntu-22 1.0.0'],
  [parseImageReference({ id: UBUNTU }), 'Gallery image corp/ubuntu-22'],
  [{ kind: 'galleryVersion', definitionId: 'odd', version: '1.0.0' } as const, 'Gallery image / 1.0.0'],
  [parseImageReference({ id: `${MANAGED}/x` }), 'Managed image x'],
  [parseImageReference({ publisher: 'p', offer: 'o' }), 'Marketplace image p:o'],
  [parseImageReference({ sharedGalleryImageId: '/SharedGalleries/g/Images/d' }), 'Directly shared gallery image g/d'],
  [
    parseImageReference({ communityGalleryImageId: '/CommunityGalleries/g/Images/d/Versions/1.0.0' }),
    'Community gallery image g/d 1.0.0',
  ],
  [parseImageReference(null), 'No image reference'],
  [parseImageReference({ id: '/x' }), 'Image reference /x'],
])('%j is called %j', (image, phrase) => {
  expect(imagePhrase(image)).toBe(phrase);
});
