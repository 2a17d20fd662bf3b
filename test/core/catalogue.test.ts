import { describe, expect, test } from '@jest/globals';
import { catalogueOf, findGallery } from '../../src/core/catalogue.ts';
import { definitionRows, GALLERY, GALLERY_ROW, UBUNTU } from './build.ts';

describe('a catalogue', () => {
  test('is built from rows in any order, versions oldest first', () => {
    const rows = [...definitionRows('ubuntu-22', [{ name: '1.10.0' }, { name: '1.9.0' }]), GALLERY_ROW].toReversed();
    const [gallery] = catalogueOf(rows).galleries;
    expect(gallery).toMatchObject({ id: GALLERY, publicNames: ['corp-public-1'] });
    expect(gallery?.definitions[0]).toMatchObject({ id: UBUNTU, osType: 'Linux', generation: 'V2' });
    expect(gallery?.definitions[0]?.versions.map(({ name }) => name)).toEqual(['1.9.0', '1.10.0']);
  });

  test('counts a row that was read twice once', () => {
    const rows = [GALLERY_ROW, { ...GALLERY_ROW, id: GALLERY.toUpperCase() }];
    expect(catalogueOf(rows).galleries).toHaveLength(1);
  });

  test('takes a name from the id where the row has none', () => {
    const rows = [
      GALLERY_ROW,
      { id: `${GALLERY}/images/d`, type: 'microsoft.compute/galleries/images' },
      { id: `${GALLERY}/images/d/versions/1.0.0`, type: 'microsoft.compute/galleries/images/versions' },
    ];
    expect(catalogueOf(rows).galleries[0]?.definitions[0]).toMatchObject({
      name: 'd',
      versions: [{ name: '1.0.0', provisioningState: '' }],
    });
  });

  test.each([[true], [1], ['True'], ['1'], ['true']])('%j says that a version is excluded', (excludeFromLatest) => {
    const rows = [GALLERY_ROW, ...definitionRows('ubuntu-22', [{ name: '1.0.0' }])].map((row) =>
      'excludeFromLatest' in row ? { ...row, excludeFromLatest } : row,
    );
    expect(catalogueOf(rows).galleries[0]?.definitions[0]?.versions[0]).toMatchObject({ excludedFromLatest: true });
  });

  test('reads dates with seven fractional digits, and passes over what is none', () => {
    const read = (published: string) =>
      catalogueOf([GALLERY_ROW, ...definitionRows('ubuntu-22', [{ name: '1.0.0', published }])]).galleries[0]
        ?.definitions[0]?.versions[0]?.publishedAt;
    expect(read('2026-10-01T08:00:00.1234567+00:00')?.toISOString()).toBe('2026-10-01T08:00:00.123Z');
    expect(read('soon')).toBeUndefined();
  });

  test('passes over rows and regions without a name', () => {
    const rows = [{ type: 'microsoft.compute/galleries' }, { ...GALLERY_ROW, publicNames: 'x', uniqueName: '' }];
    expect(catalogueOf(rows).galleries).toEqual([
      { id: GALLERY, uniqueName: undefined, publicNames: [], definitions: [] },
    ]);
    const odd = definitionRows('ubuntu-22', [{ name: '1.0.0' }]).map((row) =>
      'targetRegions' in row ? { ...row, targetRegions: [null, {}, 'x'] } : row,
    );
    expect(catalogueOf([GALLERY_ROW, ...odd]).galleries[0]?.definitions[0]?.versions[0]?.regions).toEqual([]);
  });

  test('finds a gallery by its own id or by one below it', () => {
    const catalogue = catalogueOf([GALLERY_ROW]);
    expect(findGallery(catalogue, UBUNTU)?.id).toBe(GALLERY);
    expect(findGallery(catalogue, `${GALLERY}2`)).toBeUndefined();
  });
});
