import type { Estate, ResourceRow } from '../estate.ts';
import type { Json } from '../kql/values.ts';
import { subscriptionId, subscriptionIds, TENANT_ID } from './ids.ts';

const BLANK: ResourceRow = {
  id: '',
  name: '',
  type: '',
  tenantId: TENANT_ID,
  kind: '',
  location: '',
  resourceGroup: '',
  subscriptionId: '',
  managedBy: '',
  sku: null,
  plan: null,
  properties: {},
  tags: null,
  identity: null,
  zones: null,
  extendedLocation: null,
};

/** A row with the defaults of Resource Graph for what it leaves out. */
export function rowWith(values: Partial<ResourceRow>): ResourceRow {
  return { ...BLANK, ...values };
}

/** Management group `platform` below the tenant's root, and `sandboxes` beside it, with nothing in it. */
export function addManagementGroups(estate: Estate): void {
  for (const [name, displayName] of [
    ['platform', 'Platform'],
    ['sandboxes', 'Sandboxes'],
    [TENANT_ID, 'Tenant Root Group'],
  ] as const) {
    estate.put(
      rowWith({
        id: `/providers/Microsoft.Management/managementGroups/${name}`,
        name,
        type: 'microsoft.management/managementgroups',
        properties: {
          displayName,
          tenantId: TENANT_ID,
          details: {
            parent: name === TENANT_ID ? null : { id: `/providers/Microsoft.Management/managementGroups/${TENANT_ID}` },
          },
        },
      }),
    );
  }
}

/** A subscription below `platform`. */
export function addSubscription(estate: Estate, id: string, name: string, tags: Json): void {
  const managementGroupAncestorsChain = [
    { displayName: 'Platform', name: 'platform' },
    { displayName: 'Tenant Root Group', name: TENANT_ID },
  ];
  estate.put(
    rowWith({
      id: `/subscriptions/${id}`,
      name,
      type: 'microsoft.resources/subscriptions',
      subscriptionId: id,
      properties: {
        state: 'Enabled',
        managementGroupAncestorsChain,
        subscriptionPolicies: { quotaId: 'EnterpriseAgreement_2014-09-01', spendingLimit: 'Off' },
      },
      tags,
    }),
  );
}

/** A resource group; `managedBy` is the id of the service that owns it. */
export function addResourceGroup(estate: Estate, subscription: string, name: string, tags: Json, managedBy = ''): void {
  estate.put(
    rowWith({
      id: `/subscriptions/${subscription}/resourceGroups/${name}`,
      name,
      type: 'microsoft.resources/subscriptions/resourcegroups',
      location: 'westeurope',
      resourceGroup: name.toLowerCase(),
      subscriptionId: subscription,
      managedBy,
      properties: { provisioningState: 'Succeeded' },
      tags,
    }),
  );
}

/** The subscriptions and resource groups that the hand-made part of an estate lives in. Team tags sit on every level. */
export function addNamedContainers(estate: Estate): void {
  const { images, payments, checkout, data } = subscriptionIds;
  addSubscription(estate, images, 'images', { costCenter: '1000' });
  addSubscription(estate, payments, 'payments-prod', { team: 'payments', env: 'prod' });
  addSubscription(estate, checkout, 'checkout-prod', { env: 'prod' });
  addSubscription(estate, data, 'data-prod', null);
  addResourceGroup(estate, images, 'rg-images', {});
  addResourceGroup(estate, payments, 'rg-payments-web', {});
  addResourceGroup(estate, payments, 'RG-Payments-Core', { Team: ' Payments ' });
  addResourceGroup(estate, checkout, 'rg-checkout', { TEAM: 'Checkout' });
  addResourceGroup(estate, checkout, 'rg-shared', null);
  addResourceGroup(estate, data, 'rg-data', { team: 'data-platform ' });
  addResourceGroup(estate, data, 'rg-lab', null);
  addResourceGroup(
    estate,
    checkout,
    'MC_rg-checkout_aks-checkout_westeurope',
    { 'aks-managed-cluster-name': 'aks-checkout', 'aks-managed-cluster-rg': 'rg-checkout' },
    `/subscriptions/${checkout}/resourcegroups/rg-checkout/providers/Microsoft.ContainerService/managedClusters/aks-checkout`,
  );
  addResourceGroup(
    estate,
    data,
    'databricks-rg-analytics',
    null,
    `/subscriptions/${data}/resourceGroups/rg-data/providers/Microsoft.Databricks/workspaces/analytics`,
  );
}

/** The subscriptions from the fifth on, each of one team, or shared by many. */
export function addFleetSubscription(estate: Estate, index: number, team: string | undefined): void {
  const name = `${team ?? 'shared'}-${index.toString().padStart(4, '0')}`;
  addSubscription(estate, subscriptionId(index), name, team === undefined ? null : { team });
}
