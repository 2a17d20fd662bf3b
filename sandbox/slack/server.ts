import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as acts from './acts.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import type { Faults } from './faults.ts';
import { parseObject, readBody, sendJson, sendText } from './http.ts';
import { createHub, type Hub } from './hub.ts';
import * as modals from './modals.ts';
import { handlePage } from './page-server.ts';
import { useResponseUrl } from './response-urls.ts';

export type { SlackOptions } from './settings.ts';

import { type SlackOptions, settingsOf } from './settings.ts';
import type { DropReason } from './sockets.ts';
import type { Ack, Call, Envelope, Fields, Message, Workspace } from './types.ts';
import { receiveUpload, serveFile } from './uploads.ts';
import { handleWebApi } from './web-api.ts';

/** Options of `waitFor`. */
export interface WaitOptions {
  timeoutMs?: number;
  /** Named in the error, so that a failing test says what it missed. */
  what?: string;
}

/** A running local Slack, as tests and the sandbox use it. */
export interface LocalSlack {
  /** Origin of page and server, without a slash at the end. */
  url: string;
  /** What the bot takes as `slackApiUrl`. */
  apiUrl: string;
  botToken: string;
  appToken: string;
  signingSecret: string;
  /** Everything the workspace holds; read it, and change it to set a test up. */
  state: Workspace;
  /** Every Web API call, ack and use of a response URL, oldest first, with milliseconds. */
  calls: readonly Call[];
  faults: Faults;
  /** A user types a slash command; resolves with the ack, or after the 3 s without one. */
  slash(act: acts.Slash): Promise<acts.Interaction>;
  /** A user clicks or chooses; name the message by `messageTs` or `ephemeralId`, or a view by `viewId`. */
  click(act: acts.ClickTarget): Promise<acts.Interaction>;
  /** A user submits the modal on top; `values` by action_id or block_id. */
  submitView(act: modals.Submit): Promise<modals.Submission>;
  /** A user closes the modal on top. */
  closeView(user: string): Promise<void>;
  /** A user opens the app's Home tab (or its messages). */
  openHome(user: string, tab?: 'home' | 'messages'): Promise<Ack | undefined>;
  /** A user writes an ordinary message. */
  say(act: acts.Say): Message;
  /** Sends any event the manifest subscribes to. */
  sendEvent(event: Fields): Promise<Ack | undefined>;
  /** Delivers the payload of an earlier envelope once more, in a new envelope. */
  duplicate(envelope: Envelope): Promise<Ack>;
  /** What this user sees in a channel, oldest first; other people's ephemeral messages left out. */
  seen(user: string, channel: string): Message[];
  dropSockets(reason?: DropReason): void;
  /** How many Socket Mode connections take payloads now. */
  connections(): number;
  /** Asks again at every change until the answer is truthy. @throws Error after `timeoutMs` (5 s) */
  waitFor<T>(predicate: () => T, options?: WaitOptions): Promise<NonNullable<T>>;
  /** HTTP mode: where payloads go; undefined turns Socket Mode on. */
  setRequestUrl(url: string | undefined): void;
  close(): Promise<void>;
}

/** Starts a local Slack on 127.0.0.1 with a page, a Web API, Socket Mode and signed HTTP delivery. */
export async function startSlack(options: SlackOptions = {}): Promise<LocalSlack> {
  const hub = createHub(settingsOf(options));
  const delivery = createDelivery(hub);
  const server = createServer((request, response) => {
    route(hub, delivery, request, response).catch((error: unknown) => {
      hub.settings.onLog({ event: 'server_error', error: String(error) });
      if (!response.headersSent) sendJson(response, 500, { ok: false, error: 'internal_error' });
      else response.destroy();
    });
  });
  server.on('upgrade', delivery.sockets.upgrade);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  hub.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: hub.origin,
    apiUrl: `${hub.origin}/api/`,
    botToken: hub.settings.botToken,
    appToken: hub.settings.appToken,
    signingSecret: hub.settings.signingSecret,
    state: hub.workspace,
    calls: hub.calls,
    faults: hub.faults,
    slash: (act) => acts.slash(hub, delivery, act),
    click: (act) => acts.click(hub, delivery, act),
    submitView: (act) => modals.submitView(hub, delivery, act),
    closeView: (user) => modals.closeView(hub, delivery, user),
    openHome: (user, tab) => acts.openHome(hub, delivery, user, tab),
    say: (act) => acts.say(hub, delivery, act),
    sendEvent: (event) => acts.sendEvent(hub, delivery, String(event.type), event),
    duplicate: ({ type, payload }) => delivery.deliver(acts.envelopeOf(hub, type, payload)),
    seen: (user, channel) =>
      hub.workspace.messages.filter((m) => m.channel === channel && (m.ephemeralTo ?? user) === user),
    dropSockets: (reason = 'refresh_requested') => delivery.sockets.drop(reason),
    connections: () => delivery.sockets.count(),
    waitFor: (predicate, wait) => waitFor(hub, predicate, wait),
    setRequestUrl: (url) => {
      hub.settings.requestUrl = url;
    },
    close: async () => {
      await delivery.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function waitFor<T>(
  hub: Hub,
  predicate: () => T,
  { timeoutMs = 5_000, what = 'what was waited for' }: WaitOptions = {},
): Promise<NonNullable<T>> {
  return new Promise((resolve, reject) => {
    let stop = () => {};
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`${what} did not happen within ${timeoutMs} ms`));
    }, timeoutMs);
    const ask = () => {
      let answer: T;
      try {
        answer = predicate();
      } catch (error) {
        stop();
        clearTimeout(timer);
        reject(error as Error);
        return;
      }
      if (!answer) return;
      stop();
      clearTimeout(timer);
      resolve(answer as NonNullable<T>);
    };
    stop = hub.onChange(ask);
    ask();
  });
}

async function route(hub: Hub, delivery: Delivery, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', hub.origin);
  const [, area = '', ...rest] = url.pathname.split('/');
  switch (area) {
    case 'api': {
      const openSocketUrl = () => delivery.sockets.open(hub.origin);
      return handleWebApi({ hub, openSocketUrl }, url, request, response);
    }
    case 'response': {
      const body = parseObject((await readBody(request)).toString('utf8'));
      const { status, answer } = useResponseUrl(hub, rest[0] ?? '', body);
      if (status === 200) return sendText(response, 200, 'ok');
      return sendJson(response, status, answer);
    }
    case 'upload':
      return receiveUpload(hub, rest[1] ?? '', request, response);
    case 'files':
      return serveFile(hub, rest[0] ?? '', response);
    default:
      return handlePage(hub, delivery, url, request, response);
  }
}
