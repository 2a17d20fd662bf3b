import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { parse, stringify } from 'yaml';
import { sandboxConfig } from '../../sandbox/azure/generate.ts';
import type { LocalAzure } from '../../sandbox/azure/server.ts';
import { type LocalSlack, startSlack } from '../../sandbox/slack/server.ts';
import type { Message } from '../../sandbox/slack/types.ts';
import { lastDue } from '../../src/core/week.ts';
import type { WeekOutcome } from '../../src/ports.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { type Answer, openAzureTap } from './azure-tap.ts';
import { openRedisTap, type Strike } from './redis-tap.ts';

/**
 * Real workers that are killed: the shipped code in processes of its own, BullMQ over a real Redis, and a Slack and an Azure
 * that talk HTTP. Only the times after which somebody takes over are shorter than those that ship.
 */

const TIMES = {
  leaseMs: 1500,
  saying: { settleMs: 1500, sendWithinMs: 500 },
  stall: { lockMs: 1000, checkMs: 500 },
};
export const TEAM = 'payments';
export const PLATFORM_CHANNEL = 'C0PLATFORM';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** An answer of Azure that never comes is waited for for a minute. */
const PATIENCE_MS = 90_000;
const REST_MS = 5000;
/** Longer than a lease: whoever waits for such an answer may have lost its week. */
const LATE_MS = 2 * TIMES.leaseMs;
const TURN_MS = 2000;
const LOOK_MS = 20;

/** Where a worker is struck; each worker has its own count of everything, from 0. */
export type Point =
  /** The nth call of Slack that posts, reads or joins. */
  | { readonly at: 'slack'; readonly nth: number; readonly how: 'before' | 'after' | 'lost' | 'late' | 'error' }
  /** The nth request. */
  | { readonly at: 'azure'; readonly nth: number; readonly how: 'before' | 'after' }
  /** The nth command that writes a record of the digest, or the nth of all commands. */
  | { readonly at: 'record' | 'redis'; readonly nth: number; readonly how: 'before' | 'after' }
  /** When its head was recorded as begun, before it knows; or when it waits for its turn to say it. */
  | { readonly at: 'begun' | 'turn'; readonly nth: 0; readonly how: 'suspend' };

export interface History {
  /** Whether the optional history scope is granted. */
  readonly readable: boolean;
  readonly channel?: string;
  /** The first worker is struck at the first of them, the next one at the second; whoever comes after all of them lives. */
  readonly points: readonly Point[];
  /** Waits for as long as it takes until what a killed worker was asking of Azure counts as lost. */
  readonly patient?: boolean;
}

export interface Lived {
  readonly outcome: WeekOutcome | undefined;
  /** In the team's channel. */
  readonly heads: readonly Message[];
  readonly details: readonly Message[];
  /** What the platform's channel was told. */
  readonly told: readonly Message[];
  /** How often each thing happened to the last worker. */
  readonly counts: Readonly<Record<Point['at'], number>>;
  /** What Slack was asked, by all workers. */
  readonly methods: readonly string[];
  /** Points that no worker came to. */
  readonly missed: readonly Point[];
}

interface Around {
  readonly redisUrl: string;
  /** A database of Redis that nobody else uses meanwhile. */
  readonly db: number;
  readonly azure: LocalAzure;
  /** What it answered to other histories. */
  readonly answers: Map<string, Answer>;
  /** How long to wait for the end of the week. */
  readonly patienceMs?: number;
}

const MAIN = fileURLToPath(new URL('worker-main.ts', import.meta.url));
/** What a delivery asks of Slack. */
const METHODS = /^(chat\.postMessage|conversations\.(history|replies|join))$/;
const RECORDS = new RegExp(`^\\{golden\\}:(ledger:${TEAM}$|(post|note):digest:${TEAM}:)`);
const READS = /^(hmget|get)$/;

/** Lives one history. */
export async function live(history: History, around: Around): Promise<Lived> {
  const parts: (() => unknown)[] = [];
  try {
    return await new Life(history, around, parts).live();
  } finally {
    for (const end of parts.reverse()) await end();
  }
}

interface Loaded {
  readonly worker: ChildProcess;
  readonly failed: Promise<void>;
}

class Life {
  readonly #history: History;
  readonly #around: Around;
  /** Ends what was opened. */
  readonly #parts: (() => unknown)[];
  /** Points that no worker came to yet: the first is for the worker that runs now. */
  readonly #ahead: Point[];
  #counts = noCounts();
  #worker: ChildProcess | undefined;
  #gone = Promise.withResolvers<void>();
  #suspended: ChildProcess | undefined;
  #redis: Redis | undefined;
  #store: Store | undefined;
  #striking: Promise<void> | undefined;
  #isOver = false;

  constructor(history: History, around: Around, parts: (() => unknown)[]) {
    this.#history = history;
    this.#around = around;
    this.#parts = parts;
    this.#ahead = [...history.points];
  }

