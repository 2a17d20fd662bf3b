import { parseVersion } from './version.ts';

/**
 * What a machine was created from, as its `storageProfile.imageReference` records it. It is history: patching in place or
 * swapping the OS disk does not change it. The shapes are those of Microsoft.Compute's ImageReference.
 */
export type ImageReference =
  | {
      kind: 'marketplace';
      publisher: string;
      offer: string;
      sku: string;
      version: string;
      exactVersion: string | undefined;
    }
  | { kind: 'managedImage'; id: string }
  | { kind: 'galleryDefinition'; definitionId: string; exactVersion: string | undefined }
  | { kind: 'galleryVersion'; definitionId: string; version: string }
  | { kind: 'sharedGallery'; gallery: string; definition: string; exactVersion: string | undefined }
  | { kind: 'communityGallery'; gallery: string; definition: string; exactVersion: string | undefined }
  | { kind: 'none'; raw: string | undefined };

/** The fields of an image reference as Azure sends them; every one may be missing, null, empty or of another type. */
export interface RawImageReference {
  id?: unknown;
  sharedGalleryImageId?: unknown;
  communityGalleryImageId?: unknown;
  publisher?: unknown;
  offer?: unknown;
  sku?: unknown;
  version?: unknown;
  exactVersion?: unknown;
}

const MANAGED_IMAGE = /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.compute\/images\/[^/]+$/i;
const GALLERY_IMAGE =
  /^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.compute\/galleries\/[^/]+\/images\/[^/]+)(?:\/versions\/([^/]+))?$/i;
const PUBLISHED_IMAGE = /^\/(?:shared|community)galleries\/([^/]+)\/images\/([^/]+)(?:\/versions\/([^/]+))?$/i;

/** Reads an image reference. Total: what it does not recognise is `none` with the raw id, and classified as unknown. */
export function parseImageReference(value: unknown): ImageReference {
  const raw = (typeof value === 'object' && value !== null ? value : {}) as RawImageReference;
  const exactVersion = pinned(text(raw.exactVersion));

  const shared = PUBLISHED_IMAGE.exec(text(raw.sharedGalleryImageId));
  if (shared) return publishedImage('sharedGallery', shared, exactVersion);
  const community = PUBLISHED_IMAGE.exec(text(raw.communityGalleryImageId));
  if (community) return publishedImage('communityGallery', community, exactVersion);

  const id = text(raw.id).replace(/\/+$/, '');
  const gallery = GALLERY_IMAGE.exec(id);
  if (gallery) {
    const [, definitionId, named] = gallery as unknown as [string, string, string | undefined];
    const version = pinned(named);
    return version === undefined
      ? { kind: 'galleryDefinition', definitionId, exactVersion }
      : { kind: 'galleryVersion', definitionId, version };
  }
  if (MANAGED_IMAGE.test(id)) return { kind: 'managedImage', id };

  const publisher = text(raw.publisher);
  const offer = text(raw.offer);
  if (publisher !== '' && offer !== '') {
    return { kind: 'marketplace', publisher, offer, sku: text(raw.sku), version: text(raw.version), exactVersion };
  }
  const leftover = [id, text(raw.sharedGalleryImageId), text(raw.communityGalleryImageId)].find((part) => part !== '');
  return { kind: 'none', raw: leftover };
}

/** The image in the words a person would look it up by: a URN for Marketplace, else the resource id with its version. */
export function imageName(image: ImageReference): string | undefined {
  switch (image.kind) {
    case 'marketplace':
      return [image.publisher, image.offer, image.sku, image.exactVersion ?? image.version]
        .filter((part) => part !== '')
        .join(':');
    case 'managedImage':
      return image.id;
    case 'galleryDefinition':
      return image.exactVersion === undefined
        ? image.definitionId
        : `${image.definitionId}/versions/${image.exactVersion}`;
    case 'galleryVersion':
      return `${image.definitionId}/versions/${image.version}`;
    case 'sharedGallery':
      return publishedName('SharedGalleries', image);
    case 'communityGallery':
      return publishedName('CommunityGalleries', image);
    case 'none':
      return image.raw;
  }
}

function publishedImage(
  kind: 'sharedGallery' | 'communityGallery',
  match: RegExpExecArray,
  exactVersion: string | undefined,
): ImageReference {
  const [, gallery, definition, version] = match as unknown as [string, string, string, string | undefined];
  return { kind, gallery, definition, exactVersion: pinned(version) ?? exactVersion };
}

function publishedName(
  root: string,
  image: { gallery: string; definition: string; exactVersion: string | undefined },
): string {
  const definition = `/${root}/${image.gallery}/Images/${image.definition}`;
  return image.exactVersion === undefined ? definition : `${definition}/Versions/${image.exactVersion}`;
}

/** A version that pins one image: "latest" and anything else that is not a number does not. */
function pinned(version: string | undefined): string | undefined {
  return version !== undefined && parseVersion(version) ? version : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
