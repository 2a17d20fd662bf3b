import type { Fleet, ResourceRow } from '../estate.ts';
import type { Json } from '../kql/values.ts';
import { type Calendar, computeId, guid, subscriptionId, TENANT_ID } from './ids.ts';
import { references } from './images.ts';

/** A team with its prefix for names. */
export interface FleetTeam {
  readonly name: string;
  readonly prefix: string;
}

/** The three teams. */
const TEAMS: readonly FleetTeam[] = [
  { name: 'payments', prefix: 'pay' },
  { name: 'checkout', prefix: 'chk' },
  { name: 'data-platform', prefix: 'dat' },
];

/** Whose the machines of the n-th subscription are; the first three after `images` are named after their teams. */
export function teamOf(subscription: number): FleetTeam {
  return TEAMS[(subscription + TEAMS.length - 1) % TEAMS.length] as FleetTeam;
}

/** As many teams as asked for: `team-001` and so on. */
export function numberedTeams(count: number): readonly FleetTeam[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(3, '0');
    return { name: `team-${number}`, prefix: `t${number}` };
  });
}

/** Whose the machines of a fleet are. */
export interface FleetOwners {
  /** Resource groups that each of its subscriptions has. */
  readonly groups: readonly string[];
  /** The one that holds the scale sets of a row. */
  setGroup(set: number): string;
  /** @param subscription The subscription's index. @param group Its resource group. */
  teamOf(subscription: number, group: string): FleetTeam;
}

const GROUPS = ['web', 'api', 'batch', 'cache', 'tools'];

/** Every subscription is one of three teams'. */
export const THREE_OWNERS: FleetOwners = { groups: GROUPS, setGroup: () => 'batch', teamOf };

/** Every resource group is one of many teams', and every team has at least one. */
export function manyOwners(teams: readonly FleetTeam[], firstSubscription: number, subscriptions: number): FleetOwners {
  const count = Math.max(GROUPS.length, Math.ceil(teams.length / subscriptions));
  const groups = Array.from({ length: count }, (_, index) => {
    const round = Math.floor(index / GROUPS.length);
    return `${GROUPS[index % GROUPS.length]}${round === 0 ? '' : `-${round}`}`;
  });
  const positions = new Map(groups.map((group, index) => [group, index]));
  return {
    groups,
    setGroup: (set) => groups[set % count] as string,
    teamOf: (subscription, group) => {
      const place = (subscription - firstSubscription) * count + (positions.get(group) ?? 0);
      return teams[place % teams.length] as FleetTeam;
    },
  };
}

export const INSTANCES_A_SET = 20;

const LOCATIONS = ['westeurope', 'northeurope', 'eastus'];
const { latest, pinned, unversioned, managed } = references;

/** Mostly good images, so that a report has something to find without drowning in it. */
const IMAGES: readonly { image: Json; os: 'Linux' | 'Windows' }[] = [
  ...Array.from({ length: 5 }, () => ({ image: latest('ubuntu-22', '1.11.0'), os: 'Linux' as const })),
  ...Array.from({ length: 3 }, () => ({ image: latest('ubuntu-24', '2.2.0'), os: 'Linux' as const })),
  { image: latest('ubuntu-22', '1.10.0'), os: 'Linux' },
  { image: latest('ubuntu-22', '1.9.0'), os: 'Linux' },
  { image: latest('win2022', '3.1.0'), os: 'Windows' },
  { image: pinned('win2022', '3.0.0'), os: 'Windows' },
  { image: latest('rhel-9-arm', '9.4.0'), os: 'Linux' },
  { image: unversioned('ubuntu-24'), os: 'Linux' },
  { image: references.ubuntu20, os: 'Linux' },
  { image: managed('old-base-2024'), os: 'Linux' },
];

const POWER = ['running', 'running', 'running', 'deallocated'].map((power) => ({
  instanceView: {
    hyperVGeneration: 'V2',
    powerState: { code: `PowerState/${power}`, level: 'Info', displayStatus: `VM ${power}` },
  },
}));
const HARDWARE = ['Standard_D2s_v5', 'Standard_D4s_v5', 'Standard_E8s_v5'].map((vmSize) => ({ vmSize }));
const NO_TAGS = {};
const NO_DISKS: Json = [];

