import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { ArmBody } from '../../sandbox/azure/arm.ts';
import { Estate } from '../../sandbox/azure/estate.ts';
import { openSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { testWhere } from '../support/skip.ts';
import { ask, CHANNEL, textOf } from './chat.ts';

const RECORDINGS = new URL('../../../shared/azure/recordings/', import.meta.url);
const present = existsSync(RECORDINGS);
const testRecorded = testWhere(present, '../shared/azure is absent');

/** Every resource body of a folder of recordings; lists are taken apart. */
function bodiesOf(folder: string): ArmBody[] {
  return readdirSync(new URL(folder, RECORDINGS)).flatMap((file) => {
    const { response } = JSON.parse(readFileSync(new URL(`${folder}/${file}`, RECORDINGS), 'utf8')) as {
      response: { body: ArmBody & { value?: ArmBody[] } };
    };
    const bodies = response.body?.value ?? [response.body];
    return bodies.filter((body) => typeof body?.id === 'string' && typeof body.type === 'string');
  });
}

describe('bodies that Azure really sent', () => {
  let sandbox: Sandbox;
  let machines: Set<string>;

  beforeAll(async () => {
    if (!present) return;
    const estate = new Estate('tenant');
    const all = [
      'virtual-machines',
      'virtual-machine-lists',
      'scale-sets',
      'scale-set-instances',
      'images',
      'galleries',
    ].flatMap(bodiesOf);
    for (const body of all) estate.add(body);
    const isMachine = /microsoft\.compute\/(virtualmachines|virtualmachinescalesets\/virtualmachines)$/i;
    machines = new Set(
      all.filter(({ type }) => isMachine.test(String(type))).map(({ id }) => String(id).toLowerCase()),
    );
    const subscriptions = [...new Set(all.map(({ id }) => String(id).split('/')[2]!.toLowerCase()))];
    for (const id of subscriptions)
      estate.add({
        id: `/subscriptions/${id}`,
        name: id,
        type: 'Microsoft.Resources/subscriptions',
        subscriptionId: id,
      });
    const galleries = [
      ...new Set(all.filter(({ type }) => /compute\/galleries$/i.test(String(type))).map(({ id }) => String(id))),
    ];
    sandbox = await openSandbox({
      azure: { estate },
      processes: ['bot'],
      redis: { alwaysPrivate: true },
      config: [
        'images:',
        '  golden:',
        ...galleries.map((id) => `    - gallery: ${id}`),
        'teams:',
        `  recorded: { match: { resourceGroups: ["*"] }, channel: ${CHANNEL} }`,
        '',
      ].join('\n'),
    });
  }, 60_000);
  afterAll(() => sandbox?.close());

  testRecorded('are all counted in a Slack answer', async () => {
    expect(machines.size).toBeGreaterThan(30);
    const answer = await ask(sandbox, 'status recorded', new RegExp(`Of ${machines.size}:`));
    expect(textOf(answer)).toMatch(/non-golden/);
  });

  testRecorded('can each be asked why', async () => {
    const names = [...machines].slice(0, 12).map((id) => id.split('/').at(-1)!);
    for (const id of [...machines].slice(0, 12)) {
      const answer = await ask(sandbox, `why ${id}`, /Rule:|Next step/);
      expect(names.some((name) => textOf(answer).toLowerCase().includes(name))).toBe(true);
    }
  });
});
