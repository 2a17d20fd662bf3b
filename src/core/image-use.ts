// The package's front door loads all of it, which costs every process a second and half its memory.
import { differenceInDays } from 'date-fns/differenceInDays';
import { min } from 'date-fns/min';
import type { Catalogue } from './catalogue.ts';
import { STATES, type State } from './classification.ts';
import type { ImageReference } from './image-reference.ts';
import { placeOf } from './lineage.ts';
import { galleryEntries, type ImagePolicy } from './policy.ts';
import { ATTENTION, type Judged } from './report.ts';
import type { TeamSnapshot, VersionUse } from './snapshot.ts';
import { compareText } from './text.ts';
import { imagePhrase } from './wording.ts';

/** An image as it is told and counted. */
export interface ImageUse {
  /** Tells images of the same name apart. */
  readonly id: string;
  readonly definition: string;
  readonly version: string;
  /** Definition and version in a few words. */
  readonly words: string;
  readonly ageDays: number | undefined;
  readonly endsAtMs: number | undefined;
}

/** What is known of an image: its names, its age and its end. */
export function imageUseOf(image: ImageReference, catalogue: Catalogue, policy: ImagePolicy, at: Date): ImageUse {
  const galleries = galleryEntries(policy).map((entry) => entry.gallery);
  const place = placeOf(image, catalogue, galleries);
  const { name, version, id } = nameOf(image);
  if (place.found === 'elsewhere' || place.found === 'unread' || !place.definition) {
    return { id, definition: name, version, words: imagePhrase(image), ageDays: undefined, endsAtMs: undefined };
  }
  const { definition } = place;
  const found = place.found === 'version' ? place.version : undefined;
  const ends = [found?.endOfLifeAt, definition.endOfLifeAt].filter((date) => date !== undefined);
  return {
    id: `${definition.id.toLowerCase()}/${found?.name ?? version}`,
    definition: definition.name,
    version: found?.name ?? version,
    words: `${definition.name} ${found?.name ?? version}`.trim(),
    ageDays: found?.publishedAt && Math.max(0, differenceInDays(at, found.publishedAt)),
    endsAtMs: ends.length === 0 ? undefined : min(ends).getTime(),
  };
}

/** Machines by whole days since their image version was published, youngest first. */
export function agesOf(used: readonly { readonly judged: Judged; readonly image: ImageUse }[]): TeamSnapshot['ages'] {
  const ages = new Map<number, number>();
  for (const { judged, image } of machinesOf(used)) {
    if (image.ageDays !== undefined) ages.set(image.ageDays, (ages.get(image.ageDays) ?? 0) + judged.group.count);
  }
  return [...ages].sort(([a], [b]) => a - b);
}

/** Versions in use, most used first. The state is the one that most asks to act among its machines. */
export function versionsOf(
  used: readonly { readonly judged: Judged; readonly image: ImageUse }[],
): readonly VersionUse[] {
  const versions = new Map<string, { image: ImageUse; machines: number; state: State }>();
  for (const { judged, image } of machinesOf(used)) {
    const known = versions.get(image.id);
    const { state } = judged.verdict;
    if (!known) versions.set(image.id, { image, machines: judged.group.count, state });
    else {
      known.machines += judged.group.count;
      if (urgencyOf(state) < urgencyOf(known.state)) known.state = state;
    }
  }
  return [...versions.values()]
    .sort((a, b) => b.machines - a.machines || compareText(a.image.id, b.image.id))
    .map(({ image: { definition, version, ageDays, endsAtMs }, machines, state }) => ({
      definition,
      version,
      state,
      machines,
      ...(ageDays === undefined ? {} : { ageDays }),
      ...(endsAtMs === undefined ? {} : { endsAtMs }),
    }));
}

/** A scale set's model is not a machine. */
function machinesOf<T extends { readonly judged: Judged }>(used: readonly T[]): readonly T[] {
  return used.filter(({ judged }) => judged.group.type !== 'scaleSet');
}

/** Findings first, then what is current; what is nobody's to mend last. */
function urgencyOf(state: State): number {
  const order: readonly State[] = [...ATTENTION, 'current', ...STATES];
  return order.indexOf(state);
}

function nameOf(image: ImageReference): { readonly name: string; readonly version: string; readonly id: string } {
  const phrase = imagePhrase(image);
  const version = versionOf(image);
  const name = version !== '' && phrase.endsWith(` ${version}`) ? phrase.slice(0, -version.length - 1) : phrase;
  return { name, version, id: `${name} ${version}`.toLowerCase() };
}

function versionOf(image: ImageReference): string {
  switch (image.kind) {
    case 'galleryVersion':
      return image.version;
    case 'marketplace':
      return image.exactVersion ?? image.version;
    case 'galleryDefinition':
    case 'sharedGallery':
    case 'communityGallery':
      return image.exactVersion ?? '';
    case 'managedImage':
    case 'none':
      return '';
  }
}
