import type { Exemption } from '../core/policy.ts';
import type { Team, TeamMatch } from '../core/team.ts';
import { anyOf, jsonText, matchesGlobCondition, quote, tagValue, tuple } from './kql.ts';

/**
 * Every query about machines. All of them start from the same rows (`machines`), so that groups, rows and totals are
 * about the same machines and can be held against each other.
 *
 * Written with what Resource Graph documents: no `let`, at most three joins and unions together, no `limit` where pages
 * follow, scalars cast before they are compared, grouped or joined on.
 */

/** Where machines are found. `computeresources` holds the instances of uniform scale sets and is missing in some clouds. */
export type MachineTables = 'resources' | 'computeresources' | 'both';

/**
 * What a question is made from. Tags of subscriptions are joined, or, where the service takes no second join, the
 * subscriptions that carry a wanted tag are named: by tag name.
 */
export interface MachineSource<Tagged = ReadonlyMap<string, readonly string[]>> {
  readonly tables: MachineTables;
  readonly subscriptionTags: 'joined' | Tagged;
}

const VIRTUAL_MACHINES = 'microsoft.compute/virtualmachines';
const SCALE_SETS = 'microsoft.compute/virtualmachinescalesets';
const INSTANCES = 'microsoft.compute/virtualmachinescalesets/virtualmachines';

/** Columns that a machine's verdict depends on; together they are its `key`. */
export const VERDICT_COLUMNS = [
  'machineType',
  'imageId',
  'sharedImageId',
  'communityImageId',
  'publisher',
  'offer',
  'sku',
  'version',
  'exactVersion',
  'region',
  'platform',
  'exempt',
] as const;

/** Columns of a group beside its key: what a summary shows. */
const SUMMARY_COLUMNS = ['kindTag', 'inScaleSet', 'powerState'] as const;

/** Columns by which a grouped answer that is too long may be split; any two groups differ in one of them. */
export const GROUP_COLUMNS = [...VERDICT_COLUMNS, ...SUMMARY_COLUMNS] as const;
export type GroupColumn = (typeof GROUP_COLUMNS)[number];

/** Restricts a grouped query to some values of a column, or to all others. */
export interface Split {
  readonly column: GroupColumn | 'owner';
  readonly values: readonly string[];
  readonly exclude: boolean;
}

/** A team's machines, counted by what their verdict and their summary depend on. */
export function groupQuery(
  match: TeamMatch,
  exemptions: readonly Exemption[],
  source: MachineSource,
  splits: readonly Split[] = [],
): string {
  return lines(
    machines(source, exemptions, Object.keys(match.tags).length > 0),
    `| where ${teamCondition(match, source)}`,
    ...splits.map(splitCondition),
    `| summarize machines = count() by key, ${GROUP_COLUMNS.join(', ')}`,
    '| order by key asc, kindTag asc, inScaleSet asc, powerState asc',
  );
}

export function splitCondition({ column, values, exclude }: Split): string {
  return `| where ${column} ${exclude ? '!in' : 'in'} ${tuple(values)}`;
}

/**
 * A team's machines as rows, those of `ranked` first: the most urgent list of keys, then the next, then all others; within
 * a rank pets before cattle, then by name, as reports order them. The answer's `totalRecords` counts all of the team's
 * machines and so proves the groups.
 */
export function rowQuery(
  { match, kind }: Pick<Team, 'match' | 'kind'>,
  exemptions: readonly Exemption[],
  source: MachineSource,
  ranked: readonly (readonly string[])[],
): string {
  const ranks = ranked.flatMap((keys, rank) => (keys.length === 0 ? [] : [`key in ${tuple(keys)}, ${rank}`]));
  return lines(
    machines(source, exemptions, Object.keys(match.tags).length > 0),
    `| where ${teamCondition(match, source)}`,
    `| extend precious = case(kindTag == 'pet', 0, kindTag == 'cattle' or inScaleSet == 'yes', 1, ${kind === 'pet' ? 0 : 1})`,
    `| extend rank = ${ranks.length === 0 ? ranked.length : `case(${[...ranks, ranked.length].join(', ')})`}`,
    `| project ${ROW_COLUMNS}, rank, precious`,
    '| order by rank asc, precious asc, name asc, id asc',
  );
}

