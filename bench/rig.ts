import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type ShippedProcess, startShipped } from '../sandbox/processes.ts';
import { openRedis } from '../sandbox/redis.ts';
import { type LocalSlack, startSlack } from '../sandbox/slack/server.ts';
import { type RemoteAzure, startRemoteAzure } from './azure.ts';
import { type Idle, idleOf } from './usage.ts';

/** What is measured: the shipped bot between a local Slack, which is ours, and a local Azure in another process. */
export interface Rig {
  readonly azure: RemoteAzure;
  readonly slack: LocalSlack;
  readonly bots: readonly [ShippedProcess, ...ShippedProcess[]];
  /** Of the first bot. */
  readonly pid: number;
  /** Of the first bot, before it was asked anything. */
  readonly idle: Idle | undefined;
  /** The environment the bot runs with. */
  readonly env: Readonly<Record<string, string>>;
}

export interface RigOptions {
  readonly vms: number;
  readonly subscriptions: number;
  /** Replicas over one Redis. */
  readonly bots?: number;
}

/** After its start the bot still compiles and collects for a moment. */
const SETTLES_MS = 2000;
const IDLES_MS = 3000;

const open = new Set<() => Promise<void>>();

/** Ends whatever is still open: for a benchmark that is interrupted. */
export async function closeRigs(): Promise<void> {
  await Promise.all([...open].map((close) => close()));
}

/** Starts everything afresh, so that no answer and no compiled code is left from what was measured before; ends it after. */
export async function withRig<T>(options: RigOptions, work: (rig: Rig) => Promise<T>): Promise<T> {
  const parts: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) await part();
    open.delete(close);
  };
  open.add(close);
  try {
    // Never the Redis of REDIS_URL: its answers may be warm, and its speed is not ours to measure.
    const redis = await openRedis({ alwaysPrivate: true });
    parts.push(() => redis.close());
    const azure = await startRemoteAzure(options.vms, options.subscriptions);
    parts.push(() => azure.stop());
    const slack = await startSlack({
      manifest: parse(await readFile(new URL('../manifest.yml', import.meta.url), 'utf8')),
    });
    parts.push(() => slack.close());
    const home = await mkdtemp(join(tmpdir(), 'golden-bench-'));
    parts.push(() => rm(home, { recursive: true, force: true }));
    const file = join(home, 'golden.yml');
    await writeFile(file, azure.config);

    const env = {
      GOLDEN_CONFIG: file,
      SLACK_API_URL: slack.apiUrl,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      REDIS_URL: redis.url,
      AZURE_RESOURCE_MANAGER_ENDPOINT: azure.url,
      AZURE_ACCESS_TOKEN: 'sandbox',
      HEALTH_PORT: '0',
      HEALTH_HOST: '127.0.0.1',
    };
    const start = (number: number) => {
      const bot = startShipped(`bot ${number}`, ['bot'], env);
      parts.push(() => bot.stop());
      return bot;
    };
    const bots: [ShippedProcess, ...ShippedProcess[]] = [start(1)];
    while (bots.length < (options.bots ?? 1)) bots.push(start(bots.length + 1));
    await Promise.all(bots.map((bot) => bot.logged('"started"')));
    await slack.waitFor(() => slack.connections() === bots.length, {
      timeoutMs: 20_000,
      what: 'a connection of each bot',
    });
    const pid = bots[0].child.pid ?? 0;
    await idleOf(pid, SETTLES_MS);
    return await work({ azure, slack, bots, pid, idle: await idleOf(pid, IDLES_MS), env });
  } finally {
    await close();
  }
}
