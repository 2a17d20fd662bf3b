import type { Exemption } from '../core/policy.ts';
import { quote, tuple } from './kql.ts';
import {
  GROUP_COLUMNS,
  lines,
  type MachineSource,
  type MachineTables,
  machineRows,
  machines,
  type Split,
  splitCondition,
} from './machine-queries.ts';
import { type Owners, ownerColumn, type TaggedSubscriptions } from './owners.ts';

/**
 * Queries about the machines of all teams. They start from the same rows as those about one team, and come in two forms.
 *
 * Packed, what they find is put into few long rows: a summarized answer has one page of 1,000 rows, while nobody limits how
 * many groups an estate has. Every row says how many machines stand in it, so that a list that was cut short is noticed.
 * Plain, they are made of what the queries about one team are made of, and as long as the estate is varied.
 */

export type CensusSource = MachineSource<TaggedSubscriptions>;

/** Columns of a group in a packed row, before those of its owner. */
export const GROUP_FIELDS = ['machines', 'kindTag', 'inScaleSet', 'powerState'] as const;

/** Columns of a machine in a packed row, after those of its owner. The id comes last. */
export const MEMBER_FIELDS = [
  'kindTag',
  'inScaleSet',
  'osType',
  'generation',
  'architecture',
  'securityType',
  'id',
] as const;

/**
 * All machines, counted by what their verdict, their owners and their summary depend on. One row for each type and region:
 * `packed` is a list of texts, each a key, a line break and the JSON list of the key's groups.
 *
 * @param only A condition on the machines asked for.
 */
export function censusGroupQuery(
  owners: Owners,
  exemptions: readonly Exemption[],
  source: CensusSource,
  only?: string,
): string {
  return lines(
    owned(owners, exemptions, source, only),
    '| summarize machines = count() by key, machineType, region, kindTag, inScaleSet, powerState, owner',
    `| extend packed = strcat(${fields(['tostring(machines)', ...GROUP_FIELDS.slice(1), 'owner'])})`,
    '| summarize machines = sum(machines), packed = make_list(packed) by key, machineType, region',
    `| extend packed = strcat(key, ${quote('\n')}, tostring(packed))`,
    '| summarize machines = sum(machines), packed = make_list(packed) by machineType, region',
    '| order by machineType asc, region asc',
  );
}

/** The same groups, one row for each; of some of them where a split says so. */
export function plainGroupQuery(
  owners: Owners,
  exemptions: readonly Exemption[],
  source: CensusSource,
  splits: readonly Split[],
): string {
  return lines(
    owned(owners, exemptions, source, undefined),
    ...splits.map(splitCondition),
    `| summarize machines = count() by key, ${GROUP_COLUMNS.join(', ')}, owner`,
    '| order by key asc, kindTag asc, inScaleSet asc, powerState asc, owner asc',
  );
}

/** Machines with these keys, a row for each. */
export function plainMemberQuery(
  owners: Owners,
  exemptions: readonly Exemption[],
  source: CensusSource,
  keys: readonly string[],
): string {
  return lines(
    owned(owners, exemptions, source, undefined),
    `| where key in ${tuple(keys)}`,
    `| project key, owner, kindTag, inScaleSet, id, ${FIT_COLUMNS.join(', ')}`,
    '| order by id asc',
  );
}

/** All machines, for the sake of their number: nothing is joined that could lose or double one. */
export function censusTotalQuery(tables: MachineTables): string {
  return lines(machineRows(tables), '| project id, name', '| order by id asc');
}

/** Machines with these keys, or with all but these. One row for each key, with a list of its machines. */
export function censusMemberQuery(
  owners: Owners,
  exemptions: readonly Exemption[],
  source: CensusSource,
  keys: { readonly names: readonly string[]; readonly exclude: boolean },
  only?: string,
): string {
  return lines(
    owned(owners, exemptions, source, only),
    `| where key ${keys.exclude ? '!in' : 'in'} ${tuple(keys.names)}`,
    `| extend ${FIT_COLUMNS.join(', ')}`,
    `| extend architecture = case(not(size matches regex ${quote(SIZE)}), '', size matches regex ${quote(ARM_SIZE)}, 'Arm64', 'x64')`,
    `| extend packed = strcat(${fields(['owner', ...MEMBER_FIELDS])})`,
    '| summarize machines = count(), packed = make_list(packed) by key',
    '| order by key asc',
  );
}

/** All subscriptions with their tags. */
export function allSubscriptionTagsQuery(): string {
  return lines(
    "resourcecontainers | where type =~ 'microsoft.resources/subscriptions'",
    '| project id, subscriptionId, tags',
    '| order by id asc',
  );
}

const FIT_COLUMNS = [
  'osType = tostring(profile.storageProfile.osDisk.osType)',
  'generation = tostring(properties.extended.instanceView.hyperVGeneration)',
  'size = tolower(tostring(profile.hardwareProfile.vmSize))',
  'securityType = tostring(profile.securityProfile.securityType)',
];

/** As `architectureOfSize` reads a size, in lower case: many sizes come down to three answers. */
const SIZE = '^(?:standard|basic)_[a-z]+[0-9]+(?:-[0-9]+)?[a-z]*(?:_|$)';
const ARM_SIZE = '^[a-z]+_[a-z]+[0-9]+(?:-[0-9]+)?[a-oq-z]*p';

function owned(owners: Owners, exemptions: readonly Exemption[], source: CensusSource, only: string | undefined) {
  return lines(
    machines(source, exemptions, owners.tags.length > 0, only),
    ownerColumn(owners, source.subscriptionTags),
  );
}

/** Columns parted by tabs, which no value that is wanted here can hold. */
function fields(columns: readonly string[]): string {
  return columns.join(`, ${quote('\t')}, `);
}
