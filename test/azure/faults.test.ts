import { afterEach, describe, expect, test } from '@jest/globals';
import { FatalError, RetryableError } from '../../src/core/errors.ts';
import { GALLERY, policyOf, SUBSCRIPTION, teamOf } from '../core/build.ts';
import {
  BURST,
  MARKETPLACE,
  OTHER_SUBSCRIPTION,
  openWorld,
  subscription,
  ubuntu,
  usual,
  vm,
  type World,
} from './world.ts';

let world: World;
afterEach(() => world.close());

const GRAPH = '/providers/Microsoft.ResourceGraph/resources';
const machines = [vm('old', ubuntu('1.0.0')), vm('new', ubuntu('1.1.0'))];
const status = () => world.compliance.status(teamOf(), { limit: 100 });
const graphRequests = () => world.azure.requests.filter(({ path }) => path.startsWith(GRAPH)).length;

describe('what cannot be read is said and never clean', () => {
  test('one of several subscriptions', async () => {
    world = await openWorld(
      [
        ...usual(),
        subscription(OTHER_SUBSCRIPTION),
        ...machines,
        vm('hidden', MARKETPLACE, { of: OTHER_SUBSCRIPTION }),
      ],
      {
        scope: { kind: 'subscriptions', ids: [SUBSCRIPTION, OTHER_SUBSCRIPTION] },
        azure: { tokens: { sandbox: { unreadableSubscriptions: [OTHER_SUBSCRIPTION] } } },
      },
    );
    const report = await status();
    expect(report).toMatchObject({ total: 2, requests: 3 });
    expect(report.unread).toMatchObject([
      { scope: `subscription ${OTHER_SUBSCRIPTION}`, reason: expect.stringContaining('Reader') },
    ]);
  });

  test('a subscription that a team names, though the scope is everything', async () => {
    const team = teamOf({ match: { tags: {}, subscriptions: [OTHER_SUBSCRIPTION], resourceGroups: [] } });
    world = await openWorld(usual(), { teams: [team] });
    expect((await world.compliance.status(team, { limit: 1 })).unread).toMatchObject([
      { scope: `subscription ${OTHER_SUBSCRIPTION}` },
    ]);
  });

  test('the gallery: its machines are unknown', async () => {
    world = await openWorld([...usual(), ...machines], {
      azure: { tokens: { sandbox: { unreadableGalleries: [GALLERY] } } },
    });
    const report = await status();
    expect(report).toMatchObject({ counts: { unknown: 2, current: 0 }, share: 0 });
    expect(report.unread).toMatchObject([{ scope: expect.stringContaining('gallery corp') }]);
  });

  test('the gallery’s whole subscription, which Azure answers with an error', async () => {
    const gallery = GALLERY.replace(SUBSCRIPTION, OTHER_SUBSCRIPTION);
    world = await openWorld(
      [...usual(), subscription(OTHER_SUBSCRIPTION), vm('a', { id: `${gallery}/images/ubuntu-22/versions/1.0.0` })],
      {
        policy: policyOf({ golden: [{ ...policyOf().golden[0]!, gallery } as never] }),
        azure: { tokens: { sandbox: { unreadableSubscriptions: [OTHER_SUBSCRIPTION] } } },
      },
    );
    expect(await status()).toMatchObject({
      counts: { unknown: 1 },
      unread: [{ reason: expect.stringContaining('none of these') }],
    });
  });

  test.each(['true', 'false'] as const)(
    'groups that Azure cut off, whatever it claims (resultTruncated %s)',
    async (claim) => {
      world = await openWorld([...usual(), ...machines, vm('third', MARKETPLACE)]);
      world.azure.faults.plant({ query: 'summarize', action: { kind: 'truncate', rows: 1, claim } });
      const report = await status();
      expect(report.total).toBe(3);
      expect(Object.values(report.counts).reduce((sum, count) => sum + count, 0)).toBe(3);
      expect(report.counts.unknown).toBeGreaterThan(0);
      expect(report.unread).not.toEqual([]);
    },
  );

  test('a subscription that a team names outside the configured ones', async () => {
    const team = teamOf({ match: { tags: {}, subscriptions: [SUBSCRIPTION, OTHER_SUBSCRIPTION], resourceGroups: [] } });
    world = await openWorld([...usual(), subscription(OTHER_SUBSCRIPTION), ...machines], {
      teams: [team],
      scope: { kind: 'subscriptions', ids: [SUBSCRIPTION] },
    });
    expect((await world.compliance.status(team, { limit: 1 })).unread).toMatchObject([
      { scope: `subscription ${OTHER_SUBSCRIPTION}`, reason: expect.stringContaining('azure.subscriptions') },
    ]);
  });

  test('subscriptions beyond what a question covers', async () => {
    world = await openWorld([...usual(), ...machines]);
    world.azure.faults.plant({
      query: 'summarize',
      action: {
        kind: 'answer',
        status: 200,
        body: { totalRecords: 0, count: 0, data: [], facets: [], resultTruncated: 'false' },
        headers: { 'x-ms-tenant-subscription-limit-hit': 'true' },
      },
    });
    expect((await status()).unread).toContainEqual({
      scope: 'subscriptions beyond the first 10,000',
      reason: expect.any(String),
    });
  });

  test('a whole block of a long list of subscriptions: the rest is answered', async () => {
    const listed = Array.from(
      { length: 1002 },
      (_, index) => `44444444-4444-4444-8444-${String(index).padStart(12, '0')}`,
    );
    const ids = [SUBSCRIPTION, ...listed];
    world = await openWorld([...usual(), ...listed.map((id) => subscription(id)), ...machines], {
      scope: { kind: 'subscriptions', ids },
      azure: { tokens: { sandbox: { unreadableSubscriptions: ids.slice(1000) } } },
    });
    const report = await status();
    expect(report).toMatchObject({ total: 2, counts: { current: 1, outdated: 1 } });
    expect(report.unread).toHaveLength(3);
  });

  test('nothing at all: who can mend it is told how', async () => {
    world = await openWorld([...usual(), ...machines], {
      scope: { kind: 'subscriptions', ids: [SUBSCRIPTION] },
      azure: { tokens: { sandbox: { unreadableSubscriptions: [SUBSCRIPTION] } } },
    });
    const error = await status().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      message: expect.stringContaining('can read none'),
      hint: expect.stringContaining('Reader'),
    });
  });

  test('an empty list of subscriptions is never sent', async () => {
    world = await openWorld([...usual(), ...machines], { scope: { kind: 'subscriptions', ids: [] } });
    expect(await status()).toMatchObject({ total: 0 });
    expect(world.azure.requests.some(({ subscriptions }) => subscriptions?.length === 0)).toBe(false);
  });
});

