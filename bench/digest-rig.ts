import { setTimeout as delay } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { ShippedProcess } from '../sandbox/processes.ts';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { STATES } from '../src/core/classification.ts';
import { dayOf } from '../src/core/history.ts';
import type { Counts } from '../src/core/report.ts';
import { openStore, type Store } from '../src/store/index.ts';
import { DEFAULT_PREFIX, keysOf } from '../src/store/keys.ts';
import { type Rig, type RigOptions, withRig } from './rig.ts';

/** What is to be posted, and by whom. */
export interface DigestLoad {
  readonly teams: number;
  readonly machines: number;
  readonly subscriptions: number;
  readonly workers: number;
}

/** Workers that wait for a minute in which the digests of all teams are due. */
export interface DigestRig extends Rig {
  readonly due: Date;
  /** Whoever gets one, with the channel: teams by name, and the platform. */
  readonly recipients: ReadonlyMap<string, string>;
  readonly store: Store;
  readonly redis: Redis;
}

/** Slack's "several hundred messages per minute" for a workspace, read as the fewest that may be meant. */
export const POSTS_PER_MINUTE = 300;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** From the configuration to the minute that is waited for: the workers start, make their schedules and read Azure once. */
const STARTS_WITHIN_MS = 40_000;
/** A trend shows as many. */
const WEEKS_REMEMBERED = 12;
const LOOKS_EVERY_MS = 200;

const BOT = 'U0GOLDEN';
const PLATFORM_CHANNEL = 'C0PLATFORM';
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const silent = { info: () => {}, warn: () => {} };

/**
 * Starts workers over an estate of many teams whose digests are due in one minute to come, with twelve weeks remembered of
 * each. Nothing of Azure is known when that minute begins: the digests pay for their pass themselves.
 */
export async function withDigestRig<T>(load: DigestLoad, work: (rig: DigestRig) => Promise<T>): Promise<T> {
  const names = Array.from({ length: load.teams }, (_, index) => `team-${String(index + 1).padStart(3, '0')}`);
  const recipients = new Map(names.map((name) => [name, `C0${name.toUpperCase().replace('-', '')}`]));
  recipients.set('@platform', PLATFORM_CHANNEL);
  let due = new Date(Number.NaN);
  const options: RigOptions = {
    vms: load.machines,
    subscriptions: load.subscriptions,
    teams: load.teams,
    process: 'worker',
    replicas: load.workers,
    slack: { rateLimits: 'slack', postsPerMinute: POSTS_PER_MINUTE },
    async prepare({ slack, redisUrl }) {
      for (const [name, id] of recipients) addChannel(slack, id, name);
      await rememberWeeks(redisUrl, names);
    },
    config(text) {
      due = new Date(Math.ceil((Date.now() + STARTS_WITHIN_MS) / MINUTE_MS) * MINUTE_MS);
      return dueAt(text, due);
    },
    settled: ({ replicas, redisUrl }) => started(replicas, redisUrl, recipients.size),
  };
  return withRig(options, async (rig) => {
    const store = await openStore({ url: rig.redisUrl, scope: 'bench', log: silent });
    const redis = new Redis(rig.redisUrl);
    try {
      await forgetAnswers(redis);
      if (Date.now() > due.getTime()) throw new Error('the workers were not ready when the digests were due');
      return await work({ ...rig, due, recipients, store, redis });
    } finally {
      redis.disconnect();
      await store.close();
    }
  });
}

/** With the bot in it: joining 500 channels is done once, not every week. */
function addChannel(slack: LocalSlack, id: string, name: string): void {
  if (slack.state.channels.has(id)) return;
  slack.state.channels.set(id, {
    id,
    name,
    kind: 'public',
    archived: false,
    topic: '',
    members: ['U0BOB', BOT],
    created: 0,
  });
}

/** A golden.yml whose digests are all due at a minute of UTC. */
function dueAt(config: string, due: Date): string {
  const time = due.toISOString().slice(11, 16);
  const digest = `digest: { day: ${WEEKDAYS[due.getUTCDay()]}, time: "${time}", timezone: UTC }`;
  const moved = config.replaceAll(/digest: \{[^}]*\}/g, digest);
  return `${moved}platform: { channel: ${PLATFORM_CHANNEL}, ${digest} }\n`;
}

/** A record of each of the last weeks, so that the digests have a trend to draw. */
async function rememberWeeks(redisUrl: string, teams: readonly string[]): Promise<void> {
  const { history, close } = await openStore({ url: redisUrl, scope: 'bench', log: silent });
  const none = Object.fromEntries(STATES.map((state) => [state, 0])) as Counts;
  const now = Date.now();
  await Promise.all(
    teams.map(async (team) => {
      for (let week = WEEKS_REMEMBERED; week > 0; week -= 1) {
        const asOfMs = now - week * 7 * DAY_MS;
        const counts = { ...none, current: 200 - 5 * week, outdated: 5 * week };
        const record = { day: dayOf(new Date(asOfMs)), asOfMs, total: 200, counts, attention: 0, complete: true };
        await history.record(team, record, [], () => false);
      }
    }),
  );
  await close();
}

/** Waits for the schedules of everybody, the first record of the day, and the look at what was missed. */
async function started(replicas: readonly ShippedProcess[], redisUrl: string, recipients: number): Promise<void> {
  const logged = (text: string) => Promise.any(replicas.map((replica) => replica.logged(text, STARTS_WITHIN_MS)));
  await Promise.all([logged('"job":"record-compliance"'), logged('"job":"sweep-digests"')]);
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const queue = new Queue('golden', { connection, prefix: DEFAULT_PREFIX });
  try {
    const until = Date.now() + STARTS_WITHIN_MS;
    while ((await queue.getJobSchedulersCount()) < recipients) {
      if (Date.now() > until) throw new Error('the workers did not schedule the digests');
      await delay(LOOKS_EVERY_MS);
    }
  } finally {
    await queue.close();
    connection.disconnect();
  }
}

/** As if the last pass and the catalogue were older than they may be. */
async function forgetAnswers(redis: Redis): Promise<void> {
  const answers = await redis.keys(keysOf(DEFAULT_PREFIX).answer('*'));
  if (answers.length > 0) await redis.del(answers);
}
