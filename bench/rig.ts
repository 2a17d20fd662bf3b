import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type ShippedProcess, startShipped } from '../sandbox/processes.ts';
import { openRedis } from '../sandbox/redis.ts';
import { type LocalSlack, type SlackOptions, startSlack } from '../sandbox/slack/server.ts';
import { type RemoteAzure, startRemoteAzure } from './azure.ts';
import { type Idle, idleOf } from './usage.ts';

/** What is measured: shipped processes between a local Slack, which is ours, and a local Azure in another process. */
export interface Rig {
  readonly azure: RemoteAzure;
  readonly slack: LocalSlack;
  /** Of the Redis that nobody else uses. */
  readonly redisUrl: string;
  /** Bots or workers, whichever was asked for. */
  readonly replicas: readonly [ShippedProcess, ...ShippedProcess[]];
  /** Of the first replica. */
  readonly pid: number;
  /** Of the first replica, before it was asked anything. */
  readonly idle: Idle | undefined;
  /** The environment the replicas run with. */
  readonly env: Readonly<Record<string, string>>;
}

export interface RigOptions {
  readonly vms: number;
  readonly subscriptions: number;
  /** So many teams share the machines; absent: three. */
  readonly teams?: number;
  /** What runs; bots unless told otherwise. */
  readonly process?: 'bot' | 'worker';
  /** So many of them over one Redis; one unless told otherwise. */
  readonly replicas?: number;
  readonly slack?: SlackOptions;
  /** Makes the golden.yml of the one that fits the estate, right before the replicas start. */
  readonly config?: (config: string) => string;
  /** Fills the workspace and the memory before the replicas start. */
  readonly prepare?: (parts: Pick<Rig, 'slack' | 'redisUrl'>) => Promise<void>;
  /** Waits until the replicas have done what they do at their start. */
  readonly settled?: (parts: Pick<Rig, 'replicas' | 'redisUrl'>) => Promise<void>;
}

/** After its start a process still compiles and collects for a moment. */
const SETTLES_MS = 2000;
const IDLES_MS = 3000;

const open = new Set<() => Promise<void>>();

/** Ends whatever is still open: for a benchmark that is interrupted. */
export async function closeRigs(): Promise<void> {
  await Promise.all([...open].map((close) => close()));
}

/** Starts everything afresh, so that no answer and no compiled code is left from what was measured before; ends it after. */
export async function withRig<T>(options: RigOptions, work: (rig: Rig) => Promise<T>): Promise<T> {
  const { config = (text: string) => text, process: kind = 'bot' } = options;
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
    const azure = await startRemoteAzure(options.vms, options.subscriptions, options.teams);
    parts.push(() => azure.stop());
    const manifest: unknown = parse(await readFile(new URL('../manifest.yml', import.meta.url), 'utf8'));
    const slack = await startSlack({ manifest, ...options.slack });
    parts.push(() => slack.close());
    const home = await mkdtemp(join(tmpdir(), 'golden-bench-'));
    parts.push(() => rm(home, { recursive: true, force: true }));
    await options.prepare?.({ slack, redisUrl: redis.url });
    const file = join(home, 'golden.yml');
    await writeFile(file, config(azure.config));

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
      const replica = startShipped(`${kind} ${number}`, [kind], env);
      parts.push(() => replica.stop());
      return replica;
    };
    const replicas: [ShippedProcess, ...ShippedProcess[]] = [start(1)];
    while (replicas.length < (options.replicas ?? 1)) replicas.push(start(replicas.length + 1));
    await Promise.all(replicas.map((replica) => replica.logged('"started"')));
    if (kind === 'bot')
      await slack.waitFor(() => slack.connections() === replicas.length, {
        timeoutMs: 20_000,
        what: 'a connection of each bot',
      });
    await options.settled?.({ replicas, redisUrl: redis.url });
    const pid = replicas[0].child.pid ?? 0;
    await idleOf(pid, SETTLES_MS);
    const idle = await idleOf(pid, IDLES_MS);
    return await work({ azure, slack, redisUrl: redis.url, replicas, pid, idle, env });
  } finally {
    await close();
  }
}
