import type { Estate } from '../estate.ts';
import { type Calendar, corpImage, galleryIds, managedImage, subscriptionIds } from './ids.ts';

const REGIONS = ['West Europe', 'North Europe', 'East US'];

interface Release {
  version: string;
  publishedDaysAgo: number;
  /** Positive: has been over for so many days. */
  endedDaysAgo?: number;
  excluded?: boolean;
  /** Regions whose own flag takes the version out of "latest". */
  excludedIn?: readonly string[];
  regions?: readonly string[];
  state?: string;
  /** What `$expand=ReplicationStatus` says of the last region. */
  progress?: number;
}

interface Definition {
  name: string;
  os: 'Linux' | 'Windows';
  architecture?: 'x64' | 'Arm64';
  securityType?: string;
  releases: readonly Release[];
}

/** One gallery with every way in which "the latest version" is a trap. */
const CORP: readonly Definition[] = [
  {
    name: 'ubuntu-22',
    os: 'Linux',
    releases: [
      { version: '1.8.0', publishedDaysAgo: 120, endedDaysAgo: 30 },
      { version: '1.9.0', publishedDaysAgo: 75, endedDaysAgo: -5 },
      { version: '1.10.0', publishedDaysAgo: 40 },
      { version: '1.11.0', publishedDaysAgo: 20 },
      { version: '1.12.0', publishedDaysAgo: 5, excluded: true },
    ],
  },
  {
    name: 'ubuntu-24',
    os: 'Linux',
    securityType: 'TrustedLaunchSupported',
    releases: [
      { version: '2.0.0', publishedDaysAgo: 70 },
      { version: '2.1.0', publishedDaysAgo: 30 },
      { version: '2.2.0', publishedDaysAgo: 18, excludedIn: ['North Europe'] },
      { version: '2.3.0', publishedDaysAgo: 0.1, state: 'Creating', progress: 40 },
      { version: '2.4.0', publishedDaysAgo: 2, state: 'Failed', progress: 0 },
    ],
  },
  {
    name: 'win2022',
    os: 'Windows',
    releases: [
      { version: '1.0.0', publishedDaysAgo: 200, endedDaysAgo: 60 },
      { version: '3.0.0', publishedDaysAgo: 35 },
      { version: '3.1.0', publishedDaysAgo: 15, regions: ['West Europe'] },
      { version: '3.2.0', publishedDaysAgo: 1 },
    ],
  },
  {
    name: 'rhel-9-arm',
    os: 'Linux',
    architecture: 'Arm64',
    releases: [
      { version: '9.3.0', publishedDaysAgo: 90 },
      { version: '9.4.0', publishedDaysAgo: 12 },
    ],
  },
  { name: 'debian-12', os: 'Linux', releases: [{ version: '0.1.0', publishedDaysAgo: 10 }] },
];

const LAB: readonly Definition[] = [
  { name: 'scratch', os: 'Linux', releases: [{ version: '0.0.1', publishedDaysAgo: 300 }] },
];

/** Galleries, definitions, versions and managed images. */
export function addImages(estate: Estate, calendar: Calendar): void {
  addGallery(estate, galleryIds.corp, CORP, calendar);
  addGallery(estate, galleryIds.lab, LAB, calendar);
  for (const name of ['web-base-2026-09', 'web-base-2026-10', 'old-base-2024', 'hand-made'])
    addManagedImage(estate, name);
}

function addGallery(estate: Estate, id: string, definitions: readonly Definition[], calendar: Calendar): void {
  const name = id.split('/').at(-1) ?? '';
  estate.add({
    id,
    name,
    type: 'Microsoft.Compute/galleries',
    location: 'westeurope',
    tags: {},
    properties: {
      identifier: { uniqueName: `${subscriptionIds.images}-${name.toUpperCase()}` },
      provisioningState: 'Succeeded',
    },
  });
  for (const definition of definitions) addDefinition(estate, id, definition, calendar);
}

function addDefinition(estate: Estate, gallery: string, definition: Definition, calendar: Calendar): void {
  const { name, os, architecture = 'x64', securityType, releases } = definition;
  const id = `${gallery}/images/${name}`;
  estate.add({
    id,
    name,
    type: 'Microsoft.Compute/galleries/images',
    location: 'westeurope',
    tags: {},
    properties: {
      osType: os,
      osState: 'Generalized',
      hyperVGeneration: 'V2',
      architecture,
      identifier: { publisher: 'corp', offer: name, sku: 'base' },
      ...(securityType && { features: [{ name: 'SecurityType', value: securityType }] }),
      provisioningState: 'Succeeded',
    },
  });
  for (const release of releases) addVersion(estate, id, release, calendar);
}

