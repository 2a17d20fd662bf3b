import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FatalError, RetryableError, UserError } from '../../src/core/errors.ts';
import { escapeRegExp, globPattern, matchesAny, matchesGlob } from '../../src/core/glob.ts';
import { architectureOfSize, isInScaleSet, kindOf } from '../../src/core/machine.ts';
import { nearest } from '../../src/core/nearest.ts';
import { normalizeRegion } from '../../src/core/region.ts';
import * as ids from '../../src/core/resource-id.ts';
import { compareVersions, parseVersion } from '../../src/core/version.ts';

describe('regions', () => {
  test.each([
    ['East US', 'eastus'],
    ['westeurope', 'westeurope'],
    [' North  Europe ', 'northeurope'],
    ['', undefined],
    ['  ', undefined],
    [null, undefined],
    [7, undefined],
  ])('%j is %j', (text, expected) => {
    expect(normalizeRegion(text)).toBe(expected);
  });
});

describe('versions', () => {
  test('they compare by number, not by text', () => {
    expect(['1.10.0', '1.9.0', '1.2.30', '1.2.4'].toSorted(compareVersions)).toEqual([
      '1.2.4',
      '1.2.30',
      '1.9.0',
      '1.10.0',
    ]);
  });

  test('a missing part counts as zero', () => {
    expect(compareVersions('1.4', '1.4.0')).toBe(0);
    expect(compareVersions('1.4.0', '1.4')).toBe(0);
  });

  test.each(['latest', '', '1.', '.1', '1.2.3.4.5', '1.2.x', 'v1.2.3', '-1.0.0'])('%j is not a version', (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });

  test('a number is newer than a word, and words order by themselves', () => {
    expect(compareVersions('1.0.0', 'latest')).toBeGreaterThan(0);
    expect(compareVersions('latest', '1.0.0')).toBeLessThan(0);
    expect(compareVersions('a', 'b')).toBeLessThan(0);
    expect(compareVersions('b', 'a')).toBeGreaterThan(0);
    expect(compareVersions('a', 'a')).toBe(0);
  });

  test('the order is total: antisymmetric and transitive', () => {
    const version = fc.oneof(
      fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30)).map((parts) => parts.join('.')),
      fc.constantFrom('latest', '', '1.2', 'x'),
    );
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('globs', () => {
  test.each([
    ['ubuntu-*', 'ubuntu-22', true],
    ['ubuntu-*', 'Ubuntu-', true],
    ['ubuntu-*', 'my-ubuntu-22', false],
    ['*/images/old-base-*', '/subscriptions/x/images/OLD-base-7', true],
    ['a.c', 'abc', false],
    ['...//x', 'anything//x', true],
    ['.../galleries/corp', '/subscriptions/1/galleries/corp', true],
    [' win2022 ', 'win2022', true],
    ['*', '', true],
  ])('%j against %j: %j', (glob, text, expected) => {
    expect(matchesGlob(glob, text)).toBe(expected);
  });

  test('an absent list means all, an empty list none', () => {
    expect(matchesAny(undefined, 'x')).toBe(true);
    expect(matchesAny([], 'x')).toBe(false);
    expect(matchesAny(['y', 'x'], 'x')).toBe(true);
  });

  test('a glob without a wildcard matches its own text and nothing longer', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        fc.pre(!text.includes('*') && !text.trim().startsWith('...'));
        expect(matchesGlob(text, text)).toBe(true);
        expect(matchesGlob(text, `${text.trim()}x`)).toBe(false);
      }),
    );
  });

  test('an escaped text is a pattern for itself', () => {
    fc.assert(fc.property(fc.string(), (text) => new RegExp(`^${escapeRegExp(text)}$`, 's').test(text)));
    expect(globPattern('a*b')).toBe('^a.*b$');
  });
});

