import { afterEach, describe, expect, test } from '@jest/globals';
import { generateEstate, sandboxConfig } from '../../sandbox/azure/generate.ts';
import { parseGoldenYml } from '../../src/config/file.ts';
import { policyOf, teamsOf } from '../../src/config/policy.ts';
import { nextStepOf } from '../../src/core/wording.ts';
import { NOW } from '../core/build.ts';
import { openWorld, unlimited, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

describe('one pass over all teams', () => {
  test.each([
    [60, 4],
    [1500, 12],
  ])('finds of %i machines for every team what its status says', async (vms, subscriptions) => {
    const estate = generateEstate({ seed: 1, vms, subscriptions, now: NOW });
    const { yml } = parseGoldenYml(sandboxConfig(estate), 'golden.yml');
    const teams = teamsOf(yml!);
    world = await openWorld(estate, { teams, policy: policyOf(yml!), quota: unlimited });

    const whole = await world.estate.refresh();
    const snapshots = await world.estate.teams(teams.map(({ name }) => name));

    expect(whole).toMatchObject({ requests: 4, unread: [] });
    expect(snapshots).toHaveLength(3);
    for (const [index, team] of teams.entries()) {
      const { total, counts, findings, warnings, attention } = await world.compliance.status(team, { limit: 5000 });
      const snapshot = snapshots[index]!;
      const found = snapshot.cases.flatMap(({ ids, state, kind, type, nextStep }) =>
        ids.map((id) => ({ id, state, kind, type, nextStep })),
      );
      const said = findings.map((finding) => ({
        id: finding.id,
        state: finding.verdict.state,
        kind: finding.kind,
        type: finding.type,
        nextStep: nextStepOf(finding),
      }));
      expect(snapshot).toMatchObject({ team: team.name, total, counts, unread: [] });
      expect(snapshot.warnings).toHaveLength(warnings.length);
      expect(found).toHaveLength(attention);
      expect(found.sort(byId)).toEqual(said.sort(byId));
    }
  });
});

test('forty teams cost as many requests as three, and each finds its machines', async () => {
  const teamCount = 40;
  const estate = generateEstate({ seed: 1, vms: 2000, subscriptions: 10, now: NOW, teams: teamCount });
  const { yml } = parseGoldenYml(sandboxConfig(estate, teamCount), 'golden.yml');
  const teams = teamsOf(yml!);
  world = await openWorld(estate, { teams, policy: policyOf(yml!), quota: unlimited });

  const whole = await world.estate.refresh();
  const snapshots = await world.estate.teams(teams.map(({ name }) => name));

  expect(whole).toMatchObject({ requests: 4, unread: [], overall: { total: 2000 } });
  expect(whole.unowned.total).toBeGreaterThan(0);
  expect(snapshots.filter(({ total }) => total > 10)).toHaveLength(teamCount);
  for (const index of [0, 39]) {
    const { total, counts, attention } = await world.compliance.status(teams[index]!, { limit: 1 });
    expect(snapshots[index]).toMatchObject({ total, counts });
    expect(snapshots[index]!.cases.flatMap(({ ids }) => ids)).toHaveLength(attention);
  }
});

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}