function addVersion(estate: Estate, definition: string, release: Release, calendar: Calendar): void {
  const {
    version,
    publishedDaysAgo,
    endedDaysAgo,
    excluded = false,
    excludedIn = [],
    regions = REGIONS,
    state = 'Succeeded',
    progress,
  } = release;
  const id = `${definition}/versions/${version}`;
  const targetRegions = regions.map((name) => ({
    name,
    regionalReplicaCount: 1,
    storageAccountType: 'Standard_LRS',
    ...(excludedIn.includes(name) && { excludeFromLatest: true }),
  }));
  estate.add({
    id,
    name: version,
    type: 'Microsoft.Compute/galleries/images/versions',
    location: 'westeurope',
    tags: {},
    properties: {
      publishingProfile: {
        targetRegions,
        replicaCount: 1,
        excludeFromLatest: excluded,
        publishedDate: calendar.ago(publishedDaysAgo),
        ...(endedDaysAgo !== undefined && { endOfLifeDate: calendar.ago(endedDaysAgo) }),
        storageAccountType: 'Standard_LRS',
        replicationMode: 'Full',
      },
      storageProfile: {
        source: { id: managedImage('web-base-2026-10') },
        osDiskImage: { sizeInGB: 30, hostCaching: 'ReadWrite', source: {} },
      },
      safetyProfile: { reportedForPolicyViolation: false, allowDeletionOfReplicatedLocations: false },
      provisioningState: state,
    },
  });
  estate.replication.set(id.toLowerCase(), {
    aggregatedState: progress === undefined ? 'Completed' : state === 'Failed' ? 'Failed' : 'InProgress',
    summary: regions.map((region, index) => {
      const done = progress === undefined || index < regions.length - 1;
      return {
        region,
        state: done ? 'Completed' : state === 'Failed' ? 'Failed' : 'Replicating',
        details: '',
        progress: done ? 100 : progress,
      };
    }),
  });
}

function addManagedImage(estate: Estate, name: string): void {
  estate.add({
    id: managedImage(name),
    name,
    type: 'Microsoft.Compute/images',
    location: 'westeurope',
    tags: {},
    properties: {
      storageProfile: {
        osDisk: {
          osType: 'Linux',
          osState: 'Generalized',
          diskSizeGB: 30,
          caching: 'ReadWrite',
          storageAccountType: 'Standard_LRS',
        },
        dataDisks: [],
      },
      provisioningState: 'Succeeded',
      hyperVGeneration: 'V2',
    },
  });
}

/** What `imageReference` of a machine says, for every kind of source. */
export const references = {
  /** Deployed from the definition, which meant "latest" on that day. */
  latest: (definition: string, exactVersion: string) => ({ id: corpImage(definition), exactVersion }),
  /** Pinned to a version. */
  pinned: (definition: string, version: string) => ({ id: corpImage(definition, version), exactVersion: version }),
  /** From the definition, and nobody wrote down which version that was. */
  unversioned: (definition: string) => ({ id: corpImage(definition) }),
  lab: { id: `${galleryIds.lab}/images/scratch/versions/0.0.1`, exactVersion: '0.0.1' },
  managed: (name: string) => ({ id: managedImage(name) }),
  ubuntu24: {
    publisher: 'Canonical',
    offer: 'ubuntu-24_04-lts',
    sku: 'server',
    version: 'latest',
    exactVersion: '24.04.202610010',
  },
  ubuntu20: {
    publisher: 'canonical',
    offer: '0001-com-ubuntu-server-focal',
    sku: '20_04-lts-gen2',
    version: '20.04.202307240',
    exactVersion: '20.04.202307240',
  },
  windows2019: {
    publisher: 'MicrosoftWindowsServer',
    offer: 'WindowsServer',
    sku: '2019-datacenter',
    version: 'latest',
    exactVersion: '17763.6414.241006',
  },
  community: { communityGalleryImageId: '/CommunityGalleries/contoso-0b1f6471/Images/alma-9/Versions/latest' },
  shared: { sharedGalleryImageId: `/SharedGalleries/${subscriptionIds.images}-PARTNER/Images/hardened/Versions/4.1.0` },
} as const;
