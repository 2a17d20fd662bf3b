import { type Catalogue, type CatalogueRow, catalogueOf } from '../../src/core/catalogue.ts';
import { type ImageReference, parseImageReference } from '../../src/core/image-reference.ts';
import type { Machine, MachineGroup, Subject } from '../../src/core/machine.ts';
import type { ApprovedGallery, ImagePolicy } from '../../src/core/policy.ts';
import type { Team } from '../../src/core/team.ts';

/** Builders with defaults: a test names only what it is about. */

export const SUBSCRIPTION = '11111111-1111-4111-8111-111111111111';
export const GALLERY = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/corp`;
export const UBUNTU = `${GALLERY}/images/ubuntu-22`;
export const MANAGED = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-images/providers/Microsoft.Compute/images`;
export const NOW = new Date('2026-11-21T12:00:00Z');

/** A date so many days before NOW. */
export function daysAgo(days: number): string {
  return new Date(NOW.getTime() - days * 86_400_000).toISOString();
}

export interface VersionSketch {
  readonly name: string;
  readonly daysOld?: number;
  readonly endOfLife?: string;
  readonly excluded?: boolean;
  readonly regions?: readonly (string | { name: string; excludeFromLatest: boolean })[];
  readonly state?: string;
  readonly published?: string | null;
}

export interface DefinitionSketch {
  readonly osType?: string;
  readonly generation?: string;
  readonly architecture?: string;
  readonly securityType?: string;
  readonly endOfLife?: string;
}

/** Rows of one definition as the catalogue query returns them. */
export function definitionRows(
  name: string,
  versions: readonly VersionSketch[],
  definition: DefinitionSketch = {},
  gallery: string = GALLERY,
): CatalogueRow[] {
  return [
    {
      id: `${gallery}/images/${name}`,
      type: 'microsoft.compute/galleries/images',
      name,
      osType: definition.osType ?? 'Linux',
      generation: definition.generation ?? 'V2',
      architecture: definition.architecture ?? 'x64',
      features: definition.securityType ? [{ name: 'SecurityType', value: definition.securityType }] : null,
      endOfLife: definition.endOfLife ?? '',
    },
    ...versions.map((version) => ({
      id: `${gallery}/images/${name}/versions/${version.name}`,
      type: 'Microsoft.Compute/galleries/images/versions',
      name: version.name,
      provisioningState: version.state ?? 'Succeeded',
      published: version.published === null ? '' : (version.published ?? daysAgo(version.daysOld ?? 100)),
      endOfLife: version.endOfLife ?? '',
      excludeFromLatest: String(version.excluded ?? false),
      targetRegions: (version.regions ?? ['West Europe']).map((region) =>
        typeof region === 'string' ? { name: region } : region,
      ),
    })),
  ];
}

export const GALLERY_ROW: CatalogueRow = {
  id: GALLERY,
  type: 'microsoft.compute/galleries',
  name: 'corp',
  uniqueName: `${SUBSCRIPTION}-CORP`,
  publicNames: ['corp-public-1'],
};

/** A catalogue of the gallery `corp` with one definition `ubuntu-22` of these versions. */
export function catalogueOfVersions(...versions: readonly VersionSketch[]): Catalogue {
  return catalogueOf([GALLERY_ROW, ...definitionRows('ubuntu-22', versions)]);
}

export function approvedGalleryOf(part: Partial<ApprovedGallery> = {}): ApprovedGallery {
  return {
    kind: 'gallery',
    gallery: GALLERY,
    definitions: undefined,
    replaces: [],
    freshness: { graceDays: 14, versionsBehind: 0, maxAgeDays: 60 },
    ...part,
  };
}

export function policyOf(part: Partial<ImagePolicy> = {}): ImagePolicy {
  return { golden: [approvedGalleryOf()], revoked: [], exemptions: [], ...part };
}

/** A reference to a version of a gallery's definition. */
export function built(version: string, definition: string = UBUNTU): ImageReference {
  return parseImageReference({ id: `${definition}/versions/${version}`, exactVersion: version });
}

export function marketplace(offer = '0001-com-ubuntu-server-jammy', publisher = 'canonical'): ImageReference {
  return parseImageReference({
    publisher,
    offer,
    sku: '22_04-lts',
    version: 'latest',
    exactVersion: '22.04.202401010',
  });
}

export function subjectOf(part: Partial<Subject> = {}): Subject {
  return { image: built('1.0.0'), region: 'westeurope', platform: undefined, ...part };
}

export function machineOf(part: Partial<Machine> = {}): Machine {
  const name = part.name ?? 'web-01';
  return {
    id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-x/providers/Microsoft.Compute/virtualMachines/${name}`,
    name,
    type: 'virtualMachine',
    subscriptionId: SUBSCRIPTION,
    resourceGroup: 'rg-x',
    scaleSetId: undefined,
    powerState: 'running',
    kindTag: undefined,
    managedBy: undefined,
    createdAt: undefined,
    exemptionIndex: undefined,
    osType: 'Linux',
    generation: 'V2',
    architecture: 'x64',
    securityType: undefined,
    ...subjectOf(part),
    ...part,
  };
}

export function groupOf(part: Partial<MachineGroup> = {}): MachineGroup {
  return {
    ...subjectOf(part),
    key: 'k',
    type: 'virtualMachine',
    count: 1,
    kindTag: undefined,
    inScaleSet: false,
    powerState: 'running',
    exemptionIndex: undefined,
    ...part,
  };
}

export function teamOf(part: Partial<Team> = {}): Team {
  return {
    name: 'team-x',
    match: { tags: { team: 'team-x' }, subscriptions: [], resourceGroups: [] },
    channel: undefined,
    kind: 'cattle',
    wiki: undefined,
    approvers: { users: [], userGroups: [], required: 1 },
    digest: undefined,
    ...part,
  };
}
