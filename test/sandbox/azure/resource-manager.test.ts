import { ComputeManagementClient } from '@azure/arm-compute';
import { expect, test } from '@jest/globals';
import { corpImage, galleryIds, subscriptionIds } from '../../../sandbox/azure/generate.ts';
import { get, withAzure } from './support.ts';

const machine = (name: string) =>
  `/subscriptions/${subscriptionIds.payments}/resourceGroups/rg-payments-web/providers/Microsoft.Compute/virtualMachines/${name}`;

test('given a machine, when it is read in whatever case, then ARM answers in the case of its author', () =>
  withAzure({}, async (azure) => {
    const { status, body } = await get(
      azure,
      machine('pay-web-01').toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions'),
    );

    expect(status).toBe(200);
    expect(body).toMatchObject({ id: machine('pay-web-01'), type: 'Microsoft.Compute/virtualMachines', zones: ['1'] });
    expect(body.properties).not.toHaveProperty('extended');
    expect(body.properties).not.toHaveProperty('instanceView');
  }));

test('given $expand=instanceView, when a machine is read, then its power state is among the statuses', () =>
  withAzure({}, async (azure) => {
    const { body } = await get(azure, `${machine('pay-web-01')}?$expand=instanceView`);

    expect(body).toMatchObject({ properties: { instanceView: { statuses: [{}, { code: 'PowerState/running' }] } } });
  }));

test('given a version that still replicates, when it is read with its status, then the last region lags', () =>
  withAzure({}, async (azure) => {
    const { body } = await get(azure, `${corpImage('ubuntu-24', '2.3.0')}?$expand=ReplicationStatus`);

    expect(body).toMatchObject({
      type: 'Microsoft.Compute/galleries/images/versions',
      properties: {
        provisioningState: 'Creating',
        replicationStatus: { aggregatedState: 'InProgress', summary: [{}, {}, { progress: 40 }] },
      },
    });
  }));

test.each([
  ['a machine that is gone', machine('nobody'), 404, 'ResourceNotFound'],
  ['a subscription nobody has', '/subscriptions/00000000-0000-0000-0000-000000000000', 404, 'SubscriptionNotFound'],
  [
    'a resource group that is gone',
    `/subscriptions/${subscriptionIds.payments}/resourceGroups/nope`,
    404,
    'ResourceGroupNotFound',
  ],
  ['a hidden gallery', galleryIds.corp, 403, 'AuthorizationFailed'],
  ['a version of a hidden gallery', corpImage('ubuntu-22', '1.8.0'), 403, 'AuthorizationFailed'],
])('given %s, when it is read, then ARM says so', (_, id, status, code) =>
  withAzure({ tokens: { sandbox: { unreadableGalleries: [galleryIds.corp] } } }, async (azure) => {
    const found = await get(azure, id);

    expect(found).toMatchObject({ status, body: { error: { code } } });
  }),
);

test('given the Compute SDK, when it lists the machines of a subscription, then it follows nextLink to the last', () =>
  withAzure({}, async (azure) => {
    const many = azure.estate;
    for (let index = 0; index < 120; index++)
      many.add({
        id: machine(`extra-${index}`),
        name: `extra-${index}`,
        type: 'Microsoft.Compute/virtualMachines',
        location: 'westeurope',
        properties: {},
      });
    const credential = {
      getToken: () => Promise.resolve({ token: 'sandbox', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
    };
    const client = new ComputeManagementClient(credential, subscriptionIds.payments, {
      endpoint: azure.url,
      allowInsecureConnection: true,
    });
    client.pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' });
    client.pipeline.addPolicy({
      name: 'token',
      sendRequest: (request, next) => {
        request.headers.set('authorization', 'Bearer sandbox');
        return next(request);
      },
    });

    const names: (string | undefined)[] = [];
    for await (const each of client.virtualMachines.listAll()) names.push(each.name);

    expect(names.filter((name) => name?.startsWith('extra-'))).toHaveLength(120);
    expect(names).toContain('pay-web-01');
  }));

test('given a management group, when it is read, then its display name comes along', () =>
  withAzure({}, async (azure) => {
    const { body } = await get(azure, '/providers/Microsoft.Management/managementGroups/platform');

    expect(body).toMatchObject({ name: 'platform', properties: { displayName: 'Platform' } });
  }));

test('given no api-version, when a resource is read, then ARM asks for one', () =>
  withAzure({}, async (azure) => {
    const response = await fetch(`${azure.url}/subscriptions`, { headers: { authorization: 'Bearer sandbox' } });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'MissingApiVersionParameter' } });
  }));
