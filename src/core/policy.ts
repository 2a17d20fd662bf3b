import { matchesAny, matchesGlob } from './glob.ts';
import { type ImageReference, imageName } from './image-reference.ts';
import { isBelow, resourceName } from './resource-id.ts';

/** How far a machine may lag behind the newest version before it is outdated. */
export interface Freshness {
  /** Days after the publication of the first newer version during which a machine still counts as current. */
  readonly graceDays: number;
  /** How many newer versions may exist. */
  readonly versionsBehind: number;
  /** A newest version older than this many days is a warning about the image, never about a machine. */
  readonly maxAgeDays: number | undefined;
}

/** Images that a golden definition takes the place of. Absent fields match everything. */
export type Replaces =
  | { readonly publisher?: string | undefined; readonly offer?: string | undefined; readonly sku?: string | undefined }
  | { readonly managedImage: string };

export interface ApprovedGallery {
  readonly kind: 'gallery';
  readonly gallery: string;
  /** Globs over definition names; absent: all of the gallery. */
  readonly definitions: readonly string[] | undefined;
  readonly replaces: readonly Replaces[];
  readonly freshness: Freshness;
}
export interface ApprovedManagedImage {
  readonly kind: 'managedImage';
  /** Glob over image ids. */
  readonly managedImage: string;
}
export interface ApprovedMarketplace {
  readonly kind: 'marketplace';
  readonly publisher: string;
  readonly offer: string;
  readonly sku: string;
}
/** One entry of `images.golden`. */
export type Approved = ApprovedGallery | ApprovedManagedImage | ApprovedMarketplace;

/** A version (or managed image) that must not run any more, whatever its dates say. */
export interface Revocation {
  /** Glob over the image's resource id. */
  readonly version: string;
  readonly reason: string;
  /** From when on; absent: always. */
  readonly at: Date | undefined;
}

/** Machines that may stay as they are, for a reason and until a day. */
export interface Exemption {
  /** Glob over resource ids of machines. */
  readonly machine: string;
  readonly reason: string;
  /** First instant at which it no longer holds; absent: until it is removed. */
  readonly until: Date | undefined;
}

/** What golden.yml decides about images. */
export interface ImagePolicy {
  readonly golden: readonly Approved[];
  readonly revoked: readonly Revocation[];
  readonly exemptions: readonly Exemption[];
}

/** The entry that approves a definition, judged by its id alone: the gallery need not be readable for that. */
export function approvedGallery(policy: ImagePolicy, definitionId: string): ApprovedGallery | undefined {
  const name = resourceName(definitionId);
  return galleryEntries(policy).find(
    (entry) => isBelow(definitionId, entry.gallery) && matchesAny(entry.definitions, name),
  );
}

/** All gallery entries of the policy. */
export function galleryEntries(policy: ImagePolicy): readonly ApprovedGallery[] {
  return policy.golden.filter((entry) => entry.kind === 'gallery');
}

/** The entry that approves a Marketplace or a managed image. */
export function approvedOther(policy: ImagePolicy, image: ImageReference): Approved | undefined {
  return policy.golden.find((entry) => {
    if (entry.kind === 'managedImage')
      return image.kind === 'managedImage' && matchesGlob(entry.managedImage, image.id);
    if (entry.kind === 'gallery' || image.kind !== 'marketplace') return false;
    return (
      matchesGlob(entry.publisher, image.publisher) &&
      matchesGlob(entry.offer, image.offer) &&
      matchesGlob(entry.sku, image.sku)
    );
  });
}

/** Whether one of an entry's `replaces` names this image. */
export function isReplacedBy(image: ImageReference, entry: ApprovedGallery): boolean {
  return entry.replaces.some((replaced) => {
    if ('managedImage' in replaced) {
      return image.kind === 'managedImage' && matchesGlob(replaced.managedImage, image.id);
    }
    if (image.kind !== 'marketplace') return false;
    return (
      matchesGlob(replaced.publisher ?? '*', image.publisher) &&
      matchesGlob(replaced.offer ?? '*', image.offer) &&
      matchesGlob(replaced.sku ?? '*', image.sku)
    );
  });
}

/** The revocation in force at `at` that names this image id. */
export function revocationOf(policy: ImagePolicy, imageId: string, at: Date): Revocation | undefined {
  return policy.revoked.find(
    (revocation) => (revocation.at === undefined || revocation.at <= at) && matchesGlob(revocation.version, imageId),
  );
}

/** The exemptions in force at `at`; only these are asked for and shown. */
export function activeExemptions(policy: ImagePolicy, at: Date): readonly Exemption[] {
  return policy.exemptions.filter((exemption) => exemption.until === undefined || at < exemption.until);
}

/** The id under which an image may be revoked: the version's for gallery images, the image's own otherwise. */
export function revocableId(image: ImageReference): string | undefined {
  return image.kind === 'marketplace' ? undefined : imageName(image);
}
