import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { weekAt } from '../src/core/week.ts';
import type { Checks } from './checks.ts';
import { type DigestLoad, type DigestRig, POSTS_PER_MINUTE, withDigestRig } from './digest-rig.ts';
import { type Cost, costOf, type Idle, idleOf } from './usage.ts';

/** What the digests of one minute came to. */
export interface DigestFigures {
  readonly load: DigestLoad;
  readonly virtualMachines: number;
  readonly instances: number;
  /** Requests to Resource Graph from a few seconds before the minute until the last message. */
  readonly requests: number;
  /** Messages in channels, and in their threads. */
  readonly heads: Posted;
  readonly details: Posted;
  /** Calls that Slack answered with 429. */
  readonly rateLimited: number;
  /** By worker, beyond its idling. */
  readonly costs: readonly (Cost & { readonly idleMb: number | undefined })[];
  /** Megabytes that Redis used: before the minute, at the most while messages were posted, and after it. */
  readonly redisMb: { readonly before: number; readonly most: number; readonly after: number };
}

/** Messages, and when the first and the last of them stood in Slack, after the minute began. */
export interface Posted {
  readonly messages: number;
  readonly firstSeconds: number;
  readonly seconds: number;
  /** As soon as Slack's limits let this many messages through, all that have to come before them among them. */
  readonly floorSeconds: number;
}

/** The contract: one pass over Azure and the catalogue serve all digests of the hour. */
const REQUESTS_AT_MOST = 15;

const LOOKS_EVERY_MS = 1000;
const IDLES_MS = 3000;
/** Nothing posted for this long: nothing will come any more. A lost answer is looked into after 45 s. */
const SILENCE_MS = 90_000;
const MB = 1024 ** 2;

/** Lets the digests of all teams and of the platform be due in the same minute. */
export async function measureDigests(load: DigestLoad, checks: Checks): Promise<DigestFigures> {
  return withDigestRig(load, async (rig) => {
    const { azure, slack, due } = rig;
    const redisMb = { before: await usedMb(rig.redis), most: 0, after: 0 };
    const idles: (Idle | undefined)[] = [rig.idle];
    for (const { child } of rig.replicas.slice(1)) idles.push(await idleOf(child.pid ?? 0, IDLES_MS));
    const { requests, result } = await azure.counting(() =>
      costsOf(rig, idles, () => untilAllSettled(rig, (mb) => (redisMb.most = Math.max(redisMb.most, mb)))),
    );
    redisMb.after = await usedMb(rig.redis);
    const posted = postedIn(slack);
    const figures = {
      load,
      virtualMachines: azure.virtualMachines,
      instances: azure.instances,
      requests,
      ...timesOf(posted, due),
      rateLimited: slack.calls.filter((call) => call.kind === 'api' && call.status === 429).length,
      costs: result.costs,
      redisMb,
    };
    check(rig, posted, figures, result.settled, checks);
    return figures;
  });
}

interface Message {
  readonly key: string;
  readonly channel: string;
  readonly inThread: boolean;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

function postedIn(slack: LocalSlack): readonly Message[] {
  return slack.state.messages.map(({ channel, ts, thread_ts, metadata }) => {
    const payload = metadata?.event_payload as { readonly key?: string } | undefined;
    return { key: payload?.key ?? '', channel, inThread: thread_ts !== undefined, atMs: Number(ts) * 1000 };
  });
}

/**
 * The floor counts from the minute's begin and takes the limits as a steady pace: a message every 200 ms in the workspace,
 * and every second in the busiest channel, whichever is longer. Slack documents no burst for a workspace.
 */
function timesOf(posted: readonly Message[], due: Date): { readonly heads: Posted; readonly details: Posted } {
  const heads = posted.filter(({ inThread }) => !inThread);
  const details = posted.filter(({ inThread }) => inThread);
  const busiest = Math.max(0, ...[...Map.groupBy(posted, ({ channel }) => channel).values()].map((all) => all.length));
  const since = (atMs: number | undefined) => (atMs === undefined ? 0 : (atMs - due.getTime()) / 1000);
  const timed = (messages: readonly Message[], floorSeconds: number): Posted => {
    const times = messages.map(({ atMs }) => atMs).sort((a, b) => a - b);
    return { messages: times.length, firstSeconds: since(times[0]), seconds: since(times.at(-1)), floorSeconds };
  };
  const steady = (messages: number) => (Math.max(0, messages - 1) * 60) / POSTS_PER_MINUTE;
  return {
    heads: timed(heads, steady(heads.length)),
    details: timed(details, details.length === 0 ? 0 : Math.max(steady(posted.length), busiest - 1)),
  };
}

function check(
  { recipients }: DigestRig,
  posted: readonly Message[],
  figures: DigestFigures,
  settled: number,
  checks: Checks,
): void {
  const { teams, workers } = figures.load;
  const where = `of ${teams.toLocaleString('en')} teams and the platform, ${workers === 1 ? 'one worker' : `${workers} workers`}`;
  const heads = Map.groupBy(
    posted.filter(({ inThread }) => !inThread),
    ({ channel }) => channel,
  );
  const one = [...recipients.values()].filter((channel) => heads.get(channel)?.length === 1);
  checks.atMost(`requests for the digests ${where}`, figures.requests, REQUESTS_AT_MOST);
  checks.equal(`channels with exactly one digest ${where}`, one.length, recipients.size);
  checks.equal(`digests in the ledger as posted ${where}`, settled, recipients.size);
  checks.equal(
    `messages posted more than once ${where}`,
    posted.length - new Set(posted.map(({ key }) => key)).size,
    0,
  );
  checks.equal(`calls that Slack refused as too many ${where}`, figures.rateLimited, 0);
}

/** Waits until the ledger says that every week is over, or nobody posts any more. @returns how many were posted */
async function untilAllSettled(rig: DigestRig, onMemory: (mb: number) => void): Promise<number> {
  const { recipients, store, slack, due, redis } = rig;
  const week = weekAt(due, 'UTC');
  let open = [...recipients.keys()];
  let posted = 0;
  let said = 0;
  let heardAt = due.getTime();
  while (open.length > 0 && Date.now() - heardAt < SILENCE_MS) {
    await delay(LOOKS_EVERY_MS);
    onMemory(await usedMb(redis));
    const entries = await Promise.all(open.map((name) => store.ledger.weeks(name, [week])));
    posted += entries.filter(([entry]) => entry?.outcome?.state === 'posted').length;
    open = open.filter((_, index) => entries[index]?.[0]?.outcome === undefined);
    if (slack.state.messages.length > said) heardAt = Date.now();
    said = slack.state.messages.length;
  }
  return posted;
}

/** What some work cost each of the workers. */
async function costsOf(
  { replicas }: DigestRig,
  idles: readonly (Idle | undefined)[],
  work: () => Promise<number>,
): Promise<{ readonly costs: DigestFigures['costs']; readonly settled: number }> {
  const costs: (Cost & { readonly idleMb: number | undefined })[] = [];
  const measured = replicas.reduce(
    (inner, { child }, index) =>
      async () => {
        const { cost, result } = await costOf(child.pid ?? 0, idles[index], inner);
        costs.push({ ...cost, idleMb: idles[index]?.residentMb });
        return result;
      },
    work,
  );
  return { settled: await measured(), costs };
}

async function usedMb(redis: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]) / MB;
}
