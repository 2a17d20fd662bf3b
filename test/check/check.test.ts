import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { galleryIds, sandboxConfig, subscriptionIds } from '../../sandbox/azure/generate.ts';
import { type LocalAzure, startAzure } from '../../sandbox/azure/server.ts';
import { type OpenRedis, openRedis } from '../../sandbox/redis.ts';
import { startSlack } from '../../sandbox/slack/server.ts';
import type { SlackOptions } from '../../sandbox/slack/settings.ts';
import { checkText } from '../../src/check/index.ts';
import { type Finding, runProbes } from '../../src/check/probe.ts';
import { golden } from '../cli/golden.ts';

let folder: string;
let azure: LocalAzure;
let redis: OpenRedis;
let slack: Awaited<ReturnType<typeof startSlack>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'golden-check-'));
  [azure, redis, slack] = await Promise.all([
    startAzure({ quota: false }),
    openRedis({ alwaysPrivate: true }),
    startSlack({}),
  ]);
});
afterAll(async () => {
  await Promise.all([azure.close(), redis.close(), slack.close(), rm(folder, { recursive: true })]);
});

/** What `golden check --json` finds, with these changes to an environment in which all is well. */
async function check(changes: Record<string, string | undefined> = {}, yml = sandboxConfig(azure.estate)) {
  const file = join(folder, `${crypto.randomUUID()}.yml`);
  writeFileSync(file, yml);
  const env = {
    GOLDEN_CONFIG: file,
    AZURE_RESOURCE_MANAGER_ENDPOINT: azure.url,
    AZURE_ACCESS_TOKEN: 'sandbox',
    REDIS_URL: redis.url,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    ...changes,
  };
  const set = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const { exitCode, stdout, stderr } = await golden(['check', '--json'], set);
  const { ok, checks } = JSON.parse(stdout || '{"checks":[]}') as { ok: boolean; checks: Finding[] };
  return { exitCode, ok, stderr, checks, missing: checks.filter(({ state }) => state === 'missing') };
}

test('given all is well, when everything is checked, then nothing is missing and the exit code is 0', async () => {
  const { exitCode, ok, missing, checks } = await check();
  expect({ exitCode, ok, missing }).toEqual({ exitCode: 0, ok: true, missing: [] });
  expect(checks.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'Configuration',
      'Redis',
      'Redis version',
      'Redis maxmemory-policy',
      'Redis appendonly',
      'Azure token',
      'Azure management group platform',
      'Azure gallery corp',
      'Slack token',
      'Slack scopes',
      'Slack app token',
      'Slack channel C0PAYMENTS of team payments',
      'Slack user U0BOB',
      'Slack user group S0PAYOPS',
    ]),
  );
});

test('given everything is away, when it is checked, then each is reported by itself, with a remedy', async () => {
  const nobody = await closedPort();
  const { exitCode, missing } = await check({
    REDIS_URL: `redis://127.0.0.1:${nobody}`,
    AZURE_ACCESS_TOKEN: 'refused',
    SLACK_BOT_TOKEN: 'xoxb-refused',
    SLACK_APP_TOKEN: 'xapp-refused',
  });
  expect(exitCode).toBe(1);
  const names = missing.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      'Redis',
      'Azure management group platform',
      'Azure galleries',
      'Slack token',
      'Slack app token',
    ]),
  );
  for (const { remedy } of missing) expect(remedy).toMatch(/\.$/);
});

test('given a Redis that may throw jobs away, when it is checked, then the setting is named with its remedy', async () => {
  const careless = await openRedis({ alwaysPrivate: true });
  const client = new Redis(careless.url);
  try {
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await client.config('SET', 'appendonly', 'yes');
    const { missing, checks } = await check({ REDIS_URL: careless.url });
    expect(missing).toMatchObject([
      { name: 'Redis maxmemory-policy', detail: 'allkeys-lru', remedy: expect.stringContaining('noeviction') },
    ]);
    expect(checks).toContainEqual({ name: 'Redis appendonly', state: 'ok', detail: 'yes' });
  } finally {
    client.disconnect();
    await careless.close();
  }
});

test('given neither Slack nor Redis is set, when it is checked, then both are missing and Azure is looked at all the same', async () => {
  const { missing, checks } = await check({
    SLACK_BOT_TOKEN: undefined,
    SLACK_APP_TOKEN: undefined,
    REDIS_URL: undefined,
  });
  expect(missing.map(({ name }) => name)).toEqual(['Redis', 'Slack']);
  expect(checks).toContainEqual(expect.objectContaining({ name: 'Azure gallery corp', state: 'ok' }));
});

