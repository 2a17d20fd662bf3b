// The package's front door loads all of it, which costs every process a second and half its memory.
import { differenceInDays } from 'date-fns/differenceInDays';
import { min } from 'date-fns/min';
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
import { isBelow, resourceName, subscriptionOf } from './resource-id.ts';
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
      readonly definitionId: string;
      readonly definition: ImageDefinition | undefined;
      /** Undefined where nothing but the definition was ever named. */
      readonly version: string | undefined;
    }
  /** The definition is known, the version is not recorded. */
  | { readonly found: 'versionless'; readonly definition: ImageDefinition }
  | { readonly found: 'version'; readonly definition: ImageDefinition; readonly version: ImageVersion };

/** The newer versions a machine could be on in its region, and since when. */
export interface Lag {
  /** Versions that the region has, oldest first; among them may be such as have ended or were revoked since. */
  readonly newer: readonly ImageVersion[];
  readonly versionsBehind: number;
  /** Whole days since the first of them was published; undefined where that is not known. */
  readonly daysBehind: number | undefined;
  /** The newest of them that may still be used; undefined where all of them have ended or were revoked. */
  readonly latest: ImageVersion | undefined;
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
      const configured = galleryIds.find((id) => isBelow(image.definitionId, id));
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
      const unread = galleryIds.find(
        (id) => findGallery(catalogue, id) === undefined && mayBe(image.kind, published, id),
      );
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
 * The versions of a definition that a machine in `region` may be moved to, oldest first: those that can be deployed there
 * and have neither ended nor been revoked.
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
      isDeployable(version, region, at) &&
      !hasEnded(version.endOfLifeAt, at) &&
      revocationOf(policy, version.id, at) === undefined,
  );
}

/** How far `version` is behind the other versions of its definition that `region` has. */
export function lagOf(
  definition: ImageDefinition,
  version: string,
  region: string,
  policy: ImagePolicy,
  at: Date,
): Lag {
  const isNewer = (candidate: ImageVersion) => compareVersions(candidate.name, version) > 0;
  const newer = definition.versions.filter((candidate) => isDeployable(candidate, region, at) && isNewer(candidate));
  const first = firstPublication(newer);
  return {
    newer,
    versionsBehind: newer.length,
    daysBehind: first && Math.max(0, differenceInDays(at, first)),
    latest: eligibleVersions(definition, region, policy, at).findLast(isNewer),
  };
}

/** When the first of some versions was published: not the lowest number, which may be a late correction of an old series. */
export function firstPublication(versions: readonly ImageVersion[]): Date | undefined {
  const published = versions.flatMap(({ publishedAt }) => publishedAt ?? []);
  return published.length === 0 ? undefined : min(published);
}

/**
 * Whether Azure would create a machine from this version in `region` when asked for the latest: Succeeded, replicated
 * there, not excluded from latest as a whole or there. What has not reached a machine's region does not make it old, nor
 * does what was published after `at`, wherever the clocks of Azure and of whoever asks differ or an earlier day is judged.
 */
function isDeployable(version: ImageVersion, region: string, at: Date): boolean {
  return (
    !(version.publishedAt !== undefined && version.publishedAt > at) &&
    version.provisioningState.toLowerCase() === 'succeeded' &&
    !version.excludedFromLatest &&
    version.regions.some((replica) => replica.name === region && !replica.excludedFromLatest)
  );
}

/** Whether an end-of-life date has passed. */
export function hasEnded(endOfLifeAt: Date | undefined, at: Date): boolean {
  return endOfLifeAt !== undefined && endOfLifeAt <= at;
}

function inGallery(gallery: Gallery, definitionId: string, version: string | undefined): Place {
  const definition = findDefinition(gallery, definitionId);
  if (definition && version === undefined) return { found: 'versionless', definition };
  const found = definition && version !== undefined ? findVersion(definition, version) : undefined;
  return found && definition
    ? { found: 'version', definition, version: found }
    : { found: 'gone', definitionId, definition, version };
}

/**
 * Whether a published name may be that of a gallery nobody could read. A directly shared gallery is named
 * `<subscription guid>-<GALLERY>`; a community gallery's name says nothing of where it comes from.
 */
function mayBe(kind: 'sharedGallery' | 'communityGallery', published: string, galleryId: string): boolean {
  return (
    kind === 'communityGallery' || published === `${subscriptionOf(galleryId)}-${resourceName(galleryId)}`.toLowerCase()
  );
}
