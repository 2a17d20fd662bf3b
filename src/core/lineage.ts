// The package's front door loads all of it, which costs every process a second and half its memory.
import { differenceInDays } from 'date-fns/differenceInDays';
import {
  type Catalogue,
  findDefinition,
  findGallery,
  findVersion,
  type Gallery,
  type ImageDefinition,
  type ImageVersion,
} from './catalogue.ts';
import type { ImageReference } from './image-reference.ts';
import { type ImagePolicy, revocationOf } from './policy.ts';
import { compareVersions } from './version.ts';

/** Where an image reference stands in the approved galleries. */
export type Place =
  /** Not an image of a gallery, or of a gallery nobody configured. */
  | { readonly found: 'elsewhere' }
  /** An approved gallery's image, but the gallery could not be read. */
  | { readonly found: 'unread'; readonly gallery: string; readonly definitionId: string | undefined }
  /** The gallery could be read; the definition or the version is not in it any more. */
  | {
      readonly found: 'gone';
      readonly gallery: Gallery;
      readonly definitionId: string;
      readonly definition: ImageDefinition | undefined;
      readonly version: string;
    }
  /** The definition is known, the version is not recorded. */
  | { readonly found: 'versionless'; readonly definitionId: string; readonly definition: ImageDefinition | undefined }
  | { readonly found: 'version'; readonly definition: ImageDefinition; readonly version: ImageVersion };

/** The newer versions a machine could be on in its region, and since when. */
export interface Lag {
  /** Newer eligible versions, oldest first. */
  readonly newer: readonly ImageVersion[];
  readonly versionsBehind: number;
  /** Whole days since the first newer version was published; undefined where that is not known. */
  readonly daysBehind: number | undefined;
}

/**
 * Finds an image in the galleries that golden.yml names. A directly shared or a community gallery is recognised by its
 * published name, which only the gallery itself tells; while one of the galleries is unread, an unknown published name
 * may be that gallery's, hence `unread`.
 */
export function placeOf(image: ImageReference, catalogue: Catalogue, galleryIds: readonly string[]): Place {
  switch (image.kind) {
    case 'galleryDefinition':
    case 'galleryVersion': {
      const configured = galleryIds.find((id) => image.definitionId.toLowerCase().startsWith(`${id.toLowerCase()}/`));
      if (configured === undefined) return { found: 'elsewhere' };
      const gallery = findGallery(catalogue, configured);
      const version = image.kind === 'galleryVersion' ? image.version : image.exactVersion;
      return gallery
        ? inGallery(gallery, image.definitionId, version)
        : { found: 'unread', gallery: configured, definitionId: image.definitionId };
    }
    case 'sharedGallery':
    case 'communityGallery': {
      const published = image.gallery.toLowerCase();
      const gallery = catalogue.galleries.find((candidate) =>
        [candidate.uniqueName, ...candidate.publicNames].some((name) => name?.toLowerCase() === published),
      );
      if (gallery) return inGallery(gallery, `${gallery.id}/images/${image.definition}`, image.exactVersion);
      const unread = galleryIds.find((id) => findGallery(catalogue, id) === undefined);
      return unread === undefined
        ? { found: 'elsewhere' }
        : { found: 'unread', gallery: unread, definitionId: undefined };
    }
    case 'marketplace':
    case 'managedImage':
    case 'none':
      return { found: 'elsewhere' };
  }
}

/**
 * The versions of a definition that a machine in `region` may be moved to, oldest first: Succeeded, replicated there, not
 * excluded from latest as a whole or there, not past its end of life, not revoked. What "latest" resolves to is decided
 * per region, so a version that has not reached the machine's region does not make the machine old.
 */
export function eligibleVersions(
  definition: ImageDefinition,
  region: string,
  policy: ImagePolicy,
  at: Date,
): readonly ImageVersion[] {
  if (hasEnded(definition.endOfLifeAt, at)) return [];
  return definition.versions.filter(
    (version) =>
      version.provisioningState.toLowerCase() === 'succeeded' &&
      !version.excludedFromLatest &&
      version.regions.some((replica) => replica.name === region && !replica.excludedFromLatest) &&
      !hasEnded(version.endOfLifeAt, at) &&
      revocationOf(policy, version.id, at) === undefined,
  );
}

/** How far `version` is behind the eligible versions of its definition. */
export function lagOf(eligible: readonly ImageVersion[], version: string, at: Date): Lag {
  const newer = eligible.filter((candidate) => compareVersions(candidate.name, version) > 0);
  const firstPublished = newer[0]?.publishedAt;
  return {
    newer,
    versionsBehind: newer.length,
    daysBehind: firstPublished === undefined ? undefined : Math.max(0, differenceInDays(at, firstPublished)),
  };
}

/** Whether an end-of-life date has passed. */
export function hasEnded(endOfLifeAt: Date | undefined, at: Date): boolean {
  return endOfLifeAt !== undefined && endOfLifeAt <= at;
}

function inGallery(gallery: Gallery, definitionId: string, version: string | undefined): Place {
  const definition = findDefinition(gallery, definitionId);
  if (version === undefined) return { found: 'versionless', definitionId, definition };
  const found = definition && findVersion(definition, version);
  return found && definition
    ? { found: 'version', definition, version: found }
    : { found: 'gone', gallery, definitionId, definition, version };
}
