import { afterEach, describe, expect, test } from '@jest/globals';
import type { Census } from '../../src/ports.ts';
import { SUBSCRIPTION, teamOf } from '../core/build.ts';
import {
  MARKETPLACE,
  openWorld,
  resourceGroup,
  subscription,
  ubuntu,
  unlimited,
  usual,
  vm,
  type World,
} from './world.ts';

let world: World;
afterEach(() => world.close());

const UNIFORM = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-x/providers/Microsoft.Compute/virtualMachineScaleSets/batch`;
const instance = {
  ...vm('x', ubuntu('1.0.0')),
  id: `${UNIFORM}/virtualMachines/0`,
  name: 'batch_0',
  type: 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines',
};

const fleet = (size: number) =>
  Array.from({ length: size }, (_, index) => vm(`m${index}`, index % 2 ? ubuntu('1.0.0') : MARKETPLACE));

const GROUPS = 'by machineType, region';
const members = 'packed = make_list(packed) by key\n| order';

/** What Azure says where an answer would be larger than it sends. */
const tooLarge = {
  kind: 'answer' as const,
  status: 400,
  body: {
    error: {
      code: 'BadRequest',
      details: [{ code: 'ResponsePayloadTooLarge', message: 'Response payload size is too large' }],
    },
  },
};

const answering = (body: object) => ({
  kind: 'answer' as const,
  status: 200,
  body: { count: 0, facets: [], resultTruncated: 'false', ...body },
});

async function openFleet(size = 60, rest: Parameters<typeof openWorld>[1] = {}): Promise<void> {
  world = await openWorld([...usual(), ...fleet(size), instance], { quota: unlimited, ...rest });
}

async function expectAll(size = 61): Promise<void> {
  const whole = await world.estate.refresh();
  const team = await world.estate.team('team-x');
  expect(whole).toMatchObject({ total: size, overall: { total: size }, unowned: { total: 0 }, unread: [] });
  expect(team).toMatchObject({ total: size, unread: [] });
  expect(new Set(team!.cases.flatMap(({ ids }) => ids)).size).toBe(size);
}

describe('the pass finds every machine', () => {
  test('where answers are too large for Azure', async () => {
    await openFleet();
    world.azure.faults.plant({ query: GROUPS, times: 1, action: tooLarge });
    world.azure.faults.plant({ query: members, times: 2, action: tooLarge });
    await expectAll();
  });

  test('where answers are cut without a word', async () => {
    await openFleet();
    world.azure.faults.plant({ query: GROUPS, times: 1, action: { kind: 'truncate', rows: 0, claim: 'false' } });
    world.azure.faults.plant({ query: members, times: 1, action: { kind: 'truncate', rows: 1, claim: 'false' } });
    await expectAll();
  });

  test('in every way that the service may demand', async () => {
    const tagged = [subscription(SUBSCRIPTION, { Team: ' TEAM-x' }), resourceGroup()];
    const machines = fleet(4).map((machine) => ({ ...machine, tags: null }));
    for (const refused of ['union', 'subscriptionTagText']) {
      world = await openWorld([...usual(), ...tagged, ...machines, { ...instance, tags: {} }], { quota: unlimited });
      world.azure.faults.plant({ query: refused, action: { ...tooLarge, body: refusal } });
      if (refused === 'subscriptionTagText')
        world.azure.faults.plant({ query: 'union', action: { ...tooLarge, body: refusal } });
      await expectAll(5);
      if (refused === 'union') await world.close();
    }
  });

  test('over more subscriptions than one request may name', async () => {
    const ids = Array.from(
      { length: 1500 },
      (_, index) => `33333333-3333-4333-8333-${String(index).padStart(12, '0')}`,
    );
    await openFleet(60, { scope: { kind: 'subscriptions', ids: [...ids, SUBSCRIPTION] }, azure: {} });
    const whole = await world.estate.refresh();
    expect(whole).toMatchObject({ total: 61, overall: { total: 61 } });
  });

  test('with fewer keys to leave out than to name', async () => {
    const current = [vm('c', ubuntu('1.1.0'))];
    const many = Array.from({ length: 30 }, (_, index) => vm(`n${index}`, { ...MARKETPLACE, sku: `sku-${index}` }));
    world = await openWorld([...usual(), ...current, ...many], { quota: unlimited });
    await world.estate.refresh();
    expect(world.queries().filter((query) => query.includes('| where key !in'))).toHaveLength(1);
    expect((await world.estate.team('team-x'))?.cases).toHaveLength(30);
  });

  test('with more keys than one query may name', async () => {
    const many = Array.from({ length: 1000 }, (_, index) => vm(`n${index}`, { ...MARKETPLACE, sku: `sku-${index}` }));
    world = await openWorld([...usual(), ...many], { quota: unlimited });
    const { requests } = await world.estate.refresh();
    const team = await world.estate.team('team-x');
    expect(team?.cases.flatMap(({ ids }) => ids)).toHaveLength(1000);
    expect(requests).toBeLessThanOrEqual(6);
  });
});

const refusal = {
  error: { code: 'BadRequest', details: [{ code: 'DisallowedMaxNumberOfRemoteTables', message: 'no' }] },
};

describe('what is missing is said and never clean', () => {
  test('machines that Azure counts and never lists', async () => {
    await openFleet();
    world.azure.faults.plant({ query: 'project id, name', action: answering({ totalRecords: 65, data: [] }) });
    const whole = await world.estate.refresh();
    expect(whole.overall).toMatchObject({ total: 65, counts: { unknown: 4 } });
    expect(whole.unread).toMatchObject([{ scope: '4 machines' }]);
    expect((await world.estate.team('team-x'))?.unread).toEqual(whole.unread);
  });

  test('findings that Azure counts and never names', async () => {
    await openFleet();
    world.azure.faults.plant({ query: members, action: answering({ totalRecords: 0, data: [] }) });
    await world.estate.refresh();
    expect((await world.estate.team('team-x'))?.unread).toMatchObject([{ scope: '61 findings' }]);
  });

  test('instances of uniform scale sets where their table is missing', async () => {
    await openFleet(4, { azure: { tables: ['resources', 'resourcecontainers'] } });
    const { unread } = await world.estate.refresh();
    expect(unread).toMatchObject([{ scope: 'instances of uniform scale sets', hides: 'instances' }]);
  });

  test('a subscription that one team names outside the configured ones, to that team alone', async () => {
    const outside = '22222222-2222-4222-8222-222222222222';
    const other = teamOf({ name: 'other', match: { tags: {}, subscriptions: [outside], resourceGroups: [] } });
    await openFleet(4, { teams: [teamOf(), other], scope: { kind: 'subscriptions', ids: [SUBSCRIPTION] } });
    await world.estate.refresh();
    const [mine, theirs] = await world.estate.teams(['team-x', 'other']);
    const named = { scope: `subscription ${outside}`, reason: expect.stringContaining('azure.subscriptions') };
    expect(mine?.unread).not.toMatchObject([named]);
    expect(theirs?.unread).toContainEqual(expect.objectContaining(named));
  });
});

describe('machines that come and go meanwhile are no fault', () => {
  test('a machine that is gone when the total is counted', async () => {
    await openFleet();
    world.azure.faults.plant({
      query: GROUPS,
      times: 1,
      action: { kind: 'change', remove: [fleet(1)[0]!.id as string] },
    });
    const { unread, requests } = await world.estate.refresh();
    expect(unread).toEqual([]);
    expect(requests).toBeGreaterThan(4);
  });

  test('a machine that is new when the total is counted', async () => {
    await openFleet();
    world.azure.faults.plant({ query: GROUPS, times: 1, action: { kind: 'change', add: [vm('new', MARKETPLACE)] } });
    await expectAll(62);
  });

  test('a machine that was rebuilt before the findings are named', async () => {
    await openFleet();
    const rebuilt = vm('m0', ubuntu('1.1.0'));
    world.azure.faults.plant({ query: 'project id, name', times: 1, action: { kind: 'change', add: [rebuilt] } });
    await world.estate.refresh();
    const team = await world.estate.team('team-x');
    expect(team?.unread).toMatchObject([{ scope: '1 finding' }]);
    expect(team?.cases.flatMap(({ ids }) => ids)).not.toContain(rebuilt.id);
  });
});

test('a key that cannot be taken apart again is unknown and has its owner', async () => {
  world = await openWorld([...usual(), vm('odd', { ...MARKETPLACE, sku: 'a|b' })]);
  const census: Census = world.census;
  const { groups } = await census.groups([]);
  expect(groups).toMatchObject([{ teams: ['team-x'], group: { count: 1, image: { kind: 'none' } } }]);
});
