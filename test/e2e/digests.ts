import { parse, stringify } from 'yaml';
import { type ShippedProcess, startShipped } from '../../sandbox/processes.ts';
import { clockAhead } from '../../sandbox/rewind.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Channel, Message } from '../../sandbox/slack/types.ts';
import type { DayRecord, OpenFinding } from '../../src/core/history.ts';
import type { TeamDigest } from '../../src/core/team.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { theCounts } from '../slack/digest-build.ts';

/** What a test of digests sets up and looks at: times that have come, a past, channels, and what was posted there. */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The bot, as the local Slack knows it. */
const BOT = 'U0GOLDEN';

/** A digest's time that was so long ago; `minutes` may be negative: it is to come. */
export function due(minutes: number, more: Partial<TeamDigest> = {}): Partial<TeamDigest> {
  const then = new Date(Date.now() - minutes * MINUTE_MS);
  const day = then.toLocaleDateString('en-GB', { weekday: 'long', timeZone: 'UTC' }).toLowerCase();
  return { day: day as TeamDigest['day'], time: then.toISOString().slice(11, 16), timezone: 'UTC', ...more };
}

type Yml = { teams: Record<string, Record<string, unknown>>; platform?: Record<string, unknown> };

/** A golden.yml with other teams' settings, further teams among them; undefined takes a setting away. */
export function withTeams(
  yml: string,
  teams: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  platform?: Readonly<Record<string, unknown>>,
): string {
  const config = parse(yml) as Yml;
  for (const [name, settings] of Object.entries(teams)) {
    config.teams[name] = { match: { tags: { team: name } }, ...config.teams[name], ...settings };
  }
  if (platform) config.platform = { ...config.platform, ...platform };
  return stringify(JSON.parse(JSON.stringify(config)));
}

/** The store of a sandbox, to set up what was and to look at what is. */
export function storeOf({ redis }: Pick<Sandbox, 'redis'>): Promise<Store> {
  const silent = { warn: () => {}, info: () => {}, error: () => {} };
  return openStore({ url: redis.url, scope: 'test', log: silent });
}

/** Teams that have had digests for some days, so that what was due lately is theirs and no week before. */
export async function haveDigests(store: Store, ...teams: readonly string[]): Promise<void> {
  for (const team of teams) await store.ledger.since(team, Date.now() - 3 * DAY_MS);
}

/** A team's eleven weeks before this one: fewer and fewer outdated machines, and what was open all the time. */
export async function rememberWeeks(
  store: Store,
  team: string,
  open: readonly Omit<OpenFinding, 'since'>[] = [],
): Promise<void> {
  for (let ago = 11; ago >= 1; ago -= 1) {
    const asOf = new Date(Date.now() - ago * 7 * DAY_MS);
    const record: DayRecord = {
      day: asOf.toISOString().slice(0, 10),
      asOfMs: asOf.getTime(),
      total: 28,
      counts: theCounts({ current: 20 - ago, outdated: 2 + ago, endOfLife: 4, unknown: 2 }),
      attention: 8 + ago,
      medianAgeDays: 20 + ago,
      p90AgeDays: 60 + ago,
      complete: true,
    };
    await store.history.record(team, record, open, () => false);
  }
}

/** Makes a public channel with the staff in it; the bot only where it is said. */
export function makeChannel({ slack }: Sandbox, id: string, special: Partial<Channel> = {}): void {
  slack.state.channels.set(id, {
    id,
    name: id.toLowerCase().slice(2),
    kind: 'public',
    archived: false,
    topic: '',
    members: ['U0ALICE', 'U0BOB', BOT],
    created: 1_767_225_600,
    ...special,
  });
}

/** Starts a worker beside a sandbox; it ends with `stop`, at the latest with the sandbox's Redis. */
export async function startWorker(
  { env }: Sandbox,
  aheadMs = 0,
  onLine?: (line: string) => void,
): Promise<ShippedProcess> {
  const clock = aheadMs === 0 ? {} : clockAhead(aheadMs);
  const worker = startShipped('worker', ['worker'], { ...env, ...clock }, onLine);
  await worker.logged('"started"');
  return worker;
}

/** What the bot said in a channel by itself, outside threads. */
export function posted({ slack }: Sandbox, channel: string): readonly Message[] {
  return slack.state.messages.filter(
    (message) =>
      message.channel === channel &&
      message.thread_ts === undefined &&
      message.ephemeralTo === undefined &&
      message.user === BOT,
  );
}

/** What the bot said in a message's thread. */
export function thread({ slack }: Sandbox, { channel, ts }: Message): readonly Message[] {
  return slack.state.messages.filter((message) => message.channel === channel && message.thread_ts === ts);
}

/** Waits until so many messages are in a channel. */
export function waitForPosts(sandbox: Sandbox, channel: string, count = 1): Promise<readonly Message[]> {
  return sandbox.slack.waitFor(
    () => {
      const found = posted(sandbox, channel);
      return found.length >= count ? found : undefined;
    },
    { timeoutMs: 25_000, what: `${count} message(s) in ${channel}` },
  );
}

/** Waits until Slack was asked so often to post in a channel, whatever it answered. */
export function waitForTries({ slack }: Sandbox, channel: string, count = 1): Promise<unknown> {
  return slack.waitFor(() => tries(slack, channel) >= count, {
    timeoutMs: 25_000,
    what: `${count} tries to post in ${channel}`,
  });
}

function tries(slack: Sandbox['slack'], channel: string): number {
  return slack.calls.filter(
    (call) => call.kind === 'api' && call.method === 'chat.postMessage' && call.args.channel === channel,
  ).length;
}

/** The types of a message's blocks. */
export function blockTypes({ blocks = [] }: Message): readonly string[] {
  return blocks.map(({ type }) => String(type));
}

/** The action of a message's button with this text. */
export function actionOf({ blocks }: Message, text: string | RegExp): { actionId: string; blockId: string } {
  for (const block of (blocks ?? []) as { block_id: string; elements?: unknown[]; accessory?: unknown }[]) {
    for (const element of [...(block.elements ?? []), block.accessory] as {
      action_id?: string;
      text?: { text?: string };
    }[]) {
      const said = element?.text?.text;
      if (element?.action_id === undefined || said === undefined) continue;
      if (typeof text === 'string' ? said === text : text.test(said)) {
        return { actionId: element.action_id, blockId: block.block_id };
      }
    }
  }
  throw new Error(`no button ${String(text)}`);
}
