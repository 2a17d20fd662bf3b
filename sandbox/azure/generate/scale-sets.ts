import type { Estate } from '../estate.ts';
import type { Json } from '../kql/values.ts';
import { type Calendar, computeId, corpImage, guid, subscriptionIds } from './ids.ts';
import { references } from './images.ts';
import { instanceView, type PowerState } from './machine-body.ts';

const { payments, checkout } = subscriptionIds;
const { latest, pinned } = references;
const SHOP = { subscription: checkout, group: 'rg-checkout' };
const AKS_IMAGE =
  '/subscriptions/10945678-1234-1234-1234-123456789012/resourceGroups/AKS-Ubuntu/providers/Microsoft.Compute/galleries/AKSUbuntu/images/2204gen2containerd/versions/202610.01.0';

interface Instance {
  id: number;
  image: Json;
  latestModelApplied: boolean;
  power?: PowerState;
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
    subscription: payments,
    group: 'RG-Payments-Core',
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
    image: { id: AKS_IMAGE },
    tags: { 'aks-managed-poolName': 'nodepool1', 'aks-managed-orchestrator': 'Kubernetes:1.33.2' },
    instances: [0, 1].map((id) => ({
      id,
      image: { id: AKS_IMAGE, exactVersion: '202610.01.0' },
      latestModelApplied: true,
    })),
  },
];

/** Adds the hand-made scale sets; returns how many instances the uniform ones have. */
export function addScaleSets(estate: Estate, calendar: Calendar): number {
  addFlexibleSet(estate);
  for (const set of SCALE_SETS) addUniformSet(estate, set, calendar);
  return SCALE_SETS.reduce((sum, set) => sum + set.instances.length, 0);
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
    properties: {
      orchestrationMode: 'Flexible',
      platformFaultDomainCount: 1,
      virtualMachineProfile: { storageProfile: { imageReference: { id: corpImage('ubuntu-24') } } },
      provisioningState: 'Succeeded',
      uniqueId: guid(2, 0),
    },
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
      virtualMachineProfile: {
        storageProfile: {
          imageReference: set.image,
          osDisk: { osType: 'Linux', createOption: 'FromImage', caching: 'ReadWrite' },
        },
      },
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
        storageProfile: {
          imageReference: instance.image,
          osDisk: { osType: 'Linux', name: `${name}_OsDisk`, createOption: 'FromImage', caching: 'ReadWrite' },
          dataDisks: [],
        },
        provisioningState: 'Succeeded',
        instanceView: instanceView({ name, ...(instance.power && { power: instance.power }) }),
      },
    });
  }
}
