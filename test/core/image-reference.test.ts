import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { imageName, parseImageReference } from '../../src/core/image-reference.ts';
import { GALLERY, MANAGED, UBUNTU } from './build.ts';

describe('an image reference is read', () => {
  test('from Marketplace, with the version it resolved to', () => {
    const raw = { publisher: 'Canonical', offer: 'o', sku: 's', version: 'latest', exactVersion: '22.04.1' };
    expect(parseImageReference(raw)).toEqual({ kind: 'marketplace', ...raw });
    expect(imageName(parseImageReference(raw))).toBe('Canonical:o:s:22.04.1');
  });

  test('from Marketplace without sku and exact version', () => {
    const image = parseImageReference({ publisher: 'p', offer: 'o', version: 'latest' });
    expect(image).toMatchObject({ kind: 'marketplace', sku: '', exactVersion: undefined });
    expect(imageName(image)).toBe('p:o:latest');
  });

  test('from a managed image', () => {
    const image = parseImageReference({ id: `${MANAGED}/web-base-7` });
    expect(image).toEqual({ kind: 'managedImage', id: `${MANAGED}/web-base-7` });
    expect(imageName(image)).toBe(`${MANAGED}/web-base-7`);
  });

  test('from a gallery definition, whose exact version only Azure knows', () => {
    const image = parseImageReference({ id: UBUNTU, exactVersion: '1.1.3' });
    expect(image).toEqual({ kind: 'galleryDefinition', definitionId: UBUNTU, exactVersion: '1.1.3' });
    expect(imageName(image)).toBe(`${UBUNTU}/versions/1.1.3`);
    expect(imageName(parseImageReference({ id: UBUNTU }))).toBe(UBUNTU);
  });

  test('from a gallery version; "latest" is no version', () => {
    expect(parseImageReference({ id: `${UBUNTU}/versions/1.2.0` })).toEqual({
      kind: 'galleryVersion',
      definitionId: UBUNTU,
      version: '1.2.0',
    });
    expect(imageName(parseImageReference({ id: `${UBUNTU}/versions/1.2.0` }))).toBe(`${UBUNTU}/versions/1.2.0`);
    expect(parseImageReference({ id: `${UBUNTU}/versions/latest`, exactVersion: '1.2.0' })).toMatchObject({
      kind: 'galleryDefinition',
      exactVersion: '1.2.0',
    });
  });

  test('from a directly shared and from a community gallery', () => {
    const shared = parseImageReference({ sharedGalleryImageId: '/SharedGalleries/abc-CORP/Images/d/Versions/1.0.0' });
    expect(shared).toEqual({ kind: 'sharedGallery', gallery: 'abc-CORP', definition: 'd', exactVersion: '1.0.0' });
    expect(imageName(shared)).toBe('/SharedGalleries/abc-CORP/Images/d/Versions/1.0.0');
    const community = parseImageReference({
      communityGalleryImageId: '/CommunityGalleries/pub/Images/d/Versions/latest',
      exactVersion: '2.0.0',
    });
    expect(community).toMatchObject({ kind: 'communityGallery', exactVersion: '2.0.0' });
    expect(imageName(parseImageReference({ communityGalleryImageId: '/CommunityGalleries/pub/Images/d' }))).toBe(
      '/CommunityGalleries/pub/Images/d',
    );
  });

  test.each([[undefined], [null], [{}], [''], [[]], [{ id: null }], [{ publisher: 'p' }], [7]])(
    'from %j as none',
    (raw) => {
      expect(parseImageReference(raw)).toEqual({ kind: 'none', raw: undefined });
    },
  );

  test('from an id of an unknown form as none, with what it said', () => {
    const image = parseImageReference({ id: `${GALLERY}/applications/x` });
    expect(image).toEqual({ kind: 'none', raw: `${GALLERY}/applications/x` });
    expect(imageName(image)).toBe(`${GALLERY}/applications/x`);
  });

  test('from anything at all without a crash', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.record(
            {
              id: fc.anything(),
              sharedGalleryImageId: fc.anything(),
              communityGalleryImageId: fc.anything(),
              publisher: fc.anything(),
              offer: fc.anything(),
              sku: fc.anything(),
              version: fc.anything(),
              exactVersion: fc.anything(),
            },
            { requiredKeys: [] },
          ),
        ),
        (raw) => {
          const image = parseImageReference(raw);
          expect(typeof (imageName(image) ?? '')).toBe('string');
        },
      ),
    );
  });
});
