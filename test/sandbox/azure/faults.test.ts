import { expect, test } from '@jest/globals';
import { badGateway, quotaExhausted, serverError, throttledFor } from '../../../sandbox/azure/faults.ts';
import { corpImage } from '../../../sandbox/azure/generate.ts';
import { get, graphClient, withAzure } from './support.ts';

const QUERY = {
  query: 'resources | project id, name | order by id asc',
  options: { resultFormat: 'objectArray' },
} as const;

test('given a 429 without Retry-After, when the SDK meets it, then it throws at once', () =>
  withAzure({}, async (azure) => {
    azure.faults.plant({ action: quotaExhausted(3) });

    await expect(graphClient(azure, 'sandbox', 3).resources(QUERY)).rejects.toMatchObject({
      statusCode: 429,
      code: 'RateLimiting',
    });
    expect(azure.requests).toHaveLength(1);
  }));

test('given a 429 with Retry-After for the first request, when the SDK meets it, then it tries again', () =>
  withAzure({}, async (azure) => {
    azure.faults.plant({ times: 1, action: throttledFor(0) });

    await graphClient(azure, 'sandbox', 1).resources(QUERY);

    expect(azure.requests.map((request) => request.status)).toEqual([429, 200]);
  }));

test('given a 503 for the second query only, when three are sent, then one fails', () =>
  withAzure({}, async (azure) => {
    azure.faults.plant({ query: /project id/, skip: 1, times: 1, action: serverError() });
    const client = graphClient(azure);

    await client.resources(QUERY);
    await expect(client.resources(QUERY)).rejects.toMatchObject({ statusCode: 503, code: 'ServerTimeout' });
    await client.resources(QUERY);
  }));

test('given a proxy page instead of JSON, when the SDK reads it, then it fails without a status', () =>
  withAzure({}, async (azure) => {
    azure.faults.plant({ action: badGateway() });

    await expect(graphClient(azure).resources(QUERY)).rejects.toThrow(TypeError);
  }));

test('given a dropped connection, when a query is sent, then it is a network error', () =>
  withAzure({}, async (azure) => {
    azure.faults.plant({ action: { kind: 'drop' } });

    await expect(graphClient(azure).resources(QUERY)).rejects.toMatchObject({ code: 'ECONNRESET' });
  }));

test('given a request that hangs, when the caller gives up, then the server still closes', () =>
  withAzure({}, async (azure) => {
    azure.faults.plant({ action: { kind: 'hang' } });
    const giveUp = new AbortController();
    const sent = graphClient(azure).resources(QUERY, { abortSignal: giveUp.signal, onResponse: () => {} });
    giveUp.abort();

    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
  }));

test.each(['true', 'false'] as const)(
  'given a truncated answer that claims %s, when it is read, then rows are missing and no token says so',
  (claim) =>
    withAzure({}, async (azure) => {
      azure.faults.plant({ action: { kind: 'truncate', rows: 3, claim } });

      const page = await graphClient(azure).resources(QUERY);

      expect(page).toMatchObject({ count: 3, totalRecords: 87, resultTruncated: claim });
      expect(page.skipToken).toBeUndefined();
    }),
);

test('given a version that is deleted after the first page, when the next page is read, then the rows have moved up', () =>
  withAzure({}, async (azure) => {
    azure.faults.plant({ times: 1, action: { kind: 'change', remove: [corpImage('ubuntu-22', '1.8.0')] } });
    const client = graphClient(azure);

    const first = await client.resources({ ...QUERY, options: { ...QUERY.options, top: 50 } });
    const second = await client.resources({
      ...QUERY,
      options: { ...QUERY.options, skipToken: first.skipToken ?? '' },
    });

    expect([first.totalRecords, second.totalRecords]).toEqual([87, 86]);
  }));

test('given a fault planted over HTTP, when a resource is read, then it is met, and listed as such', () =>
  withAzure({}, async (azure) => {
    const fault = {
      path: { regex: 'galleries/corp$' },
      action: { kind: 'answer', status: 418, body: { error: { code: 'Teapot' } } },
    };
    await fetch(`${azure.url}/__sandbox/faults`, { method: 'POST', body: JSON.stringify(fault) });
    const path = corpImage('x').replace('/images/x', '');

    const hit = await fetch(`${azure.url}${path}`);
    const listed = await fetch(`${azure.url}/__sandbox/faults`).then((response) => response.json());
    await fetch(`${azure.url}/__sandbox/faults`, { method: 'DELETE' });
    const missed = await get(azure, path);

    expect(hit.status).toBe(418);
    expect(listed).toMatchObject([{ id: 1, met: 1 }]);
    expect(missed.status).toBe(200);
  }));
