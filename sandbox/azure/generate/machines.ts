import type { Estate } from '../estate.ts';
import type { Json } from '../kql/values.ts';
import { references } from './images.ts';
import { computeId, corpImage, guid, subscriptionIds, type Calendar } from './ids.ts';

/** What is worth saying about a machine; everything else has a default. */
interface Machine {
  name: string;
  subscription: string;
  group: string;
  /** Absent: the machine boots from an attached disk. */
  image?: Json;
  os?: 'Linux' | 'Windows';
  location?: string;
  tags?: Json;
  power?: 'running' | 'deallocated' | 'stopped' | 'unknown';
  createdDaysAgo?: number;
  generation?: 'V1' | 'V2';
  securityType?: string;
  zones?: readonly string[];
  managedBy?: string;
  scaleSet?: string;
  dataDisks?: number;
}

const { payments, checkout, data } = subscriptionIds;
const { latest, pinned, unversioned, managed } = references;
const WEB = { subscription: payments, group: 'rg-payments-web' };
const CORE = { subscription: payments, group: 'RG-Payments-Core' };
const SHOP = { subscription: checkout, group: 'rg-checkout' };
const SHARED = { subscription: checkout, group: 'rg-shared' };
const DATA = { subscription: data, group: 'rg-data' };
const LAB = { subscription: data, group: 'rg-lab' };
const PET = { 'golden-kind': 'pet' };

