import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isOwnedBy } from '../../src/core/team.ts';
import { GALLERY, policyOf, SUBSCRIPTION, teamOf } from '../core/build.ts';
import {
  definition,
  gallery,
  MARKETPLACE,
  OTHER_SUBSCRIPTION,
  openGraph,
  openWorld,
  resourceGroup,
  subscription,
  ubuntu,
  usual,
  vm,
  type World,
} from './world.ts';

let world: World;
afterEach(() => world.close());

const status = (limit = 1000) => world.compliance.status(teamOf(), { limit });
const UNIFORM = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-x/providers/Microsoft.Compute/virtualMachineScaleSets/batch`;

describe('a team’s status', () => {
  test('costs three requests with a cold catalogue, one query for groups, two with a warm one', async () => {
    world = await openWorld([...usual(), vm('a', ubuntu('1.0.0')), vm('b', ubuntu('1.1.0')), vm('c', MARKETPLACE)]);

    const cold = await status();
    const warm = await world.compliance.status(teamOf(), { limit: 5 });

    expect(cold).toMatchObject({
      total: 3,
      counts: { current: 1, outdated: 1, nonGolden: 1 },
      requests: 3,
      unread: [],
    });
    expect(warm.requests).toBe(2);
    expect(world.queries().filter((query) => query.includes('summarize'))).toHaveLength(2);
  });

  test('names the worst first, with target, kind, region and power state', async () => {
    world = await openWorld([
      ...usual(),
      vm('old', ubuntu('1.0.0')),
      vm('gone', ubuntu('0.1.0'), { tags: { TEAM: 'Team-X', 'Golden-Kind ': ' Pet' } }),
    ]);

    const { findings } = await status();

    expect(findings.map(({ name, verdict }) => [name, verdict.state])).toEqual([
      ['gone', 'endOfLife'],
      ['old', 'outdated'],
    ]);
    expect(findings[0]).toMatchObject({
      kind: 'pet',
      region: 'westeurope',
      powerState: 'running',
      target: { kind: 'version' },
    });
  });

  test('of a team without machines is empty, not wrong', async () => {
    world = await openWorld(usual());
    expect(await status()).toMatchObject({ total: 0, share: undefined, findings: [], unread: [] });
  });

  test('counts the instances of uniform sets, members of flexible ones, and looks at the sets’ models', async () => {
    const instance = (number: number, image: object) => ({
      id: `${UNIFORM}/virtualMachines/${number}`,
      name: `batch_${number}`,
      type: 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines',
      location: 'westeurope',
      tags: { team: 'team-x' },
      properties: { storageProfile: { imageReference: image, osDisk: { osType: 'Linux' } } },
    });
    world = await openWorld([
      ...usual(),
      {
        ...vm('x', undefined),
        id: UNIFORM,
        name: 'batch',
        type: 'Microsoft.Compute/virtualMachineScaleSets',
        properties: { virtualMachineProfile: { storageProfile: { imageReference: ubuntu('0.9.0') } } },
      },
      instance(0, ubuntu('1.1.0')),
      instance(1, ubuntu('1.0.0')),
      vm('member', ubuntu('1.1.0'), {
        properties: {
          storageProfile: { imageReference: ubuntu('1.0.0') },
          virtualMachineScaleSet: { id: '/sets/flex' },
        },
      }),
    ]);

    const report = await status();

    expect(report).toMatchObject({ total: 3, counts: { current: 1, outdated: 2 }, attention: 3 });
    expect(report.findings.map(({ name, type, kind, verdict }) => [name, type, kind, verdict.state])).toEqual([
      ['batch', 'scaleSet', 'cattle', 'endOfLife'],
      ['batch_1', 'scaleSetInstance', 'cattle', 'outdated'],
      ['member', 'virtualMachine', 'cattle', 'outdated'],
    ]);
    expect(report.findings[1]?.scaleSetId).toBe(UNIFORM);
    expect(report.findings[2]?.scaleSetId).toBe('/sets/flex');
  });

  test('leaves platforms to their owners: managedBy, AKS and Databricks', async () => {
    world = await openWorld([
      ...usual(),
      resourceGroup('mc-aks', { managedBy: '/subscriptions/x/providers/Microsoft.ContainerService/managedClusters/k' }),
      resourceGroup('dbr', { managedBy: '/subscriptions/x/providers/Microsoft.Databricks/workspaces/w' }),
      vm('aks-1', MARKETPLACE, { group: 'MC-AKS' }),
      vm('aks-2', MARKETPLACE, { tags: { team: 'team-x', 'aks-managed-poolName': 'p' } }),
      vm('aks-3', MARKETPLACE, { group: 'MC_shop_cluster_westeurope' }),
      vm('dbr-1', MARKETPLACE, { group: 'dbr' }),
      vm('owned', MARKETPLACE, { managedBy: '/subscriptions/x/y' }),
      vm('mine', MARKETPLACE, { group: 'mc_notes' }),
    ]);
    expect(await status()).toMatchObject({ counts: { platformManaged: 5, nonGolden: 1 }, share: 0 });
  });

  test('honours exemptions by glob, and says which', async () => {
    const exemptions = [
      { machine: '/none', reason: 'no', until: undefined },
      { machine: '*/virtualMachines/LEGACY-*', reason: 'vendor', until: undefined },
    ];
    world = await openWorld([...usual(), vm('legacy-1', MARKETPLACE), vm('new', MARKETPLACE)], {
      policy: policyOf({ exemptions }),
    });
    const report = await status();
    const list = await world.compliance.list(teamOf(), { states: ['exempt'], page: 1, pageSize: 10 });
    expect(report).toMatchObject({ counts: { exempt: 1, nonGolden: 1 } });
    expect(list.findings[0]?.verdict).toMatchObject({ state: 'exempt', exemption: { reason: 'vendor' } });
  });
});

describe('whose a machine is', () => {
  test('is told by its tag, else its group’s, else its subscription’s', async () => {
    world = await openWorld([
      ...usual(),
      subscription(OTHER_SUBSCRIPTION, { ' Team': 'TEAM-X ' }),
      resourceGroup('rg-tagged', { tags: { TEAM: ' team-X' } }),
      vm('by-group', MARKETPLACE, { tags: null, group: 'RG-Tagged' }),
      vm('by-subscription', MARKETPLACE, { tags: {}, of: OTHER_SUBSCRIPTION }),
      vm('not-ours', MARKETPLACE, { tags: { Team: 'other' }, group: 'rg-tagged' }),
      vm('blank', MARKETPLACE, { tags: { team: ' ' }, group: 'rg-tagged' }),
      vm('spoof', MARKETPLACE, { tags: { note: '{"team":"team-x"}', 'x,"team': 'team-x' } }),
    ]);
    const { findings } = await status();
    expect(findings.map(({ name }) => name)).toEqual(['blank', 'by-group', 'by-subscription']);
  });

  test('is the same in KQL as in our own words, for any tags', async () => {
    const odd = fc.oneof(
      fc.constantFrom('"', '\\', '{"team":"team-x"}', '","team":"team-x', 'ü', "'", ''),
      fc.string({ maxLength: 6 }),
    );
    const name = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('team', 'Team ', ' TEAM') }, odd);
    const value = fc.oneof({ weight: 2, arbitrary: fc.constantFrom('team-x', ' Team-X', 'other', ' ') }, odd);
    const tags = fc.oneof(fc.constant(null), fc.dictionary(name, value, { maxKeys: 3 }));
    const estates = fc.sample(fc.tuple(tags, tags, tags), { numRuns: 150, seed: 7 });
    const resources = estates.flatMap(([own, group, subscriptionTags], index) => {
      const of = `33333333-3333-4333-8333-${String(index).padStart(12, '0')}`;
      return [
        subscription(of, subscriptionTags),
        resourceGroup('rg', { tags: group }, of),
        vm(`m${index}`, MARKETPLACE, { of, group: 'rg', tags: own }),
      ];
    });
    world = await openWorld([...usual(), ...resources]);

    const { findings } = await status();

    const { match } = teamOf();
    const expected = estates.flatMap((levels, index) =>
      isOwnedBy({ subscriptionId: '', resourceGroup: 'rg', tags: levels }, match) ? [`m${index}`] : [],
    );
    expect(expected.length).toBeGreaterThan(10);
    expect(findings.map(({ name }) => name).toSorted()).toEqual(expected.toSorted());
  });

  test('may be told by subscription and by resource group', async () => {
    const team = teamOf({
      match: { tags: {}, subscriptions: [OTHER_SUBSCRIPTION.toUpperCase()], resourceGroups: ['RG-special-*', "it's"] },
    });
    world = await openWorld(
      [
        ...usual(),
        subscription(OTHER_SUBSCRIPTION),
        vm('a', MARKETPLACE, { of: OTHER_SUBSCRIPTION }),
        vm('b', MARKETPLACE, { group: 'rg-SPECIAL-1' }),
        vm('c', MARKETPLACE, { group: "it's" }),
        vm('d', MARKETPLACE),
      ],
      { teams: [team] },
    );
    const report = await world.compliance.status(team, { limit: 10 });
    expect(report.findings.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });
});

describe('long answers', () => {
  test('2,000 groups are read in parts and counted whole', async () => {
    const images = Array.from({ length: 2000 }, (_, index) =>
      vm(`m${index}`, { ...MARKETPLACE, sku: `sku-${index}`, exactVersion: `1.${index % 7}.0` }),
    );
    world = await openWorld([...usual(), ...images]);

    const report = await status(50);

    expect(report).toMatchObject({ total: 2000, counts: { nonGolden: 2000 }, unread: [], attention: 2000 });
    expect(report.findings).toHaveLength(50);
    expect(report.requests).toBeLessThanOrEqual(12);
  });

  test('pages of rows follow the token, and windows of a list reach beyond the first thousand', async () => {
    const machines = Array.from({ length: 2300 }, (_, index) => vm(`m${String(index).padStart(4, '0')}`, MARKETPLACE));
    world = await openWorld([...usual(), ...machines]);

    const whole = await world.compliance.status(teamOf(), { limit: 2300 });
    const last = await world.compliance.list(teamOf(), { page: 92, pageSize: 25 });
    const middle = await world.compliance.list(teamOf(), { page: 41, pageSize: 25 });

    expect(new Set(whole.findings.map(({ id }) => id)).size).toBe(2300);
    expect(last).toMatchObject({ page: 92, pages: 92, matching: 2300 });
    expect(last.findings.map(({ name }) => name)).toEqual(Array.from({ length: 25 }, (_, index) => `m${2275 + index}`));
    expect(middle.findings[0]?.name).toBe('m1000');
  });

  test('a window of several pages goes on where the token says, each row once', async () => {
    const machines = Array.from({ length: 1300 }, (_, index) => vm(`m${index}`, MARKETPLACE));
    world = await openWorld([...usual(), ...machines]);
    const graph = openGraph(world.azure.url);

    const query = "resources | where type =~ 'microsoft.compute/virtualmachines' | project id | order by id asc";
    const { rows } = await graph.ask(query, { scope: { kind: 'everything' }, skip: 20, top: 1200 });

    expect(rows).toHaveLength(1200);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(1200);
  });

  test('every machine is on one page of a list, though many images are equally urgent', async () => {
    const many = Array.from({ length: 2400 }, (_, index) =>
      vm(`m${String(index).padStart(4, '0')}`, { ...MARKETPLACE, sku: `sku-${index % 3}` }),
    );
    world = await openWorld([...usual(), ...many]);
    const names: string[] = [];
    for (let page = 1; page <= 24; page += 1) {
      const { findings } = await world.compliance.list(teamOf(), { page, pageSize: 100 });
      names.push(...findings.map(({ name }) => name));
    }
    expect(names).toEqual(many.map(({ name }) => name));
    for (const limit of [1, 999, 1300]) {
      expect((await status(limit)).findings.map(({ name }) => name)).toEqual(names.slice(0, limit));
    }
  });

  test('fewer findings are the first of more: by state, lag, pets, name', async () => {
    const many = Array.from({ length: 40 }, (_, index) =>
      vm(`m${(index * 7) % 40}`, index % 3 ? MARKETPLACE : ubuntu(index % 2 ? '1.0.0' : '0.1.0'), {
        tags: { team: 'team-x', 'golden-kind': index % 5 ? 'cattle' : 'pet' },
        group: `rg-${index}`,
      }),
    );
    world = await openWorld([...usual(), ...many]);
    const names = async (limit: number) => (await status(limit)).findings.map(({ id }) => id);
    const whole = await names(100);
    for (const limit of [1, 2, 7, 20, 39]) expect(await names(limit)).toEqual(whole.slice(0, limit));
  });

  test('the worst come first whatever the page holds', async () => {
    const outdated = Array.from({ length: 1200 }, (_, index) => vm(`a${index}`, ubuntu('1.0.0')));
    world = await openWorld([...usual(), ...outdated, vm('zz-gone', ubuntu('0.1.0'))]);
    const { findings } = await status(3);
    expect(findings[0]?.name).toBe('zz-gone');
    expect(findings).toHaveLength(3);
  });
});

describe('why', () => {
  test('asked by many at once is one question', async () => {
    world = await openWorld([...usual(), vm('Web-01', ubuntu('1.0.0'))]);
    const all = await Promise.all(Array.from({ length: 40 }, () => world.compliance.why('web-01')));
    expect(all.every(({ reports }) => reports.length === 1)).toBe(true);
    expect(world.queries().filter((query) => query.includes('name =~'))).toHaveLength(1);
  });

  test('finds a machine by name or id, with its owner and the target', async () => {
    world = await openWorld([...usual(), vm('Web-01', ubuntu('1.0.0'))]);
    const byName = await world.compliance.why('web-01');
    const byId = await world.compliance.why(byName.reports[0]!.machine.id.toUpperCase());
    for (const answer of [byName, byId]) {
      expect(answer.reports).toHaveLength(1);
      expect(answer.reports[0]).toMatchObject({
        finding: { name: 'Web-01', verdict: { state: 'outdated' } },
        teams: [{ name: 'team-x' }],
      });
    }
  });

  test('finds all machines of a name, and none of a name that is a query', async () => {
    world = await openWorld([
      ...usual(),
      vm('twin', MARKETPLACE),
      vm('twin', MARKETPLACE, { group: 'rg-2', tags: null }),
    ]);
    expect((await world.compliance.why('twin')).reports.map(({ teams }) => teams.length)).toEqual([0, 1]);
    expect((await world.compliance.why("x' or 'a' == 'a")).reports).toEqual([]);
  });
});

test('several golden galleries are read in one request', async () => {
  const second = GALLERY.replace('/corp', '/lab');
  world = await openWorld(
    [
      ...usual(),
      gallery(second),
      ...definition('debian', { '1.0.0': 90, '2.0.0': 40 }, second),
      vm('a', { id: `${second}/images/debian/versions/1.0.0` }),
    ],
    {
      policy: policyOf({ golden: [GALLERY, second].map((id) => ({ ...policyOf().golden[0]!, gallery: id }) as never) }),
    },
  );
  expect(await status()).toMatchObject({ counts: { outdated: 1 }, requests: 3 });
});
