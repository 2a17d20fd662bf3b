import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { armOf } from '../../../sandbox/azure/arm.ts';
import { corpImage, generateEstate, sandboxConfig, subscriptionId } from '../../../sandbox/azure/generate.ts';
import { answer, estate, estateOf, NOW, SUBSCRIPTION } from './support.ts';

const WEB = `/subscriptions/${SUBSCRIPTION}/resourceGroups/RG-Web/providers/Microsoft.Compute`;

test('given a body as ARM returns it, when it is added, then its row has the case and the empties of Resource Graph', async () => {
  const found = estateOf({
    name: 'Web-01',
    location: 'West Europe',
    properties: {
      vmId: 'v',
      instanceView: {
        hyperVGeneration: 'V2',
        statuses: [
          { code: 'ProvisioningState/succeeded' },
          { code: 'PowerState/running', level: 'Info', displayStatus: 'VM running' },
        ],
      },
    },
  });

  expect(await answer('resources', found)).toEqual([
    {
      id: `${WEB}/virtualMachines/Web-01`,
      name: 'Web-01',
      type: 'microsoft.compute/virtualmachines',
      tenantId: found.tenantId,
      kind: '',
      location: 'westeurope',
      resourceGroup: 'rg-web',
      subscriptionId: SUBSCRIPTION,
      managedBy: '',
      sku: null,
      plan: null,
      properties: {
        vmId: 'v',
        extended: {
          instanceView: {
            hyperVGeneration: 'V2',
            powerState: { code: 'PowerState/running', level: 'Info', displayStatus: 'VM running' },
          },
        },
      },
      tags: null,
      identity: null,
      zones: null,
      extendedLocation: null,
    },
  ]);
});

test.each([
  ['a hostile name', { name: '<https://evil.example|x>' }],
  ['a body that leaves the type out', { name: 'x', type: undefined }],
])('given %s, when the machine is read back, then ARM calls it a virtual machine', (_, machine) => {
  const row = estateOf(machine).get(`${WEB}/virtualMachines/${machine.name}`);

  expect(row && armOf(row)).toMatchObject({ name: machine.name, type: 'Microsoft.Compute/virtualMachines' });
});

test('given an instance of a uniform set, when it is added, then it is in computeresources and not in resources', async () => {
  const found = estateOf();
  found.add({
    value: [
      {
        id: `${WEB}/virtualMachineScaleSets/s/virtualMachines/3`,
        name: 's_3',
        type: 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines',
        instanceId: '3',
        properties: {},
      },
    ],
  });

  expect(await answer('computeresources | project name', found)).toEqual([{ name: 's_3' }]);
  expect(await answer('resources | count', found)).toEqual([{ Count: 0 }]);
});

test('given a plain machine of a fleet, when it is changed and removed, then queries see it', async () => {
  const fleet = generateEstate({ seed: 7, vms: 300, subscriptions: 8, now: NOW });
  const id = `/subscriptions/${subscriptionId(4)}/resourceGroups/rg-web/providers/Microsoft.Compute/virtualMachines/pay-web-0000`;
  const tagsOf = () =>
    [
      ...fleet.list('resources', 'microsoft.compute/virtualmachines', {
        subscriptions: new Set([subscriptionId(4)]),
        tenantScope: false,
        hiddenPrefixes: [],
      }),
    ]
      .filter((row) => row.id === id)
      .map((row) => row.tags);

  fleet.update(id.toUpperCase(), (row) => {
    row.tags = { changed: 'yes' };
  });
  const changed = tagsOf();
  fleet.remove(id);

  expect(changed).toEqual([{ changed: 'yes' }]);
  expect(tagsOf()).toEqual([]);
});

test('given the same seed, when an estate is generated twice, then both are alike', () => {
  const everything = { subscriptions: new Set([5, 6, 7].map(subscriptionId)), tenantScope: true, hiddenPrefixes: [] };
  const machines = () => [
    ...generateEstate({ seed: 3, vms: 400, subscriptions: 9, now: NOW }).list(
      'resources',
      'microsoft.compute/virtualmachines',
      everything,
    ),
  ];

  expect(machines()).toEqual(machines());
  expect(machines().length).toBeGreaterThan(100);
});

test('given a number of machines, when an estate is generated, then machines and instances add up to it', async () => {
  const subscriptions = new Set(Array.from({ length: 12 }, (_, index) => subscriptionId(index)));
  const sees = { subscriptions, tenantScope: true, hiddenPrefixes: [] };
  const generated = estate(1000, 12);

  const machines = [...generated.list('resources', 'microsoft.compute/virtualmachines', sees)].length;
  const instances = [
    ...generated.list('computeresources', 'microsoft.compute/virtualmachinescalesets/virtualmachines', sees),
  ].length;

  expect(machines + instances).toBe(1000);
});

test('given a generated estate, when its golden.yml is read, then gallery and revoked version exist', () => {
  const generated = estate();
  const config = parse(sandboxConfig(generated)) as {
    images: { golden: { gallery?: string }[]; revoked: { version: string }[] };
    teams: object;
  };

  expect(generated.get(config.images.golden[0]?.gallery ?? '')).toBeDefined();
  expect(generated.get(config.images.revoked[0]?.version ?? '')?.id).toBe(corpImage('win2022', '3.0.0'));
  expect(Object.keys(config.teams)).toEqual(['payments', 'checkout', 'data-platform']);
});