/** Machines of a name or resource id, with the tags their owner is decided on. */
export function namedQuery(nameOrId: string, exemptions: readonly Exemption[], source: MachineSource): string {
  return lines(
    machines(source, exemptions, true, `name =~ ${quote(nameOrId)} or id =~ ${quote(nameOrId)}`),
    `| project ${ROW_COLUMNS}, tags, resourceGroupTags, subscriptionTags`,
    '| order by id asc',
  );
}

/** Subscriptions whose own tags one of these could match, with their tags. */
export function subscriptionTagQuery(match: TeamMatch): string {
  const wanted = Object.entries(match.tags).map(
    ([name, value]) => `${tagValue('tagText', name)} == ${quote(jsonText(value))}`,
  );
  return lines(
    "resourcecontainers | where type =~ 'microsoft.resources/subscriptions'",
    '| extend tagText = tolower(tostring(tags))',
    `| where ${anyOf(wanted)}`,
    '| project id, subscriptionId, tags',
    '| order by id asc',
  );
}

const ROW_COLUMNS = [
  'key',
  'id',
  'name',
  'machineType',
  'subscriptionId',
  'resourceGroup',
  'region',
  'reference',
  'platform',
  'exempt',
  'kindTag',
  'powerState',
  'managedBy = tostring(managedBy)',
  'scaleSetId = tostring(properties.virtualMachineScaleSet.id)',
  'osType = tostring(profile.storageProfile.osDisk.osType)',
  'generation = tostring(properties.extended.instanceView.hyperVGeneration)',
  'vmSize = tostring(profile.hardwareProfile.vmSize)',
  'securityType = tostring(profile.securityProfile.securityType)',
  'createdAt = tostring(properties.timeCreated)',
].join(', ');

/**
 * The rows all queries start from: one for each VM, uniform instance and scale set, with its image reference taken apart,
 * the tags of its resource group and subscription beside it, and the key its verdict depends on.
 */
export function machines(
  { tables, subscriptionTags }: MachineSource<unknown>,
  exemptions: readonly Exemption[],
  withSubscription: boolean,
  only?: string,
): string {
  return lines(
    machineRows(tables, only),
    `| extend machineType = case(type =~ ${quote(SCALE_SETS)}, 'scaleSet', type =~ ${quote(INSTANCES)}, 'scaleSetInstance', 'virtualMachine')`,
    "| extend profile = iff(machineType == 'scaleSet', properties.virtualMachineProfile, properties)",
    '| extend reference = profile.storageProfile.imageReference',
    ...imageColumns(),
    '| extend region = tolower(location), tagText = tolower(tostring(tags)), powerState = tolower(tostring(properties.extended.instanceView.powerState.code))',
    `| extend kindText = ${tagValue('tagText', 'golden-kind')}`,
    "| extend kindTag = iff(kindText in ('pet', 'cattle'), kindText, ''), inScaleSet = iff(machineType == 'virtualMachine' and isempty(tostring(properties.virtualMachineScaleSet.id)), 'no', 'yes')",
    `| extend exempt = ${exemptColumn(exemptions)}`,
    "| extend groupKey = tolower(strcat(subscriptionId, '/', resourceGroup)), subscriptionKey = tolower(subscriptionId)",
    "| join kind=leftouter (resourcecontainers | where type =~ 'microsoft.resources/subscriptions/resourcegroups' | project groupKey = tolower(strcat(subscriptionId, '/', name)), resourceGroupTags = tags, groupTagText = tolower(tostring(tags)), groupManagedBy = tolower(tostring(managedBy))) on groupKey",
    ...(withSubscription && subscriptionTags === 'joined'
      ? [
          "| join kind=leftouter (resourcecontainers | where type =~ 'microsoft.resources/subscriptions' | project subscriptionKey = tolower(subscriptionId), subscriptionTags = tags, subscriptionTagText = tolower(tostring(tags))) on subscriptionKey",
        ]
      : ['| extend subscriptionTags = dynamic(null)']),
    `| extend platform = ${PLATFORM}`,
    `| extend key = strcat(${VERDICT_COLUMNS.join(", '|', ")})`,
  );
}

