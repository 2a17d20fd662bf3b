import { expect, test } from '@jest/globals';
import { subscriptionIds } from '../../../sandbox/azure/generate.ts';
import { estate, graphClient, NOW, withAzure } from './support.ts';

const VMS = "resources | where type =~ 'microsoft.compute/virtualmachines'";
const asObjects = { resultFormat: 'objectArray' } as const;

/** Follows tokens to the end; answers the size of every page and all names. */
async function readAllPages(client: ReturnType<typeof graphClient>, query: string, top: number) {
  const pages: number[] = [];
  const names: string[] = [];
  let skipToken: string | undefined;
  do {
    const page = await client.resources({
      query,
      options: { top, ...asObjects, ...(skipToken !== undefined && { skipToken }) },
    });
    const rows = page.data as { name: string }[];
    pages.push(rows.length);
    names.push(...rows.map((row) => row.name));
    skipToken = page.skipToken;
  } while (skipToken);
  return { pages, names };
}

test('given more rows than fit a page, when the tokens are followed, then every row comes once', () =>
  withAzure({}, async (azure) => {
    const { pages, names } = await readAllPages(graphClient(azure), `${VMS} | project id, name | order by id asc`, 20);

    expect(pages).toEqual([20, 20, 13]);
    expect(new Set(names).size).toBe(53);
  }));

test('given a token, when it is used with another query, then the service refuses it', () =>
  withAzure({}, async (azure) => {
    const client = graphClient(azure);
    const { skipToken } = await client.resources({ query: `${VMS} | project id`, options: { top: 5, ...asObjects } });

    const misused = client.resources({
      query: `${VMS} | project id, name`,
      options: { skipToken: skipToken ?? '', ...asObjects },
    });

    expect(skipToken).toBeDefined();
    await expect(misused).rejects.toMatchObject({ statusCode: 400, code: 'BadRequest' });
  }));

test.each([
  ['a limit', `${VMS} | project id | limit 30`, 30],
  ['only dynamic columns', `${VMS} | project tags`, 53],
  ['groups', 'resources | summarize count() by id', 87],
])('given %s, when there is more than a page, then rows are cut without a token', (_, query, totalRecords) =>
  withAzure({}, async (azure) => {
    const page = await graphClient(azure).resources({ query, options: { top: 10, ...asObjects } });

    expect(page).toMatchObject({ totalRecords, count: 10, resultTruncated: 'true' });
    expect(page.skipToken).toBeUndefined();
  }),
);

test('given an answer of more bytes than the service sends, then it says how many there are', () =>
  withAzure({ mostBytes: 1000 }, async (azure) => {
    const asked = graphClient(azure).resources({ query: `${VMS} | project id`, options: asObjects });

    const message = expect.stringMatching(/size is \d{4,}, and has exceeded the limit of 1000\./);
    await expect(asked).rejects.toMatchObject({
      details: { error: { details: [{ code: 'ResponsePayloadTooLarge', message }] } },
    });
  }));

test('given no result format, when a query is answered, then it comes as a table', () =>
  withAzure({}, async (azure) => {
    const query = `${VMS} | where name == 'pay-web-01' | project name, n = 1, on = true, at = todatetime(properties.timeCreated), zones`;
    const { data } = await graphClient(azure).resources({ query });

    expect(data).toEqual({
      columns: [
        { name: 'name', type: 'string' },
        { name: 'n', type: 'integer' },
        { name: 'on', type: 'boolean' },
        { name: 'at', type: 'datetime' },
        { name: 'zones', type: 'object' },
      ],
      rows: [['pay-web-01', 1, true, '2026-10-27T12:00:00.0001234Z', ['1']]],
    });
  }));

test('given a query with an error, when it is sent, then the useful code is inside the details', () =>
  withAzure({}, async (azure) => {
    const sent = graphClient(azure).resources({ query: 'resources\n| where nope == 1' });

    await expect(sent).rejects.toMatchObject({
      statusCode: 400,
      code: 'BadRequest',
      details: {
        error: {
          details: [
            { code: 'InvalidQuery' },
            { code: 'Default', additionalProperties: { line: 2, characterPositionInLine: 8, token: 'nope' } },
          ],
        },
      },
    });
  }));

test.each([
  ['a subscription', { subscriptions: [subscriptionIds.checkout] }, 12],
  ['an unreadable one among others', { subscriptions: [subscriptionIds.payments, subscriptionIds.checkout] }, 12],
  ['a management group', { managementGroups: ['platform'] }, 27],
  ['nothing', {}, 27],
])(
  'given a reader without payments, when the scope is %s, then what it may not see is missing in silence',
  (_, scope, atLeast) =>
    withAzure({ tokens: { reader: { unreadableSubscriptions: [subscriptionIds.payments] } } }, async (azure) => {
      const { data } = await graphClient(azure, 'reader').resources({
        query: `${VMS} | distinct subscriptionId`,
        ...scope,
        options: asObjects,
      });
      const { totalRecords } = await graphClient(azure, 'reader').resources({
        query: VMS,
        ...scope,
        options: asObjects,
      });

      expect(data).not.toContainEqual({ subscriptionId: subscriptionIds.payments });
      expect(totalRecords).toBeGreaterThanOrEqual(atLeast);
    }),
);

