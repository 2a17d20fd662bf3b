import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { graphError } from '../../sandbox/azure/errors.ts';
import { generateEstate, sandboxConfig } from '../../sandbox/azure/generate.ts';
import { parseGoldenYml } from '../../src/config/file.ts';
import { policyOf, teamsOf } from '../../src/config/policy.ts';
import type { Team } from '../../src/core/team.ts';
import { NOW } from '../core/build.ts';
import type { Alter } from './altered.ts';
import { openWorld, ubuntu, unlimited, usual, vm, type World } from './world.ts';

const open: World[] = [];
const closeAll = () => Promise.all(open.splice(0).map((world) => world.close()));
afterEach(closeAll);
afterAll(closeAll);

function estateOf(size: { vms: number; subscriptions: number; teams?: number }) {
  const estate = generateEstate({ seed: 1, now: NOW, ...size });
  const { yml } = parseGoldenYml(sandboxConfig(estate, size.teams), 'golden.yml');
  return { estate, teams: teamsOf(yml!), policy: policyOf(yml!) };
}

async function worldOf({ estate, ...rest }: ReturnType<typeof estateOf> & { alter?: Alter }): Promise<World> {
  const world = await openWorld(estate, { ...rest, quota: unlimited });
  open.push(world);
  return world;
}

/** Everything a pass finds, and what it cost. */
async function pass(world: World, teams: readonly Team[]) {
  const { requests, ...whole } = await world.estate.refresh({ fresh: true });
  return { requests, found: { whole, teams: await world.estate.teams(teams.map(({ name }) => name)) } };
}

/** As Azure refuses what it does not know. */
const { status, body } = graphError(400, 'BadRequest', [
  { code: 'InvalidQuery', message: 'Query is invalid.' },
  { code: 'DisallowedFunction', message: 'A function of this query is not supported.' },
]);
const refused = { kind: 'answer' as const, status, body };

const LISTS = 'make_list';
const LISTS_OF_LISTS = 'tostring(packed)';
const LISTS_OF_MACHINES = 'packed = make_list(packed) by key\n| order';

/** `make_list` that keeps the first elements alone: 128 in old documentation. */
const cutAt =
  (most: number): Alter =>
  (row) => {
    const within = (text: string): string => {
      const [key, list] = text.split('\n');
      return list === undefined ? text : `${key}\n${JSON.stringify((JSON.parse(list) as unknown[]).slice(0, most))}`;
    };
    return Array.isArray(row.packed) ? { ...row, packed: row.packed.slice(0, most).map(within) } : { ...row };
  };

const asText: Alter = (row) => ({
  ...row,
  ...('machines' in row ? { machines: String(row.machines) } : {}),
  ...(Array.isArray(row.packed) ? { packed: JSON.stringify([null, ...(row.packed as unknown[])]) } : {}),
});

const unknownForm: Alter = (row) => ('packed' in row ? { ...row, packed: { of: row.packed } } : { ...row });

describe.each([
  ['three teams', { vms: 600, subscriptions: 4 }],
  ['forty teams', { vms: 2000, subscriptions: 10, teams: 40 }],
] as const)('a pass over %s finds the same as the usual way', (_, size) => {
  const parts = estateOf(size);
  let expected: Awaited<ReturnType<typeof pass>>['found'];
  beforeAll(async () => {
    expected = (await pass(await worldOf(parts), parts.teams)).found;
    await closeAll();
  });

  test.each<[string, { alter?: Alter; refuses?: string; atMost: number }]>([
    ['lists come as text, with nulls in them, and numbers as text', { alter: asText, atMost: 4 }],
    ['lists are cut at 128', { alter: cutAt(128), atMost: 10 }],
    ['lists come in a form that nobody knows', { alter: unknownForm, atMost: 12 }],
    ['lists are refused', { refuses: LISTS, atMost: 20 }],
    ['lists of lists alone are refused', { refuses: LISTS_OF_LISTS, atMost: 16 }],
    ['lists of machines alone are refused', { refuses: LISTS_OF_MACHINES, atMost: 12 }],
  ])('where %s', async (_name, { refuses, atMost, ...alter }) => {
    const world = await worldOf({ ...parts, ...alter });
    if (refuses) world.azure.faults.plant({ query: refuses, action: refused });
    const { found, requests } = await pass(world, parts.teams);
    expect(found).toEqual(expected);
    expect(requests).toBe(world.queries().length);
    expect(requests).toBeLessThanOrEqual(atMost);
  });
});

