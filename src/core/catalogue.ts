import { normalizeRegion } from './region.ts';
import { isBelow, resourceName, sameId } from './resource-id.ts';
import { compareVersions } from './version.ts';

/** An image version of a gallery: what a machine is created from. */
export interface ImageVersion {
  readonly id: string;
  readonly name: string;
  readonly provisioningState: string;
  readonly publishedAt: Date | undefined;
  readonly endOfLifeAt: Date | undefined;
  readonly excludedFromLatest: boolean;
  /** Where it is replicated to; a region may leave it out of "latest" by itself. Names are normalised. */
  readonly regions: readonly { readonly name: string; readonly excludedFromLatest: boolean }[];
}

/** An image definition: the series of versions of one image, and what a machine must be to use it. */
export interface ImageDefinition {
  readonly id: string;
  readonly name: string;
  readonly osType: string | undefined;
  readonly generation: string | undefined;
  readonly architecture: string | undefined;
  readonly securityType: string | undefined;
  readonly endOfLifeAt: Date | undefined;
  /** Oldest first, by number. */
  readonly versions: readonly ImageVersion[];
}

/** A gallery that could be read. */
export interface Gallery {
  readonly id: string;
  /** The name under which it is shared directly, `<subscription guid>-<GALLERY>`. */
  readonly uniqueName: string | undefined;
  /** The names under which it is a community gallery. */
  readonly publicNames: readonly string[];
  readonly definitions: readonly ImageDefinition[];
}

/** Every approved gallery that could be read. A gallery that is not in it could not be read: nothing is known of its images. */
export interface Catalogue {
  readonly galleries: readonly Gallery[];
}

/** One row of the catalogue query; Resource Graph promises no types, so nothing is taken for granted. */
export interface CatalogueRow {
  readonly [column: string]: unknown;
}

/**
 * Builds the catalogue of the approved galleries from rows of galleries, definitions and versions in any order. Total:
 * a row without an id or of another type is passed over, duplicates (a page read twice) count once.
 */
export function catalogueOf(rows: readonly CatalogueRow[]): Catalogue {
  const unique = new Map<string, CatalogueRow>();
  for (const row of rows) if (typeof row.id === 'string') unique.set(row.id.toLowerCase(), row);
  const ofType = (type: string) =>
    [...unique.values()].filter((row) => lower(row.type) === `microsoft.compute/${type}`);

  const definitionsOf = groupBy(ofType('galleries/images'), (row) => parentOf(row, '/images/'));
  const versionsOf = groupBy(ofType('galleries/images/versions'), (row) => parentOf(row, '/versions/'));
  return {
    galleries: ofType('galleries').map((row) => {
      const id = String(row.id);
      return {
        id,
        uniqueName: text(row.uniqueName),
        publicNames: list(row.publicNames).flatMap((name) => text(name) ?? []),
        definitions: (definitionsOf.get(id.toLowerCase()) ?? []).map((definition) =>
          definitionFrom(definition, versionsOf.get(lower(definition.id)) ?? []),
        ),
      };
    }),
  };
}

/** The gallery of this id, or the one an image of this id is in, if it could be read. */
export function findGallery(catalogue: Catalogue, id: string): Gallery | undefined {
  return catalogue.galleries.find((gallery) => sameId(gallery.id, id) || isBelow(id, gallery.id));
}

/** The definition of this id in a gallery. */
export function findDefinition(gallery: Gallery, id: string): ImageDefinition | undefined {
  return gallery.definitions.find((definition) => sameId(definition.id, id));
}

/** The version of this number in a definition; "1.4" and "1.4.0" are one version. */
export function findVersion(definition: ImageDefinition, version: string): ImageVersion | undefined {
  return definition.versions.find((candidate) => compareVersions(candidate.name, version) === 0);
}

function definitionFrom(row: CatalogueRow, versions: readonly CatalogueRow[]): ImageDefinition {
  const securityType = list(row.features).find((feature) => lower(field(feature, 'name')) === 'securitytype');
  return {
    id: String(row.id),
    name: text(row.name) ?? resourceName(String(row.id)),
    osType: text(row.osType),
    generation: text(row.generation),
    architecture: text(row.architecture),
    securityType: text(field(securityType, 'value')),
    endOfLifeAt: date(row.endOfLife),
    versions: versions.map(versionFrom).sort((a, b) => compareVersions(a.name, b.name)),
  };
}

function versionFrom(row: CatalogueRow): ImageVersion {
  return {
    id: String(row.id),
    name: text(row.name) ?? resourceName(String(row.id)),
    provisioningState: text(row.provisioningState) ?? '',
    publishedAt: date(row.published),
    endOfLifeAt: date(row.endOfLife),
    excludedFromLatest: flag(row.excludeFromLatest),
    regions: list(row.targetRegions).flatMap((region) => {
      const name = normalizeRegion(field(region, 'name'));
      return name === undefined ? [] : { name, excludedFromLatest: flag(field(region, 'excludeFromLatest')) };
    }),
  };
}

function parentOf(row: CatalogueRow, separator: string): string {
  const id = lower(row.id);
  return id.slice(0, id.lastIndexOf(separator));
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function lower(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}

/** Resource Graph sends booleans as true, as 1 and, cast to text, as "true". */
function flag(value: unknown): boolean {
  return value === true || value === 1 || lower(value) === 'true' || value === '1';
}

function date(value: unknown): Date | undefined {
  const instant = text(value);
  if (instant === undefined) return undefined;
  const parsed = new Date(instant);
  return Number.isNaN(parsed.getTime()) ? undefined : parsed;
}
