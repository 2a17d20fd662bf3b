import type { Catalogue, ImageDefinition, ImageVersion } from './catalogue.ts';
import type { ImageReference } from './image-reference.ts';
import { firstPublication, hasEnded, type Lag, lagOf, type Place, placeOf } from './lineage.ts';
import { DAY_MS } from './local-time.ts';
import type { PlatformOwner, Subject } from './machine.ts';
import {
  type Approved,
  type ApprovedGallery,
  approvedGallery,
  approvedOther,
  type Exemption,
  galleryEntries,
  type ImagePolicy,
  type Revocation,
  revocableId,
  revocationOf,
} from './policy.ts';

/** How a machine's image stands, with the evidence. Exactly one holds; the first of STATES that applies wins. */
export type Verdict =
  | { readonly state: 'platformManaged'; readonly by: PlatformOwner }
  | { readonly state: 'exempt'; readonly exemption: Exemption; readonly otherwise: Verdict }
  | { readonly state: 'revoked'; readonly revocation: Revocation; readonly lag: Lag | undefined }
  | { readonly state: 'endOfLife'; readonly because: Ending; readonly lag: Lag | undefined }
  | { readonly state: 'nonGolden'; readonly image: ImageReference }
  | { readonly state: 'unknown'; readonly why: Doubt }
  | {
      readonly state: 'outdated';
      readonly definition: ImageDefinition;
      readonly version: ImageVersion;
      readonly lag: Lag;
      readonly latest: ImageVersion;
    }
  | { readonly state: 'current'; readonly because: Approval };

export type State = Verdict['state'];

/** Why an image has ended. */
export type Ending =
  | { readonly kind: 'version-date' | 'definition-date'; readonly on: Date }
  /** The version is gone from a gallery that could be read: Azure cannot create this machine again. */
  | { readonly kind: 'gone'; readonly version: string | undefined };

/** Why nothing can be said. */
export type Doubt =
  | { readonly kind: 'no-reference' }
  | { readonly kind: 'unrecognised-reference'; readonly raw: string }
  | { readonly kind: 'no-version'; readonly definitionId: string }
  | { readonly kind: 'gallery-unread'; readonly gallery: string }
  | { readonly kind: 'no-region' }
  | { readonly kind: 'no-publication-date'; readonly version: string };

/** Why a machine counts as current. */
export type Approval =
  | { readonly kind: 'newest'; readonly definition: ImageDefinition; readonly version: ImageVersion }
  | {
      readonly kind: 'within-freshness';
      readonly definition: ImageDefinition;
      readonly version: ImageVersion;
      readonly lag: Lag;
      readonly latest: ImageVersion;
      readonly graceDays: number;
    }
  /** Approved managed and Marketplace images carry no history to be behind of. */
  | { readonly kind: 'no-history'; readonly entry: Approved };

/** All states, the first that applies wins. */
export const STATES = [
  'platformManaged',
  'exempt',
  'revoked',
  'endOfLife',
  'nonGolden',
  'unknown',
  'outdated',
  'current',
] as const satisfies readonly State[];

/**
 * How a machine stands at `at`. Total over whatever Azure sends: in doubt `unknown`, never `current`.
 *
 * @param exemption The exemption in force for this machine, if any; it hides the verdict, which stays countable.
 */
export function classify(
  subject: Subject,
  catalogue: Catalogue,
  policy: ImagePolicy,
  at: Date,
  exemption?: Exemption,
): Verdict {
  if (subject.platform !== undefined) return { state: 'platformManaged', by: subject.platform };
  const verdict = classifyImage(subject, catalogue, policy, at);
  return exemption ? { state: 'exempt', exemption, otherwise: verdict } : verdict;
}

