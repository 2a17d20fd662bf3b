import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArguments, readBody, sendJson } from './http.ts';
import { type Hub, record } from './hub.ts';
import { basicMethods } from './methods/basics.ts';
import { chatMethods } from './methods/chat.ts';
import { conversationMethods } from './methods/conversations.ts';
import { fileMethods } from './methods/files.ts';
import type { Method, MethodContext } from './methods/method.ts';
import { peopleMethods } from './methods/people.ts';
import { viewMethods } from './methods/views.ts';
import { Refusal } from './refusal.ts';
import { missingScope, scopesOf } from './scopes.ts';
import type { Fields } from './types.ts';

const METHODS: Record<string, Method> = {
  ...basicMethods,
  ...chatMethods,
  ...conversationMethods,
  ...peopleMethods,
  ...viewMethods,
  ...fileMethods,
};

/** Open to everybody, as documented. */
const WITHOUT_TOKEN = new Set(['api.test', 'blocks.validate']);

interface Outcome {
  status: number;
  answer: Fields;
  headers?: Record<string, string>;
  /** The caller never learns. */
  lost?: boolean;
  /** The answer is ready now and sent this much later. */
  lateMs?: number;
}

/** Answers `/api/<method>`: token, scope, rate limit, planted faults, then the method itself. */
export async function handleWebApi(
  context: MethodContext,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { hub } = context;
  const started = performance.now();
  const at = hub.settings.now();
  const method = url.pathname.slice('/api/'.length);
  const contentType = request.headers['content-type'] ?? '';
  const args = parseArguments(url, contentType, (await readBody(request)).toString('utf8'));
  const { token, ...plain } = args ?? {};
  const bearer =
    /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? (typeof token === 'string' ? token : '');

  const delay = hub.faults.take('delay', method, channelOf(plain));
  if (delay) await pause(delay.delayMs);
  const outcome: Outcome = args
    ? await run(context, method, bearer, plain)
    : { status: 200, answer: { ok: false, error: 'invalid_json' } };
  if (contentType === 'application/json' && outcome.answer.ok) warn(outcome.answer, 'missing_charset');

  record(hub, {
    kind: 'api',
    at,
    ms: Math.round(performance.now() - started),
    method,
    args: plain,
    status: outcome.status,
    answer: outcome.answer,
    token: bearer === hub.settings.appToken ? 'app' : bearer === hub.settings.botToken ? 'bot' : 'other',
  });
  if (outcome.lateMs) await pause(outcome.lateMs);
  if (outcome.lost) {
    request.socket.destroy();
    return;
  }
  sendJson(response, outcome.status, outcome.answer, {
    'x-oauth-scopes': hub.settings.app.scopes.join(','),
    'x-accepted-oauth-scopes': scopesOf(method).join(','),
    'x-slack-req-id': hub.newId('req'),
    ...outcome.headers,
  });
}

function warn(answer: Fields, warning: string): void {
  const metadata = (answer.response_metadata ?? {}) as Fields;
  const earlier = Array.isArray(metadata.warnings) ? metadata.warnings : [];
  answer.warning = [answer.warning, warning].filter(Boolean).join(',');
  answer.response_metadata = { ...metadata, warnings: [...earlier, warning] };
}

const channelOf = ({ channel }: Fields): string => (typeof channel === 'string' ? channel : '');

const refuse = (error: string, more: Fields = {}): Outcome => ({ status: 200, answer: { ok: false, error, ...more } });

const DROPPED: Outcome = { status: 0, answer: {}, lost: true };

async function run(context: MethodContext, name: string, token: string, args: Fields): Promise<Outcome> {
  const { hub } = context;
  const method = METHODS[name];
  if (!method) return refuse('unknown_method', { req_method: name });
  const unauthorised = authorise(hub, name, token);
  if (unauthorised) return refuse(unauthorised.error, unauthorised.more);

  const channel = channelOf(args);
  const storm = hub.faults.take('rate-limit', name, channel);
  const waitSec =
    storm?.retryAfterSec ??
    (hub.settings.rateLimits === 'slack' ? hub.rates.waitSec(name, channel, hub.settings.now()) : 0);
  if (waitSec > 0) {
    return { status: 429, answer: { ok: false, error: 'ratelimited' }, headers: { 'retry-after': String(waitSec) } };
  }
  const broken = hub.faults.take('http-error', name, channel);
  if (broken) return { status: broken.status, answer: { ok: false, error: 'internal_error' } };
  const planted = hub.faults.take('refuse', name, channel);
  if (planted) {
    const { error, messages, needed } = planted;
    return refuse(error, { ...(messages && { response_metadata: { messages } }), ...(needed && { needed }) });
  }
  if (hub.faults.take('lost-request', name, channel)) return DROPPED;

  const { onCall } = hub.settings;
  if (onCall && (await onCall('before', name, args)) === 'drop') return DROPPED;
  const done = carriedOut(method, args, context);
  const dropped = onCall && (await onCall('after', name, args)) === 'drop';

  const { error, status = 200 } = hub.faults.take('refuse-after', name, channel) ?? {};
  return {
    ...(error === undefined ? done : { ...refuse(error), status }),
    lost: hub.faults.take('lost-answer', name, channel) !== undefined || dropped === true,
    lateMs: hub.faults.take('late-answer', name, channel)?.delayMs ?? 0,
  };
}

function carriedOut(method: Method, args: Fields, context: MethodContext): Outcome {
  try {
    return { status: 200, answer: { ok: true, ...method(args, context) } };
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.error, error.more);
    throw error;
  }
}

/** Which token fits: the app-level token opens sockets, the bot token does everything else. */
function authorise({ settings }: Hub, method: string, token: string): Refusal | undefined {
  if (WITHOUT_TOKEN.has(method)) return undefined;
  if (token === '') return new Refusal('not_authed');
  if (token !== settings.botToken && token !== settings.appToken) return new Refusal('invalid_auth');
  const wantsAppToken = method === 'apps.connections.open';
  if (wantsAppToken !== (token === settings.appToken)) return new Refusal('not_allowed_token_type');
  const needed = wantsAppToken ? undefined : missingScope(method, settings.app.scopes);
  return needed === undefined
    ? undefined
    : new Refusal('missing_scope', { needed, provided: settings.app.scopes.join(',') });
}
