import { commands } from '../../commands/index.ts';
import { type LocalSlack, type SlackOptions, startSlack as startLocalSlack } from '../../sandbox/slack/server.ts';
import type { Message } from '../../sandbox/slack/types.ts';
import type { Services } from '../../src/command.ts';
import type { SlackConnection, SlackDeps } from '../../src/slack/index.ts';
import { startSlack } from '../../src/slack/index.ts';
import { aList, aStatus, aTeam, aWhy, aWhyReport, NOW } from './build.ts';

/** One line that the bot logged. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The real Bolt app against a local Slack, with made-up answers in place of Azure. */
export interface World {
  readonly slack: LocalSlack;
  readonly bot: SlackConnection;
  readonly log: readonly LogLine[];
  readonly acks: readonly number[];
  readonly counted: readonly string[];
  /** Types a command and answers what its asker sees of it, once that many messages are there. */
  ask(text: string, options?: { readonly user?: string; readonly channel?: string }): Promise<Message>;
  /** The newest message a user sees. */
  last(user?: string, channel?: string): Message | undefined;
  end(): Promise<void>;
}

export const ALICE = 'U0ALICE';
export const CHANNEL = 'C0PAYMENTS';
export type Mode = 'socket' | 'http';

export interface Given {
  readonly mode?: Mode;
  readonly compliance?: Partial<Services['compliance']>;
  readonly services?: Partial<Services>;
  readonly deps?: Partial<SlackDeps>;
  readonly slack?: SlackOptions;
  /** Before the bot starts. */
  readonly prepare?: (slack: LocalSlack) => void;
  /** Do not wait until the bot is connected. */
  readonly impatient?: boolean;
}

/** Opens a world; `end` it in the same test. */
export async function openWorld(given: Given = {}): Promise<World> {
  const slack = await startLocalSlack({ rateLimits: 'off', ...given.slack });
  given.prepare?.(slack);
  const log: LogLine[] = [];
  const acks: number[] = [];
  const counted: string[] = [];
  const lines = (level: string) => (fields: object, message: string) => {
    log.push({ level, message, fields: { ...fields } });
  };
  const { botToken, appToken, signingSecret, apiUrl } = slack;
  const deps: SlackDeps = {
    commands,
    once: async () => true,
    logger: { debug: lines('debug'), info: lines('info'), warn: lines('warn'), error: lines('error') },
    metrics: { onAck: (ms) => acks.push(ms), onCommand: (name, outcome) => counted.push(`${name} ${outcome}`) },
    services: {
      teams: [aTeam(), aTeam({ name: 'team-y', channel: 'C0CHECKOUT' })],
      portal: 'https://portal.azure.com',
      clock: { now: () => NOW },
      // What a test does not name is not asked.
      ...({ digests: {}, trends: {}, people: {}, mutes: {}, follows: {} } as Pick<
        SlackDeps['services'],
        'digests' | 'trends' | 'people' | 'mutes' | 'follows'
      >),
      ...given.services,
      compliance: {
        status: async (team) => aStatus({ team: team.name }),
        list: async (team, { page }) => aList({ team, page, pages: 3, matching: 60 }),
        why: async (asked) => aWhy([aWhyReport()], asked),
        ...given.compliance,
      },
    },
    timing: { readingMs: 1_000, deadlineMs: 20_000, reconnectMs: 20 },
    ...given.deps,
  };
  const bot = await startSlack(
    given.mode === 'http'
      ? { mode: 'http', botToken, signingSecret, port: 0, apiUrl }
      : { mode: 'socket', botToken, appToken, apiUrl },
    deps,
  );
  if (given.mode === 'http') slack.setRequestUrl(`http://127.0.0.1:${bot.port}/slack/events`);
  const last = (user = ALICE, channel = CHANNEL) => slack.seen(user, channel).at(-1);
  const world: World = {
    slack,
    bot,
    log,
    acks,
    counted,
    last,
    async ask(text, { user = ALICE, channel = CHANNEL } = {}) {
      const before = slack.seen(user, channel).length;
      await slack.slash({ user, channel, text });
      await slack.waitFor(() => slack.seen(user, channel).length > before, { what: `an answer to "${text}"` });
      return last(user, channel)!;
    },
    async end() {
      await bot.stop();
      await slack.close();
    },
  };
  if (given.impatient !== true) await until(() => bot.ready());
  return world;
}

/** Opens a world for one test and ends it whatever happens. */
export async function inWorld(given: Given, work: (world: World) => Promise<void>): Promise<void> {
  const world = await openWorld(given);
  try {
    await work(world);
  } finally {
    await world.end();
  }
}

/** Waits for something of ours that Slack does not announce. */
export async function until(holds: () => boolean, timeoutMs = 5_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`did not come true within ${timeoutMs} ms: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A promise to be settled by hand: a query that hangs until the test says so. */
export function gate<T>(): { readonly answer: Promise<T>; readonly open: (value: T) => void } {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { answer: promise, open: resolve };
}

/** Everything a person can read in a message, in one string. */
export function readable(message: Pick<Message, 'blocks'> | undefined): string {
  const texts: string[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) walk(item);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        if (key === 'text' && typeof item === 'string') texts.push(item);
        else walk(item);
      }
    }
  };
  walk(message?.blocks);
  return texts.join('\n');
}