  async live(): Promise<Lived> {
    const { readable, channel = 'C0PAYMENTS', points } = this.#history;
    const { redisUrl, db } = this.#around;
    const url = `${redisUrl}/${db}`;
    const redis = this.#open(new Redis(url), (each) => each.disconnect());
    this.#redis = redis;
    await redis.flushdb();
    const log = { info: () => {}, warn: () => {} };
    const store = this.#open(await openStore({ url, scope: 'test', log }), (each) => each.close());
    this.#store = store;
    const now = Date.now();
    const time = timeOf(new Date(now - 2 * HOUR_MS));
    const { week } = lastDue(time, new Date(now));
    await store.ledger.since(TEAM, now - 3 * DAY_MS);

    const slack = this.#open(await this.#openSlack(readable), (each) => each.close());
    const env = await this.#environment(slack, configText(this.#around.azure, channel, time));
    const killers = points.filter(({ how }) => ['before', 'after', 'suspend'].includes(how));
    // All are loaded beforehand, so that a history is as short as its takeovers.
    const workers = [...killers, undefined].map(() => this.#open(load(env), (each) => each.worker.kill('SIGKILL')));
    const ended = until(this.#around.patienceMs ?? PATIENCE_MS, async () => {
      // The local Slack and Azure are busy in this process now and then, and Redis is asked again.
      const [entry] = await store.ledger.weeks(TEAM, [week]).catch(() => []);
      return entry?.outcome;
    });
    const failed = this.#inTurn(workers);
    const outcome = await Promise.race([ended, failed]);
    // Some are struck when the week has ended, and before the worker is done with it.
    const isStruck = until(REST_MS, async () => this.#ahead.length === 0 || undefined);
    await Promise.race([isStruck, failed]);
    await this.#striking;
    if (this.#suspended !== undefined) await this.#wake(this.#suspended);

    this.#isOver = true;
    const { messages } = slack.state;
    const inChannel = messages.filter((message) => message.channel === channel);
    return {
      outcome,
      heads: inChannel.filter(({ thread_ts }) => thread_ts === undefined),
      details: inChannel.filter(({ thread_ts }) => thread_ts !== undefined),
      told: messages.filter((message) => message.channel === PLATFORM_CHANNEL),
      counts: this.#counts,
      methods: slack.calls.flatMap((call) => (call.kind === 'api' ? [call.method] : [])),
      missed: this.#ahead,
    };
  }

  #open<T>(part: T, end: (part: T) => unknown): T {
    this.#parts.push(() => end(part));
    return part;
  }

  #openSlack(readable: boolean): Promise<LocalSlack> {
    const scopes = ['chat:write', 'channels:read', 'channels:join', 'users:read', 'usergroups:read'];
    const faults = { lost: 'lost-answer', late: 'late-answer', error: 'refuse-after' } as const;
    const started = startSlack({
      app: { scopes: readable ? [...scopes, 'channels:history'] : scopes },
      onCall: async (phase, method) => {
        if (!METHODS.test(method)) return 'go';
        const point = this.#pointAt('slack', phase);
        if (point?.how === phase) return this.#strike();
        if (point?.how === 'lost' || point?.how === 'late' || point?.how === 'error') {
          this.#ahead.shift();
          const { faults: planted } = await started;
          planted.plant({ kind: faults[point.how], method, error: 'internal_error', delayMs: LATE_MS });
        }
        return 'go';
      },
    });
    return started;
  }

  async #environment(slack: LocalSlack, config: string): Promise<Record<string, string>> {
    const tap = this.#open(await openRedisTap(this.#around.redisUrl, this.#around.db), (each) => each.close());
    tap.onCommand = ({ name, key }) => this.#onCommand(name, key);
    const azure = this.#open(await openAzureTap(this.#around.azure.url, this.#around.answers), (each) => each.close());
    azure.onRequest = () => {
      const point = this.#pointAt('azure', 'after');
      return async (phase) => (point?.how === phase ? this.#strike() : 'go');
    };
    const home = await mkdtemp(join(tmpdir(), 'golden-kill-'));
    this.#open(home, (each) => rm(each, { recursive: true, force: true }));
    const file = join(home, 'golden.yml');
    await writeFile(file, config);
    return {
      PATH: process.env.PATH ?? '',
      HOME: home,
      NODE_COMPILE_CACHE: join(tmpdir(), 'golden-test-compiled'),
      GOLDEN_CONFIG: file,
      SLACK_API_URL: slack.apiUrl,
      SLACK_BOT_TOKEN: slack.botToken,
      REDIS_URL: tap.url,
      AZURE_RESOURCE_MANAGER_ENDPOINT: azure.url,
      AZURE_ACCESS_TOKEN: 'sandbox',
      HEALTH_PORT: '0',
      HEALTH_HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
    };
  }

