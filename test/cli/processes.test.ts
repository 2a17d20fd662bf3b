import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sandboxConfig } from '../../sandbox/azure/generate.ts';
import { type LocalAzure, startAzure } from '../../sandbox/azure/server.ts';
import { type OpenRedis, openRedis } from '../../sandbox/redis.ts';
import { startSlack } from '../../sandbox/slack/server.ts';
import { spawnGolden } from './golden.ts';

let folder: string;
let azure: LocalAzure;
let redis: OpenRedis;
let slack: Awaited<ReturnType<typeof startSlack>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'golden-processes-'));
  // A Redis of its own: the processes use the installation's real keys.
  [azure, redis, slack] = await Promise.all([
    startAzure({ quota: false }),
    openRedis({ alwaysPrivate: true }),
    startSlack({}),
  ]);
  writeFileSync(join(folder, 'golden.yml'), sandboxConfig(azure.estate));
});
afterAll(async () => {
  await Promise.all([azure.close(), redis.close(), slack.close(), rm(folder, { recursive: true })]);
});

interface LogLine {
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A process whose log can be waited for. It is killed when `use` ends, however it ends. */
async function running(
  name: string,
  changes: Record<string, string>,
  use: (started: { child: ReturnType<typeof spawnGolden>; logged: (msg: string) => Promise<LogLine> }) => Promise<void>,
): Promise<void> {
  const child = spawnGolden([name], {
    GOLDEN_CONFIG: join(folder, 'golden.yml'),
    AZURE_RESOURCE_MANAGER_ENDPOINT: azure.url,
    AZURE_ACCESS_TOKEN: 'sandbox',
    REDIS_URL: redis.url,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    HEALTH_HOST: '127.0.0.1',
    HEALTH_PORT: '0',
    ...changes,
  });
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  createInterface(child.stdout).on('line', (line) => {
    lines.push(JSON.parse(line) as LogLine);
    for (const look of waiting) look();
  });
  const logged = (msg: string) =>
    new Promise<LogLine>((resolve) => {
      const look = () => {
        const line = lines.find((candidate) => candidate.msg === msg);
        if (line) resolve(line);
      };
      waiting.add(look);
      look();
    });
  try {
    await use({ child, logged });
  } finally {
    child.kill('SIGKILL');
  }
}

test('given bot and worker in one process, when SIGTERM comes, then it was ready, drains in time and ends with 0', async () => {
  await running('all', {}, async ({ child, logged }) => {
    const { healthPort } = await logged('starting');
    await Promise.all([
      logged('started'),
      logged('connected to Slack'),
      logged('Slack knows the bot'),
      logged('Job done'),
    ]);
    const ready = await fetch(`http://127.0.0.1:${String(healthPort)}/readyz`);
    expect({ status: ready.status, body: await ready.text() }).toEqual({ status: 200, body: 'ready\n' });

    const startedAt = performance.now();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

test('given a Redis that is away at start, when the bot is started, then it is alive and names Redis as not ready', async () => {
  const away = await openRedis({ alwaysPrivate: true });
  await away.close();
  await running('bot', { REDIS_URL: away.url }, async ({ logged }) => {
    const { healthPort } = await logged('starting');
    await Promise.all([logged('started'), logged('connected to Slack'), logged('Slack knows the bot')]);
    const [alive, ready] = await Promise.all(
      ['healthz', 'readyz'].map((path) => fetch(`http://127.0.0.1:${String(healthPort)}/${path}`)),
    );
    expect(alive?.status).toBe(200);
    expect(await ready?.text()).toBe('not ready: redis\n');
  });
});