/** The hand-made machines: one or two of every case that the bot must tell apart. */
const MACHINES: readonly Machine[] = [
  // payments: the team comes from the subscription, or from an oddly written tag of the group
  { ...WEB, name: 'pay-web-01', image: latest('ubuntu-22', '1.11.0'), zones: ['1'] },
  { ...WEB, name: 'pay-web-02', image: latest('ubuntu-22', '1.11.0'), zones: ['2'] },
  { ...WEB, name: 'pay-web-03', image: latest('ubuntu-22', '1.10.0'), zones: ['3'] },
  { ...WEB, name: 'pay-web-04', image: latest('ubuntu-22', '1.9.0'), createdDaysAgo: 74 },
  { ...WEB, name: 'pay-web-05', image: latest('ubuntu-22', '1.8.0'), createdDaysAgo: 118 },
  { ...WEB, name: 'pay-web-06', image: pinned('ubuntu-22', '1.12.0') },
  { ...CORE, name: 'pay-api-01', image: pinned('ubuntu-24', '2.2.0'), securityType: 'TrustedLaunch' },
  { ...CORE, name: 'pay-api-02', image: pinned('ubuntu-24', '2.1.0'), securityType: 'TrustedLaunch', location: 'northeurope' },
  { ...CORE, name: 'pay-api-03', image: pinned('ubuntu-24', '2.0.0'), securityType: 'ConfidentialVM' },
  { ...CORE, name: 'pay-ledger-01', image: latest('ubuntu-22', '1.9.0'), tags: PET, dataDisks: 3, createdDaysAgo: 70 },
  { ...CORE, name: 'pay-hsm-01', image: latest('win2022', '3.0.0'), os: 'Windows', tags: { ...PET, note: "don't touch" } },
  { ...CORE, name: 'pay-win-01', image: latest('win2022', '3.1.0'), os: 'Windows' },
  { ...CORE, name: 'pay-win-02', image: latest('win2022', '3.0.0'), os: 'Windows', location: 'northeurope' },
  { ...CORE, name: 'pay-win-03', image: latest('win2022', '1.0.0'), os: 'Windows', createdDaysAgo: 190, generation: 'V1' },
  { ...CORE, name: 'pay-cache-01', image: unversioned('ubuntu-22') },
  { ...CORE, name: 'pay-gone-01', image: pinned('ubuntu-22', '1.7.0'), createdDaysAgo: 160 },
  { ...CORE, name: 'pay-old-01', image: managed('old-base-2024'), createdDaysAgo: 400, generation: 'V1' },
  { ...CORE, name: 'pay-mkt-01', image: references.ubuntu20, createdDaysAgo: 600 },
  // checkout: the tag is on the group, in capitals
  { ...SHOP, name: 'chk-web-01', image: managed('web-base-2026-10') },
  { ...SHOP, name: 'chk-web-02', image: managed('web-base-2026-09') },
  { ...SHOP, name: 'chk-web-03', image: latest('ubuntu-24', '2.2.0'), power: 'deallocated' },
  { ...SHOP, name: 'chk-web-04', image: latest('ubuntu-24', '2.1.0'), power: 'stopped' },
  { ...SHOP, name: 'chk-mkt-01', image: references.ubuntu24 },
  { ...SHOP, name: 'chk-mkt-02', image: references.windows2019, os: 'Windows', generation: 'V1' },
  { ...SHOP, name: 'chk-com-01', image: references.community },
  { ...SHOP, name: 'chk-shr-01', image: references.shared },
  { ...SHOP, name: 'chk-disk-01', createdDaysAgo: 500, power: 'unknown' },
  { ...SHOP, name: 'chk-deb-01', image: latest('debian-12', '0.1.0') },
  { ...SHOP, name: 'chk-flex-1a', image: latest('ubuntu-24', '2.2.0'), scaleSet: 'chk-flex' },
  { ...SHOP, name: 'chk-flex-2b', image: latest('ubuntu-24', '2.1.0'), scaleSet: 'chk-flex' },
  { ...SHARED, name: 'chk-jump-01', image: latest('ubuntu-24', '2.0.0'), tags: { ' Team': 'CHECKOUT' } },
  { ...SHARED, name: 'no-team-01', image: latest('ubuntu-22', '1.10.0'), tags: {} },
  { ...SHARED, name: 'no-team-02', image: references.ubuntu20, tags: null },
  // data-platform: on the group with a space behind it, or on the machine
  { ...DATA, name: 'dat-etl-01', image: latest('rhel-9-arm', '9.4.0') },
  { ...DATA, name: 'dat-etl-02', image: latest('rhel-9-arm', '9.3.0'), createdDaysAgo: 88 },
  { ...DATA, name: 'dat-etl-03', image: latest('rhel-9-arm', '9.4.0'), location: 'eastus' },
  { ...DATA, name: 'dat-db-01', image: latest('ubuntu-22', '1.10.0'), tags: { 'Golden-Kind': 'Pet' }, dataDisks: 4 },
  { ...DATA, name: 'dat-db-02', tags: PET, dataDisks: 2, createdDaysAgo: 300 },
  { ...LAB, name: 'dat-lab-01', image: references.lab, tags: { team: 'data-platform' } },
  { ...LAB, name: 'dat-lab-02', image: managed('hand-made'), tags: { team: 'Data-Platform' } },
  // hostile names and tags: Azure would refuse some, which is no reason to trust it
  { ...WEB, name: '<!channel>', image: latest('ubuntu-22', '1.10.0'), tags: { team: 'payments', note: '<https://evil.example|click>' } },
  { ...WEB, name: 'pay-"q\'uote\\d"-01', image: latest('ubuntu-22', '1.9.0'), tags: { 'a"b\\c': "it's *bold* _and_ `code`" } },
  { ...WEB, name: 'pay-\u202Egnp.exe\u202C-01', image: references.ubuntu20, tags: { team: 'pay\u200Fments' } },
  { ...DATA, name: '<https://evil.example|dat-01>', image: latest('ubuntu-22', '1.8.0'), tags: { owner: '<@U0ALICE> & co' } },
  // owned by a service: never ours to touch
  { subscription: data, group: 'databricks-rg-analytics', name: 'dbx-worker-7f', image: references.ubuntu20, tags: { Vendor: 'Databricks', ClusterName: 'nightly' }, managedBy: computeId(data, 'rg-data', 'x').replace('Microsoft.Compute/x', 'Microsoft.Databricks/workspaces/analytics') },
];

interface Instance {
  id: number;
  image: Json;
  latestModelApplied: boolean;
  power?: Machine['power'];
}

interface ScaleSet {
  name: string;
  subscription: string;
  group: string;
  image: Json;
  tags?: Json;
  instances: readonly Instance[];
}