describe('where lists are cut', () => {
  test.each([
    ['at a third, portions suffice', 40, false],
    ['so short that portions cannot suffice, all is read plainly', 3, true],
  ])('%s', async (_, most, isPlain) => {
    const parts = estateOf({ vms: 3000, subscriptions: 4 });
    const { found: expected } = await pass(await worldOf(parts), parts.teams);
    const world = await worldOf({ ...parts, alter: cutAt(most) });
    const { found, requests } = await pass(world, parts.teams);
    expect(found).toEqual(expected);
    expect(requests).toBe(world.queries().length);
    expect(world.queries().some((query) => query.includes('project key, owner'))).toBe(isPlain);
  });
});

describe('where lists are refused', () => {
  test('the next pass does not try in vain', async () => {
    const parts = estateOf({ vms: 60, subscriptions: 4 });
    const world = await worldOf(parts);
    world.azure.faults.plant({ query: LISTS, action: refused });
    await pass(world, parts.teams);
    const before = world.queries().length;
    const { requests } = await pass(world, parts.teams);
    expect(world.queries().slice(before)).not.toContainEqual(expect.stringContaining(LISTS));
    expect(requests).toBe(4);
  });

  test.each([
    ['in every way that the tables may demand', 'union'],
    ['without subscriptions joined', 'subscriptionTagText'],
  ])('all machines are found %s', async (_, alsoRefused) => {
    const parts = estateOf({ vms: 60, subscriptions: 4 });
    const { found: expected } = await pass(await worldOf(parts), parts.teams);
    const world = await worldOf(parts);
    for (const query of [LISTS, 'union', alsoRefused]) world.azure.faults.plant({ query, action: refused });
    const { found, requests } = await pass(world, parts.teams);
    expect(found).toEqual(expected);
    expect(requests).toBe(world.queries().length);
  });

  test('a page without a token is no end', async () => {
    const world = await openWorld([...usual(), ...fleet(9)], { quota: unlimited });
    open.push(world);
    world.azure.faults.plant({ query: LISTS, action: refused });
    world.azure.faults.plant({
      query: 'project key, owner',
      times: 2,
      action: { kind: 'truncate', rows: 4, claim: 'false' },
    });
    await world.estate.refresh();
    const team = await world.estate.team('team-x');
    expect(new Set(team?.cases.flatMap(({ ids }) => ids)).size).toBe(9);
    expect(team?.unread).toEqual([]);
  });

  test('groups that are counted and never listed are unknown', async () => {
    const world = await openWorld([...usual(), ...fleet(9)], { quota: unlimited });
    open.push(world);
    world.azure.faults.plant({ query: LISTS, action: refused });
    world.azure.faults.plant({ query: 'summarize', action: { kind: 'truncate', rows: 0, claim: 'false' } });
    const whole = await world.estate.refresh();
    expect(whole.overall).toMatchObject({ total: 9, counts: { unknown: 9, current: 0 } });
    expect(whole.unread).toMatchObject([{ scope: '9 machines' }]);
  });

  test('so is a number of machines that nobody can read', async () => {
    const alter: Alter = (row) => ('machines' in row ? { ...row, machines: 'nine' } : { ...row });
    const world = await openWorld([...usual(), ...fleet(9)], { quota: unlimited, alter });
    open.push(world);
    const whole = await world.estate.refresh();
    expect(whole.overall).toMatchObject({ total: 9, counts: { unknown: 9 } });
  });
});

function fleet(size: number) {
  return Array.from({ length: size }, (_, index) => vm(`m${index}`, ubuntu('1.0.0')));
}