/** The resources that count as machines, as Azure keeps them. */
export function machineRows(tables: MachineTables, only?: string): string {
  const filter = only === undefined ? '' : ` and (${only})`;
  const instances = `computeresources | where type =~ ${quote(INSTANCES)}${filter}`;
  if (tables === 'computeresources') return instances;
  return lines(
    `resources | where type in~ ${tuple([VIRTUAL_MACHINES, SCALE_SETS])}${filter}`,
    ...(tables === 'both' ? [`| union (${instances})`] : []),
  );
}

/** Lower-case for grouping and comparison; rows carry the reference itself for display. */
function imageColumns(): readonly string[] {
  const column = (name: string, field: string) => `${name} = tolower(tostring(reference.${field}))`;
  return [
    `| extend ${[
      column('imageId', 'id'),
      column('sharedImageId', 'sharedGalleryImageId'),
      column('communityImageId', 'communityGalleryImageId'),
      column('publisher', 'publisher'),
      column('offer', 'offer'),
      column('sku', 'sku'),
      column('version', 'version'),
      column('exactVersion', 'exactVersion'),
    ].join(', ')}`,
  ];
}

/**
 * Whose the machine is when it is not a team's: AKS and Databricks keep theirs in a resource group that they manage and
 * tag them (AKS names it `MC_<group>_<cluster>_<region>` unless told otherwise); whatever else has `managedBy` set belongs
 * to the service named there.
 */
const PLATFORM = `case(${[
  "groupManagedBy contains '/microsoft.containerservice/' or managedBy contains '/microsoft.containerservice/' or tagText contains '\"aks-managed-' or (resourceGroup startswith 'mc_' and resourceGroup endswith strcat('_', region) and array_length(split(resourceGroup, '_')) >= 4), 'aks'",
  "groupManagedBy contains '/microsoft.databricks/' or managedBy contains '/microsoft.databricks/' or tagText contains '\"databricks-environment\"' or tagText contains '\"vendor\":\"databricks\"' or resourceGroup startswith 'databricks-rg-', 'databricks'",
  "isnotempty(managedBy), 'managedBy'",
  "''",
].join(', ')})`;

/** The position of the exemption a machine falls under, or ''. */
function exemptColumn(exemptions: readonly Exemption[]): string {
  if (exemptions.length === 0) return "''";
  const cases = exemptions.map(({ machine }, index) => `${matchesGlobCondition('id', machine)}, '${index}'`);
  return `case(${cases.join(', ')}, '')`;
}

function teamCondition(match: TeamMatch, { subscriptionTags }: MachineSource): string {
  return anyOf([
    ...(match.subscriptions.length > 0 ? [`subscriptionId in~ ${tuple(match.subscriptions)}`] : []),
    ...match.resourceGroups.map((glob) => matchesGlobCondition('resourceGroup', glob)),
    ...Object.entries(match.tags).map(([name, value]) => {
      const ids = subscriptionTags === 'joined' ? undefined : (subscriptionTags.get(name) ?? []);
      return `${effectiveTag(name, value, ids)} == ${quote(jsonText(value))}`;
    }),
  ]);
}

/**
 * A tag where it is set first: on the machine, else its resource group, else its subscription.
 *
 * @param ids The subscriptions that carry the wanted value, where they are named instead of joined.
 */
function effectiveTag(name: string, wanted: string, ids: readonly string[] | undefined): string {
  const own = tagValue('tagText', name);
  const group = tagValue('groupTagText', name);
  const named = ids && ids.length > 0 ? `iff(subscriptionKey in ${tuple(ids)}, ${quote(jsonText(wanted))}, '')` : "''";
  const subscription = ids === undefined ? tagValue('subscriptionTagText', name) : named;
  return `case(isnotempty(${own}), ${own}, isnotempty(${group}), ${group}, ${subscription})`;
}

/** Puts the lines of a query together. */
export function lines(...parts: readonly string[]): string {
  return parts.join('\n');
}