test('given a wrong configuration, when it is checked, then its faults are listed and the exit code is 2', async () => {
  const { exitCode, stderr } = await check({ REDIS_URL: 'nonsense' }, 'images: {}\nteams: {}\n');
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^REDIS_URL /m);
  expect(stderr).toMatch(/^images\.golden /m);
  expect(stderr).toMatch(/^teams /m);
});

test('given a subscription and a gallery that cannot be read, when they are checked, then they are named and the others are ok', async () => {
  const unknown = '99999999-9999-4999-8999-999999999999';
  const gone = galleryIds.corp.replace(/corp$/, 'gone');
  const yml = sandboxConfig(azure.estate)
    .replace(
      'azure: { managementGroups: [platform] }',
      `azure: { subscriptions: [${subscriptionIds.payments}, ${unknown}] }`,
    )
    .replace('  golden:\n', `  golden:\n    - gallery: ${gone}\n`);
  const { missing, checks } = await check({}, yml);
  expect(missing.map(({ name }) => name)).toEqual([`Azure subscription ${unknown}`, 'Azure gallery gone']);
  expect(checks).toContainEqual(
    expect.objectContaining({ name: `Azure subscription ${subscriptionIds.payments}`, state: 'ok' }),
  );
});

test('given scopes that were not granted, when they are checked, then each is named with what it is for', async () => {
  const { missing } = await checkAgainst({
    app: { scopes: ['chat:write', 'commands', 'channels:read', 'users:read'] },
  });
  const scopes = missing.find(({ name }) => name === 'Slack scopes');
  expect(scopes?.detail).toContain('channels:join (');
  expect(scopes?.detail).toContain('usergroups:read (');
  expect(scopes?.detail).not.toContain('chat:write');
  expect(missing.map(({ name }) => name)).toContain('Slack user group S0PAYOPS');
});

test('given optional scopes that were not granted, when they are checked, then it is advice, with what is worse without', async () => {
  const { exitCode, checks } = await check();
  expect(exitCode).toBe(0);
  expect(checks).toContainEqual({
    name: 'Slack optional scopes',
    state: 'advice',
    detail: expect.stringMatching(/^channels:history \(to find a digest .*\), groups:history \(.*\), groups:read \(/),
    remedy: expect.any(String),
  });
});

test('given a channel, a user and a group that do not exist, when they are checked, then each is missing', async () => {
  const yml = sandboxConfig(azure.estate)
    .replace('C0PAYMENTS', 'C0NOWHERE')
    .replace('U0BOB', 'U0NOBODY')
    .replace('S0PAYOPS', 'S0NONE');
  const { missing } = await check({}, yml);
  expect(missing.map(({ name }) => name)).toEqual([
    'Slack channel C0NOWHERE of team payments',
    'Slack user U0NOBODY',
    'Slack user group S0NONE',
  ]);
});

test('given a probe that hangs and one that throws, when probes run, then they fail by themselves and in time', async () => {
  const findings = await runProbes(
    [
      { name: 'slow', remedy: 'Wait.', look: () => new Promise(() => {}) },
      {
        name: 'broken',
        remedy: 'Mend.',
        look: () => Promise.reject(new Error('Bearer hunter2 was refused\n at line 1')),
      },
      { name: 'fine', remedy: '', look: async () => [{ name: 'fine', state: 'ok', detail: 'yes' }] },
    ],
    20,
  );
  expect(findings).toEqual([
    { name: 'slow', state: 'missing', detail: 'did not answer within 0.02 s', remedy: 'Wait.' },
    { name: 'broken', state: 'missing', detail: 'Bearer [hidden] was refused', remedy: 'Mend.' },
    { name: 'fine', state: 'ok', detail: 'yes' },
  ]);
});

test('given findings, when they are printed, then each is one line, with columns that line up and nothing that steers', () => {
  const findings: Finding[] = [
    { name: 'Redis', state: 'ok', detail: 'answers' },
    { name: 'Slack 名前', state: 'missing', detail: 'a\nb\u001b[31m', remedy: 'Mend it.' },
  ];
  expect(checkText(findings, { width: 80, colour: false })).toBe(
    'ok       Redis       answers\nmissing  Slack 名前  a b [31m. Mend it.',
  );
});

async function checkAgainst(options: SlackOptions) {
  const other = await startSlack(options);
  try {
    return await check({ SLACK_API_URL: other.apiUrl });
  } finally {
    await other.close();
  }
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