describe('who is asked for a union', () => {
  test('and refuses it is asked for each table, and remembered', async () => {
    world = await openWorld([...usual(), ...machines], { azure: { strictUnion: true } });
    const first = await status();
    const second = await world.compliance.status(teamOf(), { limit: 7 });
    expect([first, second]).toMatchObject([
      { total: 2, unread: [] },
      { total: 2, requests: 4 },
    ]);
  });

  test('and refuses it still pages through windows, each machine once', async () => {
    const many = Array.from({ length: 1050 }, (_, index) => vm(`m${String(index).padStart(4, '0')}`, MARKETPLACE));
    world = await openWorld([...usual(), ...many, ...machines], { azure: { strictUnion: true } });
    const pages = await Promise.all(
      [1, 41, 42, 43].map((page) => world.compliance.list(teamOf(), { page, pageSize: 25 })),
    );
    expect(pages.map(({ findings }) => findings[0]?.name)).toEqual(['m0000', 'm1000', 'm1025', 'old']);
    expect(pages[3]).toMatchObject({ matching: 1051, pages: 43 });
  });

  const REFUSED = { error: { code: 'BadRequest', details: [{ code: 'DisallowedMaxNumberOfRemoteTables' }] } };

  test('and takes no second join is told the subscriptions by name', async () => {
    const tagged = vm('by-subscription', MARKETPLACE, { tags: null, of: OTHER_SUBSCRIPTION });
    const other = vm('other', MARKETPLACE, { tags: { team: 'other' }, of: OTHER_SUBSCRIPTION });
    world = await openWorld([
      ...usual(),
      subscription(OTHER_SUBSCRIPTION, { ' Team': 'Team-X ' }),
      ...machines,
      tagged,
      other,
    ]);
    const action = { kind: 'answer', status: 400, body: REFUSED } as const;
    world.azure.faults.plant({
      query: "join kind=leftouter (resourcecontainers | where type =~ 'microsoft.resources/subscriptions' ",
      action,
    });
    const report = await status();
    expect(report).toMatchObject({ total: 3, counts: { current: 1, outdated: 1, nonGolden: 1 }, unread: [] });
  });

  test('and has no table of instances says so in the answer', async () => {
    world = await openWorld([...usual(), ...machines], { azure: { tables: ['resources', 'resourcecontainers'] } });
    const report = await status();
    expect(report).toMatchObject({ total: 2, counts: { current: 1, outdated: 1 } });
    expect(report.unread).toMatchObject([
      { scope: 'instances of uniform scale sets', reason: expect.stringContaining('Azure refuses to list them') },
    ]);
  });

  test('and refuses whatever it is asked teaches nothing', async () => {
    world = await openWorld([...usual(), ...machines]);
    world.azure.faults.plant({ query: 'summarize', times: 4, action: { kind: 'answer', status: 400, body: REFUSED } });
    await expect(status()).rejects.toThrow(/DisallowedMaxNumberOfRemoteTables/);
    expect(await status()).toMatchObject({ total: 2, unread: [], requests: 2 });
  });
});

