import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { ArmError } from '../../sandbox/azure/errors.ts';
import { graphError } from '../../sandbox/azure/errors.ts';
import { generateEstate, sandboxConfig } from '../../sandbox/azure/generate.ts';
import { parseGoldenYml } from '../../src/config/file.ts';
import { policyOf, teamsOf } from '../../src/config/policy.ts';
import type { ImagePolicy } from '../../src/core/policy.ts';
import type { Team } from '../../src/core/team.ts';
import { NOW } from '../core/build.ts';
import type { Alter } from './altered.ts';
import { openWorld, unlimited, type World } from './world.ts';

const open: World[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(open.splice(0).map((world) => world.close()));
});

const estates = {
  'three teams': estateOf({ vms: 200, subscriptions: 4 }),
  'forty teams': estateOf({ vms: 2000, subscriptions: 10, teams: 40 }),
};

function estateOf(size: { vms: number; subscriptions: number; teams?: number }) {
  const estate = generateEstate({ seed: 1, now: NOW, ...size });
  const { yml } = parseGoldenYml(sandboxConfig(estate, size.teams), 'golden.yml');
  return { estate, teams: teamsOf(yml!), policy: policyOf(yml!) };
}

type Parts = { teams: readonly Team[]; policy: ImagePolicy };

async function worldOf({ estate, ...parts }: ReturnType<typeof estateOf>, alter?: Alter): Promise<World> {
  const world = await openWorld(estate, { ...(parts as Parts), quota: unlimited, ...(alter ? { alter } : {}) });
  open.push(world);
  return world;
}

/** Everything a pass finds, without what it cost. */
async function foundBy(world: World, teams: readonly Team[]) {
  const { requests, ...whole } = await world.estate.refresh({ fresh: true });
  return { requests, found: { whole, teams: await world.estate.teams(teams.map(({ name }) => name)) } };
}

/** As Azure refuses an operator or function. */
const { status, body } = asAnswer(
  graphError(400, 'BadRequest', [
    { code: 'InvalidQuery', message: 'Query is invalid.' },
    { code: 'DisallowedFunction', message: "Function 'make_list' is not supported." },
  ]),
);
const refused = { kind: 'answer' as const, status, body };

function asAnswer(error: ArmError) {
  return { status: error.status, body: error.body };
}

const KEPT = 128;

/** `make_list` as old documentation has it: of each list, the first 128. */
const cut: Alter = (row) => ({
  ...row,
  ...(Array.isArray(row.packed) ? { packed: row.packed.slice(0, KEPT).map(cutWithin) } : {}),
});

function cutWithin(text: string): string {
  const [key, list] = text.split('\n');
  return list === undefined ? text : `${key}\n${JSON.stringify((JSON.parse(list) as unknown[]).slice(0, KEPT))}`;
}

const asText: Alter = (row) => ({
  ...row,
  ...('machines' in row ? { machines: String(row.machines) } : {}),
  ...(Array.isArray(row.packed) ? { packed: JSON.stringify([null, ...(row.packed as unknown[])]) } : {}),
});

const scrambled: Alter = (row) => ('packed' in row ? { ...row, packed: { of: row.packed } } : row);

describe.each(Object.entries(estates))('for %s, a pass finds the same', (_, parts) => {
  test.each<[string, { alter?: Alter; refuses?: string; atMost: number }]>([
    ['where lists come as text, with nulls in them, and numbers as text', { alter: asText, atMost: 4 }],
    ['where lists are cut at 128', { alter: cut, atMost: 60 }],
    ['where lists come in a form that nobody knows', { alter: scrambled, atMost: 70 }],
    ['where lists are refused', { refuses: 'make_list', atMost: 30 }],
    ['where only lists of lists are refused', { refuses: 'tostring(packed)', atMost: 20 }],
    ['where only lists of machines are refused', { refuses: 'packed = make_list(packed) by key\n| order', atMost: 20 }],
  ])('%s', async (_name, { alter, refuses, atMost }) => {
    const usualWay = await foundBy(await worldOf(parts), parts.teams);
    const world = await worldOf(parts, alter);
    if (refuses) world.azure.faults.plant({ query: refuses, action: refused });

    const { found, requests } = await foundBy(world, parts.teams);

    expect(found).toEqual(usualWay.found);
    expect(found.whole.unread).toEqual([]);
    expect(requests).toBe(world.queries().length);
    expect(requests).toBeLessThanOrEqual(atMost);
  });
});