  /** Starts the next worker whenever one is gone. */
  async #inTurn(workers: readonly Loaded[]): Promise<undefined> {
    for (const { worker, failed } of workers) {
      this.#worker = worker;
      this.#counts = noCounts();
      this.#gone = Promise.withResolvers<void>();
      worker.stdin?.write('\n');
      await Promise.race([this.#gone.promise, failed.then(() => this.#gone.promise)]);
    }
  }

  /** The point of the worker that runs now, if this is where it is struck. Counts at one of the edges. */
  #pointAt(at: Point['at'], phase: 'before' | 'after'): Point | undefined {
    const [point] = this.#ahead;
    const nth = this.#counts[at];
    if (phase === 'after') this.#counts[at] += 1;
    return !this.#isOver && point?.at === at && point.nth === nth ? point : undefined;
  }

  async #strike(): Promise<'drop'> {
    this.#ahead.shift();
    this.#striking = this.#killed();
    await this.#striking;
    return 'drop';
  }

  async #killed(): Promise<void> {
    const worker = this.#worker;
    if (worker !== undefined) await killed(worker);
    if (!this.#history.patient && this.#redis) await forgetQuestions(this.#redis);
    this.#gone.resolve();
  }

  #onCommand(name: string, key: string): Strike | undefined {
    const isRecord = RECORDS.test(key) && !READS.test(name);
    const isBegun = key.startsWith(`{golden}:post:digest:${TEAM}:`) && name === 'eval';
    // Whoever is to be suspended at its turn has to wait for it.
    if (isBegun && this.#ahead[0]?.at === 'turn') return { phase: 'after', act: () => this.#holdPosts() };
    const found = [
      isRecord && this.#pointAt('record', 'after'),
      this.#pointAt('redis', 'after'),
      isBegun && this.#pointAt('begun', 'after'),
      key.startsWith('{golden}:pace:') && this.#pointAt('turn', 'after'),
    ].find((point) => typeof point === 'object');
    if (!found) return undefined;
    const phase = found.how === 'before' ? 'before' : 'after';
    if (found.how !== 'suspend') return { phase, act: async () => void (await this.#strike()) };
    return found.at === 'begun'
      ? { phase, act: async () => this.#suspend() }
      : // It has its answer by then, and still waits for its turn.
        { phase, act: async () => void pause(TURN_MS / 4).then(() => this.#suspend()) };
  }

  async #holdPosts(): Promise<void> {
    await this.#store?.pace.hold('slack:post', TURN_MS);
  }

  #suspend(): void {
    this.#ahead.shift();
    this.#suspended = this.#worker;
    this.#suspended?.kill('SIGSTOP');
    this.#gone.resolve();
  }

  /** Lets who was suspended finish what it was at. */
  async #wake(suspended: ChildProcess): Promise<void> {
    if (this.#worker !== undefined) await killed(this.#worker);
    this.#counts = noCounts();
    suspended.kill('SIGCONT');
    // Whatever it does, it gives the week back in the end.
    await until(REST_MS, async () => this.#counts.record > 0 || undefined);
  }
}

function noCounts(): Record<Point['at'], number> {
  return { slack: 0, azure: 0, record: 0, redis: 0, begun: 0, turn: 0 };
}

/** A worker that begins when it is told to, and what becomes of it unless it is killed. */
function load(env: Readonly<Record<string, string>>): Loaded {
  const worker = spawn(process.execPath, [MAIN, JSON.stringify(TIMES)], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  worker.stdin.on('error', () => {}); // it was killed before it read
  let written = '';
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      written = (written + chunk.toString()).slice(-4000);
    });
  }
  const failed = once(worker, 'exit').then(([code, signal]) => {
    if (signal !== 'SIGKILL') throw new Error(`A worker ended by itself with ${String(code)}:\n${written}`);
  });
  failed.catch(() => {}); // told by whoever waits for it

  return { worker, failed };
}

async function killed(worker: ChildProcess): Promise<void> {
  worker.kill('SIGKILL');
  if (worker.exitCode === null && worker.signalCode === null) await once(worker, 'exit');
}

/** What a killed worker was asking of Azure is asked again after a minute; here at once, since nobody else asks. */
async function forgetQuestions(redis: Redis): Promise<void> {
  const keys = await redis.keys('{golden}:asking:*');
  if (keys.length > 0) await redis.del(...keys);
}

/** The digest time that is due at an instant, to the minute. */
function timeOf(at: Date) {
  const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
  return { day: days[at.getUTCDay()] ?? 'sunday', time: at.toISOString().slice(11, 16), timezone: 'UTC' };
}

/** A golden.yml in which one team has a digest; the platform's own is due some other day. */
function configText(azure: LocalAzure, channel: string, time: ReturnType<typeof timeOf>): string {
  const config = parse(sandboxConfig(azure.estate)) as { teams: Record<string, object> };
  const teams = Object.entries(config.teams).map(([name, team]) => {
    const { digest: _, ...rest } = team as { digest?: unknown };
    return [name, name === TEAM ? { ...rest, channel, digest: time } : rest];
  });
  const platform = { channel: PLATFORM_CHANNEL, digest: timeOf(new Date(Date.now() + 2 * DAY_MS)) };
  return stringify({ ...config, teams: Object.fromEntries(teams), platform });
}

async function until<T>(patienceMs: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await pause(LOOK_MS)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  return undefined;
}