describe('a storm passes', () => {
  test.each([
    ['with Retry-After', { 'Retry-After': '1' }],
    ['with the quota headers alone', { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '00:00:01' }],
  ])('of 429 %s', async (_case, headers: Record<string, string>) => {
    world = await openWorld([...usual(), ...machines]);
    world.azure.faults.plant({
      path: GRAPH,
      times: 2,
      action: { kind: 'answer', status: 429, body: { error: { code: 'RateLimiting' } }, headers },
    });
    expect(await status()).toMatchObject({ total: 2 });
  });

  test.each([
    [
      'a 502 page of HTML',
      { kind: 'answer', status: 502, body: '<html>Bad Gateway</html>', headers: { 'Content-Type': 'text/html' } },
    ],
    ['a 503', { kind: 'answer', status: 503, body: { error: { code: 'ServiceUnavailable' } } }],
    ['a broken connection', { kind: 'drop' }],
  ] as const)('of %s', async (_case, action) => {
    world = await openWorld([...usual(), ...machines]);
    world.azure.faults.plant({ path: GRAPH, times: 1, action });
    expect(await status()).toMatchObject({ total: 2 });
  });

  test('that lasts becomes "Azure is busy", with the time to wait', async () => {
    world = await openWorld([...usual(), ...machines]);
    world.azure.faults.plant({
      path: GRAPH,
      action: { kind: 'answer', status: 429, body: {}, headers: { 'Retry-After': '90' } },
    });
    const error = await status().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ message: 'Azure is busy.', retryAfterMs: 90_000 });
  });

  test('that lasts as HTML becomes "could not be reached"', async () => {
    world = await openWorld([...usual(), ...machines]);
    world.azure.faults.plant({
      path: GRAPH,
      action: { kind: 'answer', status: 502, body: '<html/>', headers: { 'Content-Type': 'text/html' } },
    });
    await expect(status()).rejects.toThrow(/could not be reached|not available/);
  });
});

describe('a failure ends with who can act', () => {
  test('Azure that hangs is given up after one try', async () => {
    world = await openWorld([...usual(), ...machines], { timeoutMs: 150 });
    world.azure.faults.plant({ path: GRAPH, action: { kind: 'hang' } });
    await expect(status()).rejects.toThrow('Azure did not answer in time.');
    expect(graphRequests()).toBe(2);
  });

  test('a token that is refused', async () => {
    world = await openWorld([...usual(), ...machines], { azure: { tokens: { other: {} } } });
    const error = await status().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FatalError);
    expect(error).toMatchObject({
      message: "Azure refused the bot's identity.",
      hint: expect.stringContaining('golden check'),
    });
  });

  test('a query that Azure does not take is our fault, and said so once', async () => {
    world = await openWorld([...usual(), ...machines]);
    world.azure.faults.plant({
      query: 'summarize',
      action: {
        kind: 'answer',
        status: 400,
        body: { error: { code: 'BadRequest', details: [{ code: 'InvalidQuery' }] } },
      },
    });
    await expect(status()).rejects.toThrow('Azure Resource Graph refused a query (BadRequest, InvalidQuery).');
  });
});

test('no more requests are sent than the quota lets through, however many ask', async () => {
  world = await openWorld([...usual(), ...machines], { azure: { quota: { queries: BURST } } });
  const asked = Array.from({ length: 8 }, (_, index) => world.compliance.status(teamOf(), { limit: index + 1 }));
  const reports = await Promise.all(asked);
  expect(reports).toHaveLength(8);
  expect(world.azure.requests.filter(({ status: code }) => code === 429)).toEqual([]);
});

test('a machine that goes away between two questions does no harm', async () => {
  world = await openWorld([...usual(), ...machines]);
  world.azure.faults.plant({
    query: 'summarize',
    times: 1,
    action: {
      kind: 'change',
      change: (estate) =>
        estate.remove(
          `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-x/providers/Microsoft.Compute/virtualMachines/old`,
        ),
    },
  });
  expect(await status()).toMatchObject({ total: 2, unread: [] });
});