/** The uniform sets. Their instances keep the version they were made from, whatever the model says. */
const SCALE_SETS: readonly ScaleSet[] = [
  {
    ...CORE,
    name: 'pay-batch',
    image: { id: corpImage('ubuntu-22') },
    instances: [
      { id: 0, image: latest('ubuntu-22', '1.11.0'), latestModelApplied: true },
      { id: 1, image: latest('ubuntu-22', '1.10.0'), latestModelApplied: true },
      { id: 4, image: latest('ubuntu-22', '1.8.0'), latestModelApplied: false, power: 'deallocated' },
    ],
  },
  {
    ...SHOP,
    name: 'chk-legacy',
    image: { id: corpImage('ubuntu-22', '1.7.0') },
    instances: [
      { id: 0, image: pinned('ubuntu-22', '1.7.0'), latestModelApplied: true },
      { id: 1, image: pinned('ubuntu-22', '1.7.0'), latestModelApplied: true },
    ],
  },
  {
    subscription: checkout,
    group: 'MC_rg-checkout_aks-checkout_westeurope',
    name: 'aks-nodepool1-31415926-vmss',
    image: { id: '/subscriptions/10945678-1234-1234-1234-123456789012/resourceGroups/AKS-Ubuntu/providers/Microsoft.Compute/galleries/AKSUbuntu/images/2204gen2containerd/versions/202610.01.0' },
    tags: { 'aks-managed-poolName': 'nodepool1', 'aks-managed-orchestrator': 'Kubernetes:1.33.2' },
    instances: [0, 1].map((id) => ({ id, image: { id: '/subscriptions/10945678-1234-1234-1234-123456789012/resourceGroups/AKS-Ubuntu/providers/Microsoft.Compute/galleries/AKSUbuntu/images/2204gen2containerd/versions/202610.01.0', exactVersion: '202610.01.0' }, latestModelApplied: true })),
  },
];

/** Adds the hand-made machines and scale sets; returns how many machines that were. */
export function addNamedMachines(estate: Estate, calendar: Calendar): number {
  for (const [index, machine] of MACHINES.entries()) addMachine(estate, machine, index, calendar);
  addFlexibleSet(estate);
  let instances = 0;
  for (const set of SCALE_SETS) {
    addUniformSet(estate, set, calendar);
    instances += set.instances.length;
  }
  return MACHINES.length + instances;
}

function addMachine(estate: Estate, machine: Machine, index: number, calendar: Calendar): void {
  const { name, subscription, group, location = 'westeurope', tags = {}, createdDaysAgo = 25, securityType, zones, scaleSet } = machine;
  estate.add({
    id: computeId(subscription, group, `virtualMachines/${name}`),
    name,
    type: 'Microsoft.Compute/virtualMachines',
    location,
    tags,
    ...(zones && { zones }),
    ...(machine.managedBy && { managedBy: machine.managedBy }),
    properties: {
      vmId: guid(1, index),
      timeCreated: calendar.ago(createdDaysAgo),
      hardwareProfile: { vmSize: 'Standard_D2s_v5' },
      storageProfile: storageProfile(machine),
      ...(machine.image !== undefined && { osProfile: osProfile(name, machine.os ?? 'Linux') }),
      networkProfile: { networkInterfaces: [{ id: computeId(subscription, group, '').replace('Microsoft.Compute/', `Microsoft.Network/networkInterfaces/${name}-nic`), properties: { primary: true } }] },
      ...(securityType && { securityProfile: { securityType, uefiSettings: { secureBootEnabled: true, vTpmEnabled: true } } }),
      ...(scaleSet && { virtualMachineScaleSet: { id: computeId(subscription, group, `virtualMachineScaleSets/${scaleSet}`) } }),
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
      provisioningState: 'Succeeded',
      instanceView: instanceView(machine),
    },
  });
}