export interface FleetOptions {
  seed: number;
  /** Index of the first subscription that holds machines, and how many do. */
  firstSubscription: number;
  subscriptions: number;
  size: number;
  calendar: Calendar;
  owners: FleetOwners;
}

/** The n-th row of a fleet, taken apart into what its columns are made of. Every part is a function of the index. */
class Layout {
  readonly #options: FleetOptions;
  readonly #perSubscription: number;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#perSubscription = Math.max(1, Math.ceil(options.size / options.subscriptions));
  }

  range(subscription: string): readonly [number, number] {
    const ordinal = Number.parseInt(subscription.slice(-12), 16) - this.#options.firstSubscription;
    if (
      subscription !== subscriptionId(ordinal + this.#options.firstSubscription) ||
      ordinal < 0 ||
      ordinal >= this.#options.subscriptions
    )
      return [0, 0];
    const from = Math.min(this.#options.size, ordinal * this.#perSubscription);
    return [from, Math.min(this.#options.size, from + this.#perSubscription)];
  }

  /** The index of the subscription a row is in. */
  subscription(index: number): number {
    return this.#options.firstSubscription + Math.floor(index / this.#perSubscription);
  }

  team(index: number, group: string): FleetTeam {
    return this.#options.owners.teamOf(this.subscription(index), group);
  }

  /** The resource group of a machine. */
  group(index: number): string {
    const { groups } = this.#options.owners;
    return groups[index % groups.length] as string;
  }

  /** The resource group of an instance and its set, which has to be all of the set's. */
  setGroup(index: number): string {
    return this.#options.owners.setGroup(Math.floor(index / INSTANCES_A_SET));
  }

  /** A number that is always the same for this row and purpose. */
  draw(index: number, purpose: number, bound: number): number {
    let hash = Math.imul(index ^ (this.#options.seed * 0x9e3779b1), 0x85ebca6b) ^ Math.imul(purpose + 1, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash = Math.imul(hash ^ (hash >>> 13), 0x297a2d39);
    return ((hash ^ (hash >>> 16)) >>> 0) % bound;
  }

  choose<T>(index: number, purpose: number, choices: readonly T[]): T {
    return choices[this.draw(index, purpose, choices.length)] as T;
  }
}

type Columns = { [C in keyof ResourceRow]: (index: number) => ResourceRow[C] };

/** Stand-alone machines, computed when read. Names end in the index, by which a row is found again. */
export function machineFleet(options: FleetOptions): Fleet {
  const layout = new Layout(options);
  const subscriptions = Array.from({ length: options.subscriptions + 1 }, (_, index) =>
    subscriptionId(options.firstSubscription + index),
  );
  const days = Array.from({ length: 128 }, (_, day) => options.calendar.ago(day + 2));
  const groupOf = (index: number) => layout.group(index);
  const teamAt = (index: number) => layout.team(index, groupOf(index));
  const nameOf = (index: number) => `${teamAt(index).prefix}-${groupOf(index)}-${String(index).padStart(4, '0')}`;
  const subscriptionOf = (index: number) => subscriptions[layout.subscription(index) - options.firstSubscription] ?? '';
  const tagsOf = ({ name }: FleetTeam): readonly Json[] => [
    NO_TAGS,
    NO_TAGS,
    NO_TAGS,
    null,
    { team: name },
    { Team: ` ${name} ` },
  ];
  const idOf = (index: number) =>
    computeId(subscriptionOf(index), `rg-${groupOf(index)}`, `virtualMachines/${nameOf(index)}`);
  const columns: Columns = {
    ...sharedColumns('microsoft.compute/virtualmachines', layout),
    id: idOf,
    name: nameOf,
    resourceGroup: (index) => `rg-${groupOf(index)}`,
    subscriptionId: subscriptionOf,
    tags: (index) => layout.choose(index, 1, tagsOf(teamAt(index))),
    properties: (index) => {
      const name = nameOf(index);
      const { image, os } = layout.choose(index, 2, IMAGES);
      return {
        vmId: guid(3, index),
        timeCreated: layout.choose(index, 3, days),
        hardwareProfile: layout.choose(index, 4, HARDWARE),
        storageProfile: {
          imageReference: image,
          osDisk: {
            osType: os,
            name: `${name}_OsDisk`,
            createOption: 'FromImage',
            caching: 'ReadWrite',
            managedDisk: {
              id: computeId(subscriptionOf(index), `RG-${groupOf(index)}`, `disks/${name}_OsDisk`),
              storageAccountType: 'Premium_LRS',
            },
            diskSizeGB: 30,
          },
          dataDisks: NO_DISKS,
        },
        osProfile: { computerName: name, adminUsername: 'azureuser' },
        provisioningState: 'Succeeded',
        extended: layout.choose(index, 5, POWER),
      };
    },
  };
  return fleetOf('resources', 'microsoft.compute/virtualmachines', options.size, layout, columns, (id) => {
    const digits = /-(\d+)$/.exec(id)?.[1];
    return digits === undefined ? undefined : Number(digits);
  });
}

/** Instances of uniform scale sets, twenty to a set. */
export function instanceFleet(options: FleetOptions): Fleet {
  const layout = new Layout(options);
  const days = Array.from({ length: 128 }, (_, day) => options.calendar.ago(day + 2));
  const linux = IMAGES.filter(({ os }) => os === 'Linux');
  const columns: Columns = {
    ...sharedColumns('microsoft.compute/virtualmachinescalesets/virtualmachines', layout),
    id: (index) => `${setId(index, layout)}/virtualMachines/${index}`,
    name: (index) => `${setName(index, layout)}_${index}`,
    resourceGroup: (index) => `rg-${layout.setGroup(index)}`,
    subscriptionId: (index) => subscriptionId(layout.subscription(index)),
    tags: () => NO_TAGS,
    properties: (index) => ({
      vmId: guid(4, index),
      latestModelApplied: layout.draw(index, 6, 8) > 0,
      timeCreated: layout.choose(index, 3, days),
      storageProfile: {
        imageReference: layout.choose(index, 2, linux).image,
        osDisk: { osType: 'Linux', createOption: 'FromImage' },
        dataDisks: NO_DISKS,
      },
      provisioningState: 'Succeeded',
      extended: layout.choose(index, 5, POWER),
    }),
  };
  return fleetOf(
    'computeresources',
    'microsoft.compute/virtualmachinescalesets/virtualmachines',
    options.size,
    layout,
    columns,
    (id) => {
      const digits = /\/(\d+)$/.exec(id)?.[1];
      return digits === undefined ? undefined : Number(digits);
    },
  );
}

const setName = (index: number, layout: Layout) =>
  `${layout.team(index, layout.setGroup(index)).prefix}-set-${Math.floor(index / INSTANCES_A_SET)}`;
const setId = (index: number, layout: Layout) =>
  computeId(
    subscriptionId(layout.subscription(index)),
    `rg-${layout.setGroup(index)}`,
    `virtualMachineScaleSets/${setName(index, layout)}`,
  );

/** The scale sets that the instances of a fleet belong to, as ARM bodies. */
export function* scaleSetsOf(options: FleetOptions) {
  const layout = new Layout(options);
  const seen = new Set<string>();
  for (let index = 0; index < options.size; index++) {
    const id = setId(index, layout);
    if (seen.has(id)) continue;
    seen.add(id);
    yield {
      id,
      name: setName(index, layout),
      type: 'Microsoft.Compute/virtualMachineScaleSets',
      location: 'westeurope',
      tags: NO_TAGS,
      sku: { name: 'Standard_D2s_v5', tier: 'Standard', capacity: INSTANCES_A_SET },
      properties: {
        orchestrationMode: 'Uniform',
        virtualMachineProfile: { storageProfile: { imageReference: unversioned('ubuntu-22') } },
        provisioningState: 'Succeeded',
      },
    };
  }
}

function sharedColumns(type: string, layout: Layout) {
  const nothing = () => null;
  return {
    type: () => type,
    tenantId: () => TENANT_ID,
    kind: () => '',
    managedBy: () => '',
    location: (index: number) => layout.choose(index, 7, LOCATIONS),
    sku: nothing,
    plan: nothing,
    identity: nothing,
    zones: nothing,
    extendedLocation: nothing,
  };
}

function fleetOf(
  table: string,
  type: string,
  size: number,
  layout: Layout,
  columns: Columns,
  indexIn: (id: string) => number | undefined,
): Fleet {
  return {
    table,
    type,
    size,
    range: (subscription) => layout.range(subscription),
    reader: (column) => columns[column],
    find(id) {
      const index = indexIn(id);
      return index !== undefined && index < size && columns.id(index).toLowerCase() === id ? index : undefined;
    },
  };
}