function classifyImage({ image, region }: Subject, catalogue: Catalogue, policy: ImagePolicy, at: Date): Verdict {
  const place = placeOf(
    image,
    catalogue,
    galleryEntries(policy).map((entry) => entry.gallery),
  );
  const lag = region === undefined ? undefined : lagIn(place, region, policy, at);

  const revocation = revokedBy(image, place, policy, at);
  if (revocation) return { state: 'revoked', revocation, lag };

  switch (place.found) {
    case 'elsewhere': {
      if (image.kind === 'none') return { state: 'unknown', why: doubtOf(image.raw) };
      const entry = approvedOther(policy, image);
      return entry ? { state: 'current', because: { kind: 'no-history', entry } } : { state: 'nonGolden', image };
    }
    case 'unread': {
      const approvable = place.definitionId === undefined || approvedGallery(policy, place.definitionId);
      if (!approvable) return { state: 'nonGolden', image };
      return { state: 'unknown', why: { kind: 'gallery-unread', gallery: place.gallery } };
    }
    case 'gone':
      return { state: 'endOfLife', because: { kind: 'gone', version: place.version }, lag };
    case 'versionless': {
      const because = definitionEnding(place.definition, at);
      if (because) return { state: 'endOfLife', because, lag };
      if (!approvedGallery(policy, place.definition.id)) return { state: 'nonGolden', image };
      return { state: 'unknown', why: { kind: 'no-version', definitionId: place.definition.id } };
    }
    case 'version': {
      const because = versionEnding(place.version, at) ?? definitionEnding(place.definition, at);
      if (because) return { state: 'endOfLife', because, lag };
      const entry = approvedGallery(policy, place.definition.id);
      if (!entry) return { state: 'nonGolden', image };
      if (lag === undefined) return { state: 'unknown', why: { kind: 'no-region' } };
      return freshnessOf(place.definition, place.version, lag, entry, at);
    }
  }
}

function freshnessOf(
  definition: ImageDefinition,
  version: ImageVersion,
  lag: Lag,
  entry: ApprovedGallery,
  at: Date,
): Verdict {
  const { graceDays, versionsBehind } = entry.freshness;
  if (lag.latest === undefined) return { state: 'current', because: { kind: 'newest', definition, version } };
  if (lag.versionsBehind > versionsBehind) {
    const first = firstPublication(lag.newer);
    if (first && at.getTime() - first.getTime() > graceDays * DAY_MS) {
      return { state: 'outdated', definition, version, lag, latest: lag.latest };
    }
    // A version without a date may have been published before all others.
    const undated = lag.newer.find(({ publishedAt }) => publishedAt === undefined);
    if (undated) return { state: 'unknown', why: { kind: 'no-publication-date', version: undated.name } };
  }
  return {
    state: 'current',
    because: { kind: 'within-freshness', definition, version, lag, latest: lag.latest, graceDays },
  };
}

function revokedBy(image: ImageReference, place: Place, policy: ImagePolicy, at: Date): Revocation | undefined {
  const own = revocableId(image);
  const resolved =
    place.found === 'version'
      ? place.version.id
      : place.found === 'gone'
        ? `${place.definitionId}/versions/${place.version ?? ''}`
        : undefined;
  for (const id of [own, resolved]) {
    const revocation = id === undefined ? undefined : revocationOf(policy, id, at);
    if (revocation) return revocation;
  }
  return undefined;
}

function versionEnding({ endOfLifeAt }: ImageVersion, at: Date): Ending | undefined {
  return endOfLifeAt && hasEnded(endOfLifeAt, at) ? { kind: 'version-date', on: endOfLifeAt } : undefined;
}

function definitionEnding({ endOfLifeAt }: ImageDefinition, at: Date): Ending | undefined {
  return endOfLifeAt && hasEnded(endOfLifeAt, at) ? { kind: 'definition-date', on: endOfLifeAt } : undefined;
}

function lagIn(place: Place, region: string, policy: ImagePolicy, at: Date): Lag | undefined {
  if (place.found === 'version') return lagOf(place.definition, place.version.name, region, policy, at);
  if (place.found !== 'gone' || !place.definition || place.version === undefined) return undefined;
  return lagOf(place.definition, place.version, region, policy, at);
}

function doubtOf(raw: string | undefined): Doubt {
  return raw === undefined ? { kind: 'no-reference' } : { kind: 'unrecognised-reference', raw };
}
