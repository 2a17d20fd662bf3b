import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { ArmBody } from '../../sandbox/azure/arm.ts';
import { STATES } from '../../src/core/classification.ts';
import { teamOf } from '../core/build.ts';
import { testWhere } from '../support/skip.ts';
import { openWorld, subscription } from './world.ts';

const EXAMPLES = new URL('../../../shared/azure/examples/compute/', import.meta.url);
const FOLDERS = ['virtualMachines', 'virtualMachineScaleSets', 'images', 'galleries'];
const MACHINE = /microsoft\.compute\/(virtualmachines|virtualmachinescalesets\/virtualmachines)$/i;

/** Every resource that the specifications' own examples answer with, once for each body: names are placeholders. */
function specified(): ArmBody[] {
  const bodies = FOLDERS.flatMap((folder) =>
    readdirSync(new URL(folder, EXAMPLES)).flatMap((file) => {
      const { responses } = JSON.parse(readFileSync(new URL(`${folder}/${file}`, EXAMPLES), 'utf8')) as {
        responses: Record<string, { body?: ArmBody & { value?: unknown } }>;
      };
      return Object.values(responses).flatMap(
        ({ body }) => (Array.isArray(body?.value) ? body.value : [body]) as ArmBody[],
      );
    }),
  );
  return bodies
    .filter(
      (body) => typeof body?.id === 'string' && /^\/subscriptions\//i.test(body.id) && typeof body.type === 'string',
    )
    .map((body, index) => (MACHINE.test(String(body.type)) ? { ...body, id: `${body.id}-${index}` } : body));
}

testWhere(existsSync(EXAMPLES), '../shared/azure is absent')(
  'machines in every shape of the specifications are each in exactly one state',
  async () => {
    const bodies = specified();
    const machines = bodies.filter(({ type }) => MACHINE.test(String(type)));
    const subscriptions = new Set(bodies.map(({ id }) => String(id).split('/')[2]!.toLowerCase()));
    const team = teamOf({ match: { tags: {}, subscriptions: [], resourceGroups: ['*'] } });
    const world = await openWorld([...[...subscriptions].map((id) => subscription(id)), ...bodies], { teams: [team] });

    const report = await world.compliance.status(team, { limit: 1000 });
    await world.close();

    expect(machines.length).toBeGreaterThan(20);
    expect(report.total).toBe(machines.length);
    expect(STATES.reduce((sum, state) => sum + report.counts[state], 0)).toBe(machines.length);
    expect(report.findings.filter(({ type }) => type !== 'scaleSet')).toHaveLength(machines.length);
  },
);