describe('resource ids', () => {
  const version = '/subscriptions/AB/resourceGroups/Rg/providers/Microsoft.Compute/galleries/g/images/d/versions/1.0.0';

  test('they compare without case', () => {
    expect(ids.sameId('/Subscriptions/A', '/subscriptions/a')).toBe(true);
    expect(ids.isBelow(version, '/subscriptions/ab/resourcegroups/rg/providers/microsoft.compute/galleries/G')).toBe(
      true,
    );
    expect(ids.isBelow('/a/bc', '/a/b')).toBe(false);
  });

  test('their parts are read', () => {
    expect(ids.resourceName(version)).toBe('1.0.0');
    expect(ids.subscriptionOf(version)).toBe('ab');
    expect(ids.subscriptionOf('/providers/x')).toBeUndefined();
    expect(ids.resourceGroupOf(version)).toBe('Rg');
    expect(ids.resourceGroupOf('/subscriptions/x')).toBeUndefined();
    expect(ids.scaleSetOfInstance('/a/virtualMachineScaleSets/s/virtualMachines/3')).toBe(
      '/a/virtualMachineScaleSets/s',
    );
    expect(ids.scaleSetOfInstance('/a/virtualMachines/3')).toBeUndefined();
  });

  test('a portal link quotes what a hostile id holds', () => {
    expect(ids.portalLink('https://portal.azure.com', '/a/b c|<x>')).toBe(
      'https://portal.azure.com/#@/resource/a/b%20c%7C%3Cx%3E',
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (id) =>
        URL.canParse(ids.portalLink('https://portal.azure.com', `/${id}`)),
      ),
    );
  });
});

describe('pet or cattle', () => {
  test('the tag wins, then the scale set, then the team', () => {
    expect(kindOf({ kindTag: 'pet', inScaleSet: true }, 'cattle')).toBe('pet');
    expect(kindOf({ kindTag: 'cattle', inScaleSet: false }, 'pet')).toBe('cattle');
    expect(kindOf({ kindTag: 'hamster', inScaleSet: true }, 'pet')).toBe('cattle');
    expect(kindOf({ kindTag: undefined, inScaleSet: false }, 'pet')).toBe('pet');
  });

  test('instances, members and sets are in a scale set', () => {
    expect(isInScaleSet({ type: 'scaleSetInstance', scaleSetId: undefined })).toBe(true);
    expect(isInScaleSet({ type: 'virtualMachine', scaleSetId: '/s' })).toBe(true);
    expect(isInScaleSet({ type: 'virtualMachine', scaleSetId: undefined })).toBe(false);
  });
});

test.each([
  ['Standard_D2s_v5', 'x64'],
  ['Standard_D4ps_v5', 'Arm64'],
  ['Standard_E8pds_v5', 'Arm64'],
  ['Standard_M8-2ms', 'x64'],
  ['Basic_A1', 'x64'],
  ['Standard_NP10s', 'x64'],
  ['huge', undefined],
])('the size %s is of architecture %s', (size, architecture) => {
  expect(architectureOfSize(size)).toBe(architecture);
});

describe('the nearest name', () => {
  const names = ['payments', 'checkout', 'data-platform'];

  test.each([
    ['paymnets', 'payments'],
    ['CHECKOUT', 'checkout'],
    ['data', 'data-platform'],
    ['zzzzzz', undefined],
    ['', undefined],
  ])('%j means %j', (typed, expected) => {
    expect(nearest(typed, names)).toBe(expected);
  });

  test('the fewest edits win', () => {
    expect(nearest('team-b', ['team-a', 'team-b'])).toBe('team-b');
  });
});

test('an error carries its next step, its cause and its own name', () => {
  const cause = new Error('why');
  expect(new UserError('m', 'h')).toMatchObject({ name: 'UserError', message: 'm', hint: 'h' });
  expect(new UserError('m', 'h')).not.toHaveProperty('cause');
  expect(new FatalError('m', 'h', cause)).toMatchObject({ name: 'FatalError', cause });
  expect(new RetryableError('m', 'h')).toMatchObject({ retryAfterMs: undefined });
  expect(new RetryableError('m', 'h', { retryAfterMs: 7, cause })).toMatchObject({ retryAfterMs: 7, cause });
});
