import type { ResourceRow } from './estate.ts';
import type { Json } from './kql/values.ts';

/** A resource as ARM answers a GET. */
export interface ArmBody {
  id?: string;
  name?: string;
  type?: string;
  [member: string]: unknown;
}

type Bag = { [key: string]: Json };

const asBag = (value: unknown): Bag =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : {};
const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
const orNull = (value: unknown): Json => (value === undefined ? null : (value as Json));

/** The table that holds a resource type (lower case). Source: the list of tables and types. */
export function tableOf(type: string): string {
  if (type.startsWith('microsoft.resources/') || type === 'microsoft.management/managementgroups')
    return 'resourcecontainers';
  return type.startsWith('microsoft.compute/virtualmachinescalesets/virtualmachines')
    ? 'computeresources'
    : 'resources';
}

/** What Resource Graph makes of an ARM body: lower-cased type and group, empty texts, and the instance view under `extended`. */
export function rowOf(body: ArmBody, tenantId: string): ResourceRow {
  const id = asText(body.id);
  const type = (asText(body.type) || typeInId(id)).toLowerCase();
  const { instanceView, ...properties } = asBag(body.properties);
  return {
    id,
    name: asText(body.name) || (id.split('/').at(-1) ?? ''),
    type,
    tenantId,
    kind: asText(body.kind),
    location: asText(body.location).toLowerCase().replaceAll(' ', ''),
    resourceGroup: (/\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? '').toLowerCase(),
    subscriptionId: (/^\/subscriptions\/([^/]+)/i.exec(id)?.[1] ?? '').toLowerCase(),
    managedBy: asText(body.managedBy),
    sku: orNull(body.sku),
    plan: orNull(body.plan),
    properties:
      instanceView === undefined
        ? properties
        : { ...properties, extended: { instanceView: extendedView(asBag(instanceView)) } },
    tags: orNull(body.tags),
    identity: orNull(body.identity),
    zones: orNull(body.zones),
    extendedLocation: orNull(body.extendedLocation),
  };
}

/** Of the statuses Resource Graph keeps the power state, beside what the agent reports. */
function extendedView(view: Bag): Bag {
  const statuses = Array.isArray(view.statuses) ? (view.statuses as Json[]).map(asBag) : [];
  const power = statuses.find((status) => asText(status.code).startsWith('PowerState/'));
  const kept = ['computerName', 'osName', 'osVersion', 'hyperVGeneration'].filter((key) => view[key] !== undefined);
  return {
    ...Object.fromEntries(kept.map((key) => [key, view[key] ?? null])),
    ...(power && {
      powerState: { code: power.code ?? '', level: power.level ?? 'Info', displayStatus: power.displayStatus ?? '' },
    }),
  };
}

/** What ARM answers for a row; `expand` as in `$expand=instanceView`, `replication` what `$expand=ReplicationStatus` shows. */
export function armOf(row: ResourceRow, expand?: string, replication?: Json): ArmBody {
  const { extended, ...properties } = asBag(row.properties);
  const view = asBag(asBag(extended).instanceView);
  const body: ArmBody = { name: row.name, id: row.id, type: armType(row) };
  if (row.location) body.location = row.location;
  for (const member of ['tags', 'sku', 'plan', 'identity', 'zones', 'extendedLocation'] as const)
    if (row[member] !== null) body[member] = row[member];
  if (row.managedBy) body.managedBy = row.managedBy;
  if (row.kind) body.kind = row.kind;
  if (row.type.endsWith('/virtualmachinescalesets/virtualmachines')) body.instanceId = row.id.split('/').at(-1);
  body.properties = {
    ...properties,
    ...(expand?.toLowerCase() === 'instanceview' && extended !== undefined && { instanceView: armView(view) }),
    ...(expand?.toLowerCase() === 'replicationstatus' &&
      replication !== undefined && { replicationStatus: replication }),
  };
  return body;
}

function armView({ powerState, ...view }: Bag): Bag {
  return {
    ...view,
    statuses: [
      { code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded' },
      ...(powerState ? [powerState] : []),
    ],
  };
}

/** The type in the case of the id, as ARM shows it; a name with a slash in it must not count as more type. */
function armType(row: ResourceRow): string {
  const inId = typeInId(row.id).split('/').slice(0, row.type.split('/').length).join('/');
  return inId.toLowerCase() === row.type ? inId : row.type;
}

/** The type that an id spells out, empty when it names no provider. */
export function typeInId(id: string): string {
  const [, path = ''] = id.split(/\/providers\/(?!.*\/providers\/)/i);
  const [namespace = '', ...rest] = path.split('/');
  return namespace && [namespace, ...rest.filter((_, index) => index % 2 === 0)].join('/');
}