test.each([
  ['both scopes at once', { subscriptions: [subscriptionIds.data], managementGroups: ['platform'] }, 'InvalidScope'],
  ['no readable subscription', { subscriptions: [subscriptionIds.payments] }, 'NoValidSubscriptionsInQueryRequest'],
  ['an unknown management group', { managementGroups: ['nowhere'] }, 'NoValidSubscriptionsInQueryRequest'],
  ['something that is no guid', { subscriptions: ['payments'] }, 'SubscriptionsContainInvalidGuids'],
  [
    'too many subscriptions',
    { subscriptions: Array.from({ length: 1001 }, () => subscriptionIds.data) },
    'SubscriptionsLimitExceeded',
  ],
])('given %s, when a query is sent, then it is refused', (_, scope, code) =>
  withAzure({ tokens: { reader: { unreadableSubscriptions: [subscriptionIds.payments] } } }, async (azure) => {
    const sent = graphClient(azure, 'reader').resources({ query: VMS, ...scope });

    await expect(sent).rejects.toMatchObject({ statusCode: 400, details: { error: { details: [{ code }] } } });
  }),
);

test('given an unreadable gallery, when versions are read, then there are only those of the other gallery', () => {
  const corp = `/subscriptions/${subscriptionIds.images}/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/CORP`;
  return withAzure({ tokens: { reader: { unreadableGalleries: [corp] } } }, async (azure) => {
    const query = "resources | where type =~ 'microsoft.compute/galleries/images/versions' | project name";
    const { data } = await graphClient(azure, 'reader').resources({ query, options: asObjects });

    expect(data).toEqual([{ name: '0.0.1' }]);
  });
});

test('given a quota of two, when a third query comes, then it is throttled until the window ends', () => {
  let now = NOW.getTime();
  return withAzure({ quota: { queries: 2, windowMs: 5000, retryAfter: false }, now: () => now }, async (azure) => {
    const left: (string | undefined)[] = [];
    const onResponse = (raw: { headers: { get(name: string): string | undefined } }) =>
      left.push(raw.headers.get('x-ms-user-quota-remaining'));
    const ask = () => graphClient(azure).resources({ query: 'resources | count' }, { onResponse });
    await ask();
    await ask();
    await expect(ask()).rejects.toMatchObject({ statusCode: 429, code: 'RateLimiting' });
    now += 5000;
    await ask();

    expect(left).toEqual(['1', '0', '0', '1']);
  });
});

test('given Retry-After on throttling, when the SDK is throttled, then it asks again by itself', () => {
  let isThrottled = () => false;
  const now = () => NOW.getTime() + (isThrottled() ? 1000 : 0);
  return withAzure({ quota: { queries: 1, windowMs: 1000 }, now }, async (azure) => {
    isThrottled = () => azure.requests.some((request) => request.status === 429);
    const client = graphClient(azure, 'sandbox', 1);

    await client.resources({ query: 'resources | count' });
    await client.resources({ query: 'resources | count' });

    expect(azure.requests.map((request) => request.status)).toEqual([200, 429, 200]);
  });
});

test('given a missing and an unknown token, when a query is sent, then it is refused with 401', () =>
  withAzure({}, async (azure) => {
    const missing = graphClient(azure, '').resources({ query: VMS });
    const unknown = graphClient(azure, 'stolen').resources({ query: VMS });

    await expect(missing).rejects.toMatchObject({ statusCode: 401, code: 'AuthenticationFailed' });
    await expect(unknown).rejects.toMatchObject({ statusCode: 401, code: 'InvalidAuthenticationToken' });
  }));

test('given text/plain, when a query is posted, then the service fails as it is known to', () =>
  withAzure({}, async (azure) => {
    const response = await fetch(`${azure.url}/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01`, {
      method: 'POST',
      headers: { authorization: 'Bearer sandbox', 'content-type': 'text/plain' },
      body: JSON.stringify({ query: VMS }),
    });

    expect(response.status).toBe(500);
  }));

test('given a cloud without computeresources rows, when they are asked for, then the table does not exist', () =>
  withAzure({ tables: ['resources', 'resourcecontainers'] }, async (azure) => {
    const sent = graphClient(azure).resources({ query: 'computeresources | count' });

    await expect(sent).rejects.toMatchObject({
      details: { error: { details: [{}, { code: 'DisallowedLogicalTableName' }] } },
    });
  }));

test('given a long scan, when another request comes, then it does not wait for the end of the scan', () =>
  withAzure({ estate: estate(300_000, 50), quota: false }, async (azure) => {
    const client = graphClient(azure);
    await client.resources({ query: 'resources | take 1' }); // loads the grammar
    const scan = client.resources({ query: 'resources | summarize count() by tostring(properties.vmId)' });
    await client.resources({ query: 'resources | take 1' });
    const finished = azure.requests.map((request) => request.status);
    await scan;

    expect(finished).toEqual([200, 0, 200]);
  }));
