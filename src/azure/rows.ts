import { parseImageReference } from '../core/image-reference.ts';
import {
  architectureOfSize,
  type Machine,
  type MachineGroup,
  type MachineType,
  type PlatformOwner,
} from '../core/machine.ts';
import { normalizeRegion } from '../core/region.ts';
import { scaleSetOfInstance } from '../core/resource-id.ts';
import type { Ownership, Tags } from '../core/team.ts';

/** A row as Resource Graph sends it: nothing about its columns is certain. */
export type Row = Readonly<Record<string, unknown>>;

/** A row of the grouped query. */
export function groupFrom(row: Row): MachineGroup {
  return {
    key: text(row.key),
    type: typeFrom(row.machineType),
    count: countFrom(row.machines),
    image: parseImageReference({
      id: row.imageId,
      sharedGalleryImageId: row.sharedImageId,
      communityGalleryImageId: row.communityImageId,
      publisher: row.publisher,
      offer: row.offer,
      sku: row.sku,
      version: row.version,
      exactVersion: row.exactVersion,
    }),
    region: normalizeRegion(row.region),
    platform: platformFrom(row.platform),
    exemptionIndex: indexFrom(row.exempt),
    kindTag: optional(row.kindTag),
    inScaleSet: row.inScaleSet === 'yes',
    powerState: powerStateFrom(row.powerState),
  };
}

/** A number, or its text; 0 for anything else, so that what cannot be read is missing in the sum. */
export function countFrom(value: unknown): number {
  const count = typeof value === 'string' ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 0;
}

/** A row of a machine. */
export function machineFrom(row: Row): Machine {
  const id = text(row.id);
  return {
    id,
    name: text(row.name),
    type: typeFrom(row.machineType),
    subscriptionId: text(row.subscriptionId),
    resourceGroup: text(row.resourceGroup),
    image: parseImageReference(row.reference),
    region: normalizeRegion(row.region),
    platform: platformFrom(row.platform),
    exemptionIndex: indexFrom(row.exempt),
    scaleSetId: optional(row.scaleSetId) ?? scaleSetOfInstance(id),
    powerState: powerStateFrom(row.powerState),
    kindTag: optional(row.kindTag),
    managedBy: optional(row.managedBy),
    createdAt: optional(row.createdAt),
    osType: optional(row.osType),
    generation: optional(row.generation)?.toUpperCase(),
    architecture: architectureOfSize(text(row.vmSize)),
    securityType: optional(row.securityType),
  };
}

/** What a machine's owner is decided on. */
export function ownershipFrom(row: Row): Ownership {
  return {
    subscriptionId: text(row.subscriptionId),
    resourceGroup: text(row.resourceGroup),
    tags: [row.tags, row.resourceGroupTags, row.subscriptionTags].map(tagsFrom),
  };
}

function tagsFrom(value: unknown): Tags {
  return typeof value === 'object' && value !== null ? (value as Tags) : undefined;
}

function typeFrom(value: unknown): MachineType {
  return value === 'scaleSet' || value === 'scaleSetInstance' ? value : 'virtualMachine';
}

function platformFrom(value: unknown): PlatformOwner | undefined {
  return value === 'aks' || value === 'databricks' || value === 'managedBy' ? value : undefined;
}

function indexFrom(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined;
}

/** `PowerState/running` -> `running`. */
function powerStateFrom(value: unknown): string | undefined {
  return optional(value)
    ?.toLowerCase()
    .replace(/^powerstate\//, '');
}

function optional(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
