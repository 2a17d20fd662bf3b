import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type LocalSlack, type SlackOptions, startSlack } from '../../sandbox/slack/server.ts';
import type { Chat, Pace } from '../../src/ports.ts';
import { type ChatParts, openChat } from '../../src/slack/chat.ts';
import { openPeople, type PeopleParts, type SlackPeople } from '../../src/slack/people.ts';

/** What the bot asks for in manifest.yml, the optional scopes included. */
export const SCOPES = [
  'chat:write',
  'channels:read',
  'channels:join',
  'usergroups:read',
  'users:read',
  'channels:history',
  'groups:history',
];

/** A pace that lets everybody go, and notes who was told to wait. */
export interface FakePace extends Pace {
  readonly reserved: readonly string[];
  readonly held: readonly (readonly [key: string, ms: number])[];
}

/** @param waitMs What every reservation answers. */
export function aPace(waitMs = 0): FakePace {
  const reserved: string[] = [];
  const held: [string, number][] = [];
  return {
    reserved,
    held,
    reserve: async (buckets) => {
      reserved.push(buckets.map(({ key }) => key).join(' '));
      return waitMs;
    },
    hold: async (key, ms) => {
      held.push([key, ms]);
    },
  };
}

export const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A local Slack with our adapters on it. */
export interface Rig extends AsyncDisposable {
  readonly slack: LocalSlack;
  readonly chat: Chat;
  readonly people: SlackPeople;
  readonly pace: FakePace;
  /** How often a method was called so far. */
  called(method: string): number;
}

export interface RigOptions {
  readonly slack?: SlackOptions;
  readonly scopes?: readonly string[];
  readonly pace?: FakePace;
  readonly chat?: Partial<ChatParts>;
  readonly people?: Partial<PeopleParts>;
}

/** Opens a rig; `await using` ends it. */
export async function openRig(options: RigOptions = {}): Promise<Rig> {
  const { scopes = SCOPES, pace = aPace() } = options;
  const slack = await startSlack({ rateLimits: 'off', app: { scopes: [...scopes] }, ...options.slack });
  return {
    slack,
    pace,
    chat: openChat(slack, { pace, logger: silent, ...options.chat }),
    people: openPeople(slack, { pace, logger: silent, ...options.people }),
    called: (method) => slack.calls.filter((call) => call.kind === 'api' && call.method === method).length,
    [Symbol.asyncDispose]: () => slack.close(),
  };
}

/** Something that answers in Slack's place. */
export async function openServer(listener: RequestListener): Promise<{ readonly apiUrl: string } & AsyncDisposable> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
