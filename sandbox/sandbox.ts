import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { generateEstate, sandboxConfig } from './azure/generate.ts';
import { type AzureOptions, type LocalAzure, startAzure } from './azure/server.ts';
import { type ShippedProcess, startShipped } from './processes.ts';
import { type OpenRedis, openRedis, type RedisOptions } from './redis.ts';
import { rewind } from './rewind.ts';
import { type LocalSlack, type SlackOptions, startSlack } from './slack/server.ts';

/** How a sandbox is set up; every option has a default. */
export interface SandboxOptions {
  readonly seed?: number;
  /** Machines in the estate. */
  readonly vms?: number;
  readonly subscriptions?: number;
  readonly azure?: AzureOptions;
  readonly slack?: SlackOptions;
  readonly redis?: RedisOptions;
  /** The golden.yml; by default the one that fits the generated estate. */
  readonly config?: string;
  /** Which processes of the product to start. */
  readonly processes?: readonly ('bot' | 'worker' | 'all')[];
  /** So many earlier weeks are remembered before the workers start, a second or so each; none unless told otherwise. */
  readonly past?: number;
  /** Slack reaches the bot by signed HTTP instead of Socket Mode. */
  readonly http?: boolean;
  /** Environment beside what the sandbox sets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onLine?: (process: string, line: string) => void;
}

/** Redis, a local Azure, a local Slack, and the shipped product that knows them by their addresses alone. */
export interface Sandbox {
  readonly azure: LocalAzure;
  readonly slack: LocalSlack;
  readonly redis: OpenRedis;
  /** Those that were started; with a past, workers join when it is over. */
  readonly processes: readonly ShippedProcess[];
  /** Resolves when the past is over and the workers run. @throws Error where that fails */
  readonly ready: Promise<void>;
  /** The environment the product runs with: enough for `golden status` beside it. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends everything, the product first. Safe to call twice. */
  close(): Promise<void>;
}

/** Machines of the estate unless told otherwise: every case once or twice. */
export const DEFAULT_VMS = 60;
const DEFAULT_SUBSCRIPTIONS = 4;
const DEFAULT_SEED = 1;

const TRY_THESE = ['/golden status payments', '/golden why pay-web-05', '/golden digest payments'];

/** Starts a sandbox. What was started is ended again when a part cannot start. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const parts: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) await part();
  };
  try {
    const redis = await openRedis(options.redis);
    parts.push(() => redis.close());

    const estate =
      options.azure?.estate ??
      generateEstate({
        seed: options.seed ?? DEFAULT_SEED,
        vms: options.vms ?? DEFAULT_VMS,
        subscriptions: options.subscriptions ?? DEFAULT_SUBSCRIPTIONS,
        now: new Date(),
      });
    const azure = await startAzure({ ...options.azure, estate });
    parts.push(() => azure.close());

    const manifest: unknown = parse(await readFile(new URL('../manifest.yml', import.meta.url), 'utf8'));
    const slack = await startSlack({ manifest, tryThese: TRY_THESE, ...options.slack });
    parts.push(() => slack.close());

    const port = options.http ? await freePort() : undefined;
    if (port !== undefined) slack.setRequestUrl(`http://127.0.0.1:${port}/slack/events`);

    const home = await mkdtemp(join(tmpdir(), 'golden-sandbox-'));
    parts.push(() => rm(home, { recursive: true, force: true }));
    const file = join(home, 'golden.yml');
    await writeFile(file, options.config ?? sandboxConfig(azure.estate));

    const env = {
      GOLDEN_CONFIG: file,
      SLACK_API_URL: slack.apiUrl,
      SLACK_BOT_TOKEN: slack.botToken,
      ...(port === undefined
        ? { SLACK_APP_TOKEN: slack.appToken }
        : { SLACK_SIGNING_SECRET: slack.signingSecret, PORT: String(port) }),
      REDIS_URL: redis.url,
      AZURE_RESOURCE_MANAGER_ENDPOINT: azure.url,
      AZURE_ACCESS_TOKEN: 'sandbox',
      HEALTH_PORT: '0',
      HEALTH_HOST: '127.0.0.1',
      ...options.env,
    };
    const counts = new Map<string, number>();
    const processes: ShippedProcess[] = [];
    const start = async (what: 'bot' | 'worker' | 'all') => {
      const number = (counts.get(what) ?? 0) + 1;
      counts.set(what, number);
      const name = number === 1 ? what : `${what} ${number}`;
      const shipped = startShipped(name, [what], env, (line) => options.onLine?.(name, line));
      processes.push(shipped);
      parts.push(() => shipped.stop());
      await shipped.logged('"started"');
      // Whoever types the first command is heard.
      if (what !== 'worker')
        await shipped.logged(port === undefined ? '"connected to Slack"' : '"Slack knows the bot"');
    };

    const wanted = options.processes ?? ['bot', 'worker'];
    const { past = 0 } = options;
    const early = wanted.filter((what) => past === 0 || what !== 'worker');
    await Promise.all(early.map(start));
    const ended = new AbortController();
    const ready = rewind({
      env,
      weeks: past,
      signal: ended.signal,
      ...(options.onLine && { onLine: options.onLine }),
    }).then(async () => {
      const late = ended.signal.aborted ? [] : wanted.filter((what) => !early.includes(what));
      await Promise.all(late.map(start));
    });
    parts.push(() => {
      ended.abort();
      return ready.catch(() => {}); // whoever waits for it hears of it
    });
    ready.catch(() => {});
    return { azure, slack, redis, processes, ready, env, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A port that was free a moment ago: the bot's settings want a number. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
