import { describe, expect, test } from '@jest/globals';
import { catalogueOf } from '../../src/core/catalogue.ts';
import { parseImageReference } from '../../src/core/image-reference.ts';
import { fits, targetOf } from '../../src/core/target.ts';
import { targetPhrase } from '../../src/core/wording.ts';
import {
  approvedGalleryOf,
  built,
  catalogueOfVersions,
  daysAgo,
  definitionRows,
  GALLERY,
  GALLERY_ROW,
  MANAGED,
  machineOf,
  marketplace,
  NOW,
  policyOf,
  UBUNTU,
} from './build.ts';

const versions = [{ name: '1.0.0' }, { name: '1.1.0' }];
const fleet = catalogueOf([
  GALLERY_ROW,
  ...definitionRows('ubuntu-22', versions),
  ...definitionRows('ubuntu-24', versions),
  ...definitionRows('win2022', versions, { osType: 'Windows' }),
]);

function target(part: Parameters<typeof machineOf>[0], catalogue = fleet, policy = policyOf()) {
  return targetPhrase(targetOf(machineOf(part), catalogue, policy, NOW));
}

describe('the target', () => {
  test('is the newest eligible version of the same definition', () => {
    expect(target({ image: built('1.0.0') })).toBe('ubuntu-22 1.1.0');
    expect(target({ image: parseImageReference({ id: UBUNTU }) })).toBe('ubuntu-22 1.1.0');
  });

  test('is that even where the version is gone', () => {
    expect(target({ image: built('0.1.0') })).toBe('ubuntu-22 1.1.0');
  });

  test('passes over a version that is not in the region', () => {
    const catalogue = catalogueOfVersions({ name: '1.0.0' }, { name: '1.1.0', regions: ['East US'] });
    expect(target({ image: built('0.9.0') }, catalogue)).toBe('ubuntu-22 1.0.0');
  });

  test('for another image is the only definition that fits', () => {
    expect(target({ image: marketplace(), osType: 'Windows' })).toBe('win2022 1.1.0');
  });

  test('is a choice where several fit', () => {
    expect(target({ image: marketplace() })).toBe('one of ubuntu-22 1.1.0, ubuntu-24 1.1.0');
  });

  test('is the entry that says it replaces the image', () => {
    const policy = policyOf({
      golden: [
        approvedGalleryOf({ definitions: ['ubuntu-22'] }),
        approvedGalleryOf({
          definitions: ['ubuntu-24'],
          replaces: [{ publisher: 'Canonical', offer: '*jammy*' }, { managedImage: '*/images/old-base-*' }],
        }),
      ],
    });
    expect(target({ image: marketplace() }, fleet, policy)).toBe('ubuntu-24 1.1.0');
    expect(target({ image: parseImageReference({ id: `${MANAGED}/old-base-3` }) }, fleet, policy)).toBe(
      'ubuntu-24 1.1.0',
    );
    expect(target({ image: marketplace('debian', 'debian') }, fleet, policy)).toMatch(/^one of/);
  });

  test('of a replacement without publisher and offer is any Marketplace image, and no managed one', () => {
    const policy = policyOf({
      golden: [approvedGalleryOf({ definitions: ['ubuntu-24'], replaces: [{}] }), approvedGalleryOf()],
    });
    expect(target({ image: marketplace('x', 'y') }, fleet, policy)).toBe('ubuntu-24 1.1.0');
    expect(target({ image: parseImageReference({ id: `${MANAGED}/x` }) }, fleet, policy)).toMatch(/^one of/);
  });

  test('of an ended definition is another one', () => {
    const catalogue = catalogueOf([
      GALLERY_ROW,
      ...definitionRows('ubuntu-22', versions, { endOfLife: daysAgo(1) }),
      ...definitionRows('ubuntu-24', versions),
    ]);
    expect(target({ image: built('1.1.0') }, catalogue)).toBe('ubuntu-24 1.1.0');
  });

  test('of a definition nobody approves is an approved one', () => {
    const policy = policyOf({ golden: [approvedGalleryOf({ definitions: ['ubuntu-24'] })] });
    expect(target({ image: built('1.0.0') }, fleet, policy)).toBe('ubuntu-24 1.1.0');
  });

  test('is none, and says why', () => {
    expect(target({ image: marketplace(), architecture: 'Arm64' })).toBe(
      'none: no approved image fits Linux, V2, Arm64, westeurope',
    );
    expect(target({ region: undefined })).toMatch(/^none: Azure did not say which region/);
    expect(target({ image: built('1.0.0') }, catalogueOf([]))).toBe('none: the gallery corp could not be read');
  });
});

describe('a machine fits a definition', () => {
  const definition = (securityType: string | undefined) =>
    catalogueOf([GALLERY_ROW, ...definitionRows('d', [], securityType ? { securityType } : {}, GALLERY)]).galleries[0]!
      .definitions[0]!;

  test.each([
    [undefined, undefined, true],
    ['TrustedLaunch', undefined, false],
    ['TrustedLaunch', 'TrustedLaunchSupported', true],
    [undefined, 'TrustedLaunchSupported', true],
    [undefined, 'TrustedLaunch', false],
    ['Standard', 'None', true],
    ['ConfidentialVM', 'ConfidentialVMSupported', true],
    ['ConfidentialVM', 'TrustedLaunchSupported', false],
    ['ConfidentialVM', 'ConfidentialVM', true],
    ['TrustedLaunch', 'TrustedLaunchAndConfidentialVmSupported', true],
    ['TrustedLaunch', 'SomethingNew', true],
  ])('security type %s with the feature %s: %s', (securityType, feature, expected) => {
    expect(fits(machineOf({ securityType }), definition(feature))).toBe(expected);
  });

  test('in operating system, generation and architecture, as far as they are known', () => {
    const linux = definition(undefined);
    expect(fits(machineOf({ generation: 'v2' }), linux)).toBe(true);
    expect(fits(machineOf({ generation: 'V1' }), linux)).toBe(false);
    expect(fits(machineOf({ osType: 'Windows' }), linux)).toBe(false);
    expect(fits(machineOf({ architecture: 'Arm64' }), linux)).toBe(false);
    expect(fits(machineOf({ osType: undefined, generation: undefined, architecture: undefined }), linux)).toBe(true);
  });
});
