import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { SocketModeReceiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { SlackSettings } from '../config.ts';
import { buildApp } from './bolt.ts';
import { clientOptions, refusalOf } from './call.ts';
import { type Identity, identify } from './identity.ts';
import { sdkLogger } from './logger.ts';
import { type SlackDeps, TIMING } from './ports.ts';
import { httpReceiver, socketReceiver } from './receivers.ts';

/** A running connection to Slack. */
export interface SlackConnection {
  /** Whether requests of Slack reach us and answers reach Slack. */
  ready(): boolean;
  /**
   * Takes nothing new, answers what came in, and ends, all within `drainMs`. Whoever's answer is not there shortly before
   * that is told to ask again: nobody is left with "Reading Azure…".
   */
  stop(drainMs?: number): Promise<void>;
  /** HTTP mode: where it listens. */
  readonly port: number | undefined;
}

const LONGEST_PAUSE_MS = 60_000;
const HELLO_MS = 15_000;
const DRAIN_MS = 8_000;
/** What saying so takes where Slack is slow. */
const LAST_WORDS_MS = 2_000;

/**
 * Connects to Slack. A Slack that is down, or refuses the token, is said in the log and tried again for ever: the process
 * stays, unready, until somebody mends it.
 *
 * @throws where the port of HTTP mode cannot be listened on.
 */
export async function startSlack(settings: SlackSettings, deps: SlackDeps): Promise<SlackConnection> {
  const { logger } = deps;
  const stopping = new AbortController();
  const client = new WebClient(settings.botToken, { ...clientOptions(settings.apiUrl), logger: sdkLogger(logger) });
  const reconnectMs = deps.timing?.reconnectMs ?? TIMING.reconnectMs;
  let identity: Identity | undefined;

  /** Tries until it works or we stop. */
  const persist = async (what: string, attempt: () => Promise<void>): Promise<void> => {
    for (let failures = 0; !stopping.signal.aborted; failures += 1) {
      try {
        return await attempt();
      } catch (error) {
        const waitMs = Math.min(LONGEST_PAUSE_MS, reconnectMs * 2 ** failures);
        logger.error(
          { err: error, waitMs, ...adviceOn(error) },
          `${what}; trying again in ${Math.ceil(waitMs / 1000)} s`,
        );
        await pause(waitMs, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  };

  const receiver = settings.mode === 'socket' ? socketReceiver(settings, logger) : httpReceiver(settings, logger);
  const { app, settled, giveUp } = buildApp(receiver, settings, deps, () => identity);
  await app.init();

  const identified = persist('Slack does not say who we are', async () => {
    identity = await identify(client);
    logger.info({ workspace: identity.team }, 'Slack knows the bot');
  });

  const transport =
    'client' in receiver
      ? socketTransport(receiver, persist, stopping.signal, deps)
      : await httpTransport(app.start.bind(app));
  return {
    port: transport.port,
    ready: () => identity !== undefined && transport.up() && !stopping.signal.aborted,
    stop: async (drainMs = DRAIN_MS) => {
      stopping.abort();
      const stopped = app
        .stop()
        .catch((error: unknown) => logger.warn({ err: error }, 'Slack’s receiver did not stop cleanly'));
      const done = new AbortController();
      const { signal } = done;
      const lastWordsMs = Math.min(LAST_WORDS_MS, drainMs / 4);
      const timeIsUp = async () => {
        await pause(drainMs - lastWordsMs, undefined, { signal });
        giveUp();
        await pause(lastWordsMs, undefined, { signal });
      };
      await Promise.race([Promise.all([stopped, settled(), identified, transport.ended]), timeIsUp().catch(() => {})]);
      done.abort();
    },
  };
}

interface Transport {
  readonly port: number | undefined;
  up(): boolean;
  readonly ended: Promise<void>;
}

async function httpTransport(listen: () => Promise<unknown>): Promise<Transport> {
  const server = (await listen()) as Server;
  return { port: (server.address() as AddressInfo).port, up: () => server.listening, ended: Promise.resolve() };
}

/** Keeps one socket open: as soon as it is gone the next one is asked for. */
function socketTransport(
  receiver: SocketModeReceiver,
  persist: (what: string, attempt: () => Promise<void>) => Promise<void>,
  stopping: AbortSignal,
  { logger }: SlackDeps,
): Transport {
  let up = false;
  const { client } = receiver;
  const connectOnce = async () => {
    const late = new AbortController();
    try {
      await Promise.race([
        receiver.start(),
        pause(HELLO_MS, undefined, { signal: late.signal }).then(() => {
          throw new Error(`no hello within ${HELLO_MS} ms`);
        }),
      ]);
    } finally {
      late.abort();
    }
  };
  const keep = async () => {
    while (!stopping.aborted) {
      await persist('Slack’s socket does not open', connectOnce);
      if (stopping.aborted) {
        await receiver.stop(); // the socket may have opened while we were stopping
        return;
      }
      up = true;
      logger.info({}, 'connected to Slack');
      await new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
      up = false;
      if (!stopping.aborted) logger.info({}, 'Slack ended the connection; opening the next');
    }
  };
  return { port: undefined, up: () => up, ended: keep() };
}

/** What somebody can do about an error of Slack. */
function adviceOn(error: unknown): { remedy?: string } {
  switch (refusalOf(error)) {
    case 'invalid_auth':
    case 'not_authed':
    case 'account_inactive':
    case 'token_revoked':
      return { remedy: 'Slack refuses the token: check SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or install the app again' };
    case 'missing_scope':
    case 'not_allowed_token_type':
      return {
        remedy: 'The token lacks a scope: SLACK_APP_TOKEN needs connections:write, the bot the scopes of manifest.yml',
      };
    case undefined:
      return { remedy: 'Slack cannot be reached: check the network and SLACK_API_URL' };
    default:
      return {};
  }
}