function storageProfile({ name, subscription, group, image, os = 'Linux', dataDisks = 0 }: Machine) {
  const disk = (suffix: string) => ({ id: computeId(subscription, group.toUpperCase(), `disks/${name}_${suffix}`), storageAccountType: 'Premium_LRS' });
  return {
    ...(image !== undefined && { imageReference: image }),
    osDisk: { osType: os, name: `${name}_OsDisk`, createOption: image === undefined ? 'Attach' : 'FromImage', caching: 'ReadWrite', managedDisk: disk('OsDisk'), diskSizeGB: 30 },
    dataDisks: Array.from({ length: dataDisks }, (_, lun) => ({ lun, name: `${name}_data${lun}`, createOption: 'Empty', caching: 'None', managedDisk: disk(`data${lun}`), diskSizeGB: 128, toBeDetached: false })),
  };
}

function osProfile(computerName: string, os: 'Linux' | 'Windows') {
  const configuration = os === 'Linux' ? { linuxConfiguration: { disablePasswordAuthentication: true, provisionVMAgent: true } } : { windowsConfiguration: { provisionVMAgent: true, enableAutomaticUpdates: true } };
  return { computerName, adminUsername: 'azureuser', ...configuration, secrets: [], allowExtensionOperations: true };
}

function instanceView({ power = 'running', os = 'Linux', generation = 'V2', name }: Pick<Machine, 'power' | 'os' | 'generation' | 'name'>) {
  const statuses = power === 'unknown' ? [] : [{ code: `PowerState/${power}`, level: 'Info', displayStatus: `VM ${power}` }];
  const agent = power === 'running' ? { computerName: name, osName: os === 'Linux' ? 'ubuntu' : 'Windows Server 2022 Datacenter', osVersion: os === 'Linux' ? '22.04' : '10.0.20348.2762' } : {};
  return { ...agent, hyperVGeneration: generation, statuses };
}

/** A flexible set has no instances of its own: its members are virtual machines that point to it. */
function addFlexibleSet(estate: Estate): void {
  estate.add({
    id: computeId(SHOP.subscription, SHOP.group, 'virtualMachineScaleSets/chk-flex'),
    name: 'chk-flex',
    type: 'Microsoft.Compute/virtualMachineScaleSets',
    location: 'westeurope',
    tags: {},
    sku: { name: 'Standard_D2s_v5', tier: 'Standard', capacity: 2 },
    properties: { orchestrationMode: 'Flexible', platformFaultDomainCount: 1, virtualMachineProfile: { storageProfile: { imageReference: { id: corpImage('ubuntu-24') } } }, provisioningState: 'Succeeded', uniqueId: guid(2, 0) },
  });
}

function addUniformSet(estate: Estate, set: ScaleSet, calendar: Calendar): void {
  const id = computeId(set.subscription, set.group, `virtualMachineScaleSets/${set.name}`);
  const sku = { name: 'Standard_D2s_v5', tier: 'Standard', capacity: set.instances.length };
  estate.add({
    id,
    name: set.name,
    type: 'Microsoft.Compute/virtualMachineScaleSets',
    location: 'westeurope',
    tags: set.tags ?? {},
    sku,
    properties: {
      orchestrationMode: 'Uniform',
      upgradePolicy: { mode: 'Manual' },
      virtualMachineProfile: { storageProfile: { imageReference: set.image, osDisk: { osType: 'Linux', createOption: 'FromImage', caching: 'ReadWrite' } } },
      provisioningState: 'Succeeded',
      timeCreated: calendar.ago(90),
      uniqueId: guid(2, set.name.length),
    },
  });
  for (const instance of set.instances) {
    const name = `${set.name}_${instance.id}`;
    estate.add({
      id: `${id}/virtualMachines/${instance.id}`,
      name,
      type: 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines',
      location: 'westeurope',
      tags: set.tags ?? {},
      sku: { name: sku.name, tier: sku.tier },
      properties: {
        vmId: guid(set.name.length + 16, instance.id),
        latestModelApplied: instance.latestModelApplied,
        modelDefinitionApplied: 'VirtualMachineScaleSet',
        timeCreated: calendar.ago(25),
        hardwareProfile: { vmSize: sku.name },
        storageProfile: { imageReference: instance.image, osDisk: { osType: 'Linux', name: `${name}_OsDisk`, createOption: 'FromImage', caching: 'ReadWrite' }, dataDisks: [] },
        provisioningState: 'Succeeded',
        instanceView: instanceView({ name, ...(instance.power && { power: instance.power }) }),
      },
    });
  }
}
