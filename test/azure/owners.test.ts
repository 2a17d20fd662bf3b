import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Estate } from '../../sandbox/azure/estate.ts';
import { architectureOfSize } from '../../src/core/machine.ts';
import { type Ownership, type Tags, type Team, teamsOf } from '../../src/core/team.ts';
import { SUBSCRIPTION, teamOf } from '../core/build.ts';
import {
  definition,
  gallery,
  MARKETPLACE,
  OTHER_SUBSCRIPTION,
  openWorld,
  resourceGroup,
  subscription,
  unlimited,
  vm,
} from './world.ts';

const SUBSCRIPTIONS = [SUBSCRIPTION, OTHER_SUBSCRIPTION];
const RESOURCE_GROUPS = ['rg-a', 'RG-B', 'mc_c', 'a.b', 'prod'];

/** Few values in many spellings, so that they meet. */
const value = fc.constantFrom('a', 'A', ' b ', 'B', 'ü"\\', "it's", '', ' ', 'a\tb', 'none');
const tagName = fc.constantFrom('team', 'TEAM', ' Team ', 'cost centre', 'x"y');
const tags: fc.Arbitrary<Tags> = fc.option(
  fc
    .uniqueArray(fc.tuple(tagName, value), { maxLength: 3, selector: ([name]) => name.trim().toLowerCase() })
    .map((pairs) => Object.fromEntries(pairs)),
);
const wanted = value.filter((text) => text.trim() !== '');
const match = fc.record({
  tags: fc
    .uniqueArray(fc.tuple(tagName, wanted), { maxLength: 2, selector: ([name]) => name.trim().toLowerCase() })
    .map((pairs): Record<string, string> => Object.fromEntries(pairs)),
  subscriptions: fc.subarray([...SUBSCRIPTIONS, SUBSCRIPTION.toUpperCase()], { maxLength: 1 }),
  resourceGroups: fc.subarray(['rg-*', 'RG-A', '*b', 'prod', 'Prod ', 'a.b', '...rod', 'mc_c*', '*'], { maxLength: 2 }),
});
const teams = fc
  .array(match, { maxLength: 6 })
  .map((matches): readonly Team[] => matches.map((each, index) => teamOf({ name: `t${index}`, match: each })));
const machines = fc.array(fc.record({ of: fc.nat(1), group: fc.nat(4), tags }), { minLength: 1, maxLength: 25 });

describe('the owners that Azure finds', () => {
  test('are those of the core, whether subscriptions are joined or named', async () => {
    await fc.assert(
      fc.asyncProperty(
        teams,
        machines,
        fc.array(tags, { minLength: 10, maxLength: 10 }),
        fc.array(tags, { minLength: 2, maxLength: 2 }),
        fc.boolean(),
        async (owners, rows, groupTags, subscriptionTags, isJoined) => {
          const estate = new Estate('tenant');
          for (const [of, id] of SUBSCRIPTIONS.entries()) {
            estate.add(subscription(id, subscriptionTags[of]));
            for (const [group, name] of RESOURCE_GROUPS.entries()) {
              estate.add(resourceGroup(name, { tags: groupTags[of * 5 + group] }, id));
            }
          }
          const expected = new Map<string, number>();
          for (const [index, row] of rows.entries()) {
            const [of, group] = [SUBSCRIPTIONS[row.of]!, RESOURCE_GROUPS[row.group]!];
            estate.add(vm(`vm${index}`, MARKETPLACE, { of, group, tags: row.tags }));
            const ownership: Ownership = {
              subscriptionId: of,
              resourceGroup: group,
              tags: [row.tags, groupTags[row.of * 5 + row.group], subscriptionTags[row.of]],
            };
            add(
              expected,
              teamsOf(ownership, owners).map(({ name }) => name),
              1,
            );
          }
          const world = await openWorld(estate, { teams: owners, quota: unlimited });
          if (!isJoined) world.azure.faults.plant({ query: 'subscriptionTagText', action: refusing });
          const { groups, total, unread } = await world.census.groups([]);
          await world.close();

          const found = new Map<string, number>();
          for (const each of groups) add(found, each.teams, each.group.count);
          expect(found).toEqual(expected);
          expect({ total, unread }).toEqual({ total: rows.length, unread: [] });
        },
      ),
      { numRuns: 15 },
    );
  }, 120_000);
});

test('Azure reads the architecture of a size as the core does', async () => {
  const sizes = [
    ...[
      'Standard_D2s_v5',
      'Standard_D4ps_v5',
      'standard_d4PLDS_v6',
      'Basic_A1',
      'Standard_E96-24ads_v5',
      'Standard_B2pts_v2',
    ],
    ...[
      'Standard_NP10s',
      'Standard_D2p',
      'Standard_E4-2pds_v5',
      'Standard_M8-2ms',
      'Standard_D4_p5',
      'D2ps_v5',
      '',
      'x',
      'Standard_',
      'Standard_D2!p',
    ],
  ];
  const world = await openWorld(
    [
      subscription(),
      gallery(),
      ...definition('ubuntu-22', { '1.0.0': 1 }),
      ...sizes.map((vmSize, index) =>
        vm(String(index), MARKETPLACE, {
          properties: { hardwareProfile: { vmSize }, storageProfile: { imageReference: MARKETPLACE } },
        }),
      ),
    ],
    { quota: unlimited },
  );
  const { groups } = await world.census.groups([]);
  const keys = groups.map(({ group }) => ({ key: group.key, count: group.count, rank: 0 }));
  const { members } = await world.census.members([], keys, []);
  await world.close();
  const found = members.flatMap(({ ids, fit }) =>
    ids.map((id) => [id.slice(id.lastIndexOf('/') + 1), fit.architecture]),
  );
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(sizes.map((size, index) => [String(index), architectureOfSize(size)])),
  );
});

const refusing = {
  kind: 'answer' as const,
  status: 400,
  body: { error: { code: 'BadRequest', details: [{ code: 'DisallowedMaxNumberOfRemoteTables', message: 'no' }] } },
};

function add(counts: Map<string, number>, names: readonly string[], count: number): void {
  const key = names.join(' ');
  counts.set(key, (counts.get(key) ?? 0) + count);
}
