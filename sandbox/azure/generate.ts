import { Estate } from './estate.ts';
import {
  addFleetSubscription,
  addManagementGroups,
  addNamedContainers,
  addResourceGroup,
} from './generate/containers.ts';
import {
  type FleetOptions,
  instanceFleet,
  machineFleet,
  manyOwners,
  numberedTeams,
  scaleSetsOf,
  THREE_OWNERS,
  teamOf,
} from './generate/fleet.ts';
import { calendarOf, corpImage, galleryIds, subscriptionId, subscriptionIds, TENANT_ID } from './generate/ids.ts';
import { addImages } from './generate/images.ts';
import { addMachines } from './generate/machines.ts';
import { addScaleSets } from './generate/scale-sets.ts';

export { corpImage, galleryIds, managedImage, subscriptionId, subscriptionIds, TENANT_ID } from './generate/ids.ts';

/** What to generate. The same options give the same estate. */
export interface GenerateOptions {
  seed: number;
  /** Machines in all: virtual machines and instances of uniform scale sets. At least the hand-made fifty or so. */
  vms: number;
  /** At least four: images, payments, checkout, data. */
  subscriptions: number;
  /** Publication, end-of-life and creation dates are relative to it. */
  now: Date;
  /** So many teams share the plain machines, by resource group; absent: the three. Their golden.yml wants the same number. */
  teams?: number;
}

const NAMED_SUBSCRIPTIONS = Object.keys(subscriptionIds).length;
const SMALLEST_SCALED_FLEET = 200; // below that, a fleet has no scale sets of its own

/**
 * An estate of three teams: some fifty hand-made machines, one or two of every case, and as many plain
 * ones as it takes to reach `vms`; those are computed when read and take no memory.
 */
export function generateEstate({ seed, vms, subscriptions, now, teams }: GenerateOptions): Estate {
  const estate = new Estate(TENANT_ID);
  const calendar = calendarOf(now);
  addManagementGroups(estate);
  addNamedContainers(estate);
  addImages(estate, calendar);
  const named = addMachines(estate, calendar) + addScaleSets(estate, calendar);
  const more = Math.max(0, vms - named);
  for (let index = NAMED_SUBSCRIPTIONS; index < subscriptions; index++)
    addFleetSubscription(estate, index, teams === undefined ? teamOf(index).name : undefined);
  // A small estate keeps its plain machines in the three teams' own subscriptions.
  const firstSubscription = subscriptions > NAMED_SUBSCRIPTIONS ? NAMED_SUBSCRIPTIONS : 1;
  const homes = Math.max(subscriptions, NAMED_SUBSCRIPTIONS) - firstSubscription;
  const owners = teams === undefined ? THREE_OWNERS : manyOwners(numberedTeams(teams), firstSubscription, homes);
  for (let index = firstSubscription; index < firstSubscription + homes; index++) {
    for (const group of owners.groups)
      addResourceGroup(estate, subscriptionId(index), `rg-${group}`, { team: owners.teamOf(index, group).name });
  }
  const instances = more < SMALLEST_SCALED_FLEET ? 0 : Math.floor(more / 10);
  const shared = { seed, firstSubscription, subscriptions: homes, calendar, owners };
  if (more > instances) estate.addFleet(machineFleet({ ...shared, size: more - instances }));
  if (instances > 0) addInstances(estate, { ...shared, size: instances });
  return estate;
}

function addInstances(estate: Estate, options: FleetOptions): void {
  estate.addFleet(instanceFleet(options));
  for (const set of scaleSetsOf(options)) estate.add(set);
}

/**
 * A golden.yml that fits a generated estate: what is golden in it, and whose the machines are.
 *
 * @param teams As many as the estate was generated with; absent: the three.
 */
export function sandboxConfig(estate: Estate, teams?: number): string {
  if (!estate.get(galleryIds.corp)) throw new Error('this estate has no gallery corp: it was not generated here');
  return [
    'azure: { managementGroups: [platform] }',
    'images:',
    '  golden:',
    `    - gallery: ${galleryIds.corp}`,
    '      definitions: ["ubuntu-*", "win2022", "rhel-9-arm"]',
    '      replaces: [{ publisher: canonical, offer: "ubuntu-*" }, { managedImage: "*/images/old-base-*" }]',
    `    - managedImage: /subscriptions/${subscriptionIds.images}/resourceGroups/rg-images/providers/Microsoft.Compute/images/web-base-*`,
    '    - marketplace: { publisher: canonical, offer: "ubuntu-24_04-lts", sku: "*" }',
    '  freshness: { graceDays: 14, versionsBehind: 0, maxAgeDays: 60 }',
    '  revoked:',
    `    - { version: "${corpImage('win2022', '3.0.0')}", reason: "CVE-2026-1111", at: 2026-10-01 }`,
    'teams:',
    ...(teams === undefined ? [...threeTeams(), ...platform()] : numberedTeams(teams).flatMap(numberedTeam)),
    '',
  ].join('\n');
}

function threeTeams(): readonly string[] {
  return [
    ...team('payments', 'C0PAYMENTS', [
      'kind: cattle',
      'wiki: https://wiki.example.com/golden',
      'approvers: { users: [U0BOB], userGroups: [S0PAYOPS], required: 1 }',
      'digest: { day: monday, time: "09:00", timezone: Europe/Berlin }',
    ]),
    ...team('checkout', 'C0CHECKOUT', [
      'kind: cattle',
      'wiki: https://wiki.example.com/golden',
      'approvers: { users: [U0ALICE], required: 1 }',
      'digest: { day: tuesday, time: "09:30", timezone: America/New_York }',
    ]),
    ...team('data-platform', 'C0DATA', [
      'kind: cattle',
      'wiki: https://wiki.example.com/golden',
      'approvers: { users: [U0CAROL], required: 1 }',
      'digest: { day: monday, time: "10:00", timezone: Asia/Kolkata }',
    ]),
  ];
}

function platform(): readonly string[] {
  return ['platform:', '  channel: C0PLATFORM', '  digest: { day: monday, time: "11:00", timezone: Europe/Berlin }'];
}

/** One of many teams, all with the same digest time: `team-001` has the channel `C0TEAM001`. */
function numberedTeam({ name }: { readonly name: string }): readonly string[] {
  return team(name, `C0${name.toUpperCase().replace('-', '')}`, [
    'kind: cattle',
    'approvers: { users: [U0BOB], required: 1 }',
    'digest: { day: monday, time: "09:00", timezone: Europe/Berlin }',
  ]);
}

function team(name: string, channel: string, rest: readonly string[]): readonly string[] {
  return [
    `  ${name}:`,
    `    match: { tags: { team: ${name} } }`,
    `    channel: ${channel}`,
    ...rest.map((line) => `    ${line}`),
  ];
}
