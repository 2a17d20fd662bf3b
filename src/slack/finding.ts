import type { WebClient } from '@slack/web-api';
import type { Chat, Pace } from '../ports.ts';
import { type CallFailure, failureOf } from './failure.ts';
import type { Identity } from './identity.ts';
import { join } from './joining.ts';
import { READING, takeTurn } from './pace.ts';
import type { Logger } from './ports.ts';
import { tokenTrouble } from './refusals.ts';

/** Marks our messages' metadata, beside the key. */
export const EVENT_TYPE = 'golden_post';

/** What looking takes. */
export interface FindParts {
  readonly client: WebClient;
  readonly pace: Pace;
  readonly logger: Logger;
  readonly patienceMs: number;
  readonly identity: () => Promise<Identity>;
}

type Place = Parameters<Chat['find']>[0];
type Found = Awaited<ReturnType<Chat['find']>>;

/** Our clock and Slack's, which stamps messages, may differ so much. */
const CLOCK_SKEW_MS = 60_000;
const PAGE = 200;
/** 10,000 messages: a channel that says more than that meanwhile is not searched to its end. */
const MOST_PAGES = 50;
const RETRY_MS = 30_000;

/** Words that mean that the bot may not look there; they do not change by waiting. */
const UNREADABLE = new Set([
  'missing_scope',
  'not_in_channel',
  'channel_not_found',
  'thread_not_found',
  'no_permission',
  'method_not_supported_for_channel_type',
]);

/**
 * Looks for a message by its metadata. `absent` is said only after every page of the range was read.
 *
 * @throws FatalError where Slack refuses the token.
 */
export async function findSaid(place: Place, parts: FindParts): Promise<Found> {
  // Reading direct messages takes a scope that Golden does not ask for.
  if (!/^[CGD]/.test(place.channel)) return { kind: 'unreadable' };
  let joined = false;
  for (;;) {
    try {
      return await readPages(place, parts);
    } catch (error) {
      const failure = failureOf(error);
      const { channel } = place;
      if (failure.kind === 'refused' && failure.error === 'not_in_channel' && !joined) {
        joined = true;
        const outcome = await join(channel, parts);
        if (outcome.kind === 'joined') continue;
        if (outcome.kind === 'busy') return outcome;
      }
      parts.logger.warn({ err: error, channel, failure: failure.kind }, 'could not look for a message');
      return cannotLook(failure, error, parts.pace);
    }
  }
}

async function readPages({ channel, thread, key, sinceMs }: Place, parts: FindParts): Promise<Found> {
  const { client, pace, patienceMs } = parts;
  const me = await parts.identity();
  const oldest = ((sinceMs - CLOCK_SKEW_MS) / 1000).toFixed(6);
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const waitMs = await takeTurn(pace, [READING], patienceMs);
    if (waitMs > 0) return { kind: 'busy', waitMs };
    const range = { channel, oldest, limit: PAGE, include_all_metadata: true, ...(cursor && { cursor }) };
    const answer =
      thread === undefined
        ? await client.conversations.history(range)
        : await client.conversations.replies({ ...range, ts: thread });
    for (const { ts, metadata, bot_id, user } of answer.messages ?? []) {
      const payload: { readonly key?: unknown } | undefined = metadata?.event_payload;
      if (
        mayBeOurs({ bot_id, user }, me) &&
        metadata?.event_type === EVENT_TYPE &&
        payload?.key === key &&
        ts !== undefined
      ) {
        return { kind: 'found', channel, ts };
      }
    }
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) return answer.has_more === true || !answer.messages ? { kind: 'unreadable' } : { kind: 'absent' };
  }
  return { kind: 'unreadable' };
}

/** Nobody else's message passes for ours; one that does not say whose it is may: better found than said twice. */
function mayBeOurs(
  by: { readonly bot_id: string | undefined; readonly user: string | undefined },
  { bot: { botId, botUserId } }: Identity,
): boolean {
  const pairs = [
    [by.bot_id, botId],
    [by.user, botUserId],
  ].filter(([said, known]) => said !== undefined && known !== undefined);
  return pairs.length === 0 || pairs.some(([said, known]) => said === known);
}

async function cannotLook(failure: CallFailure, cause: unknown, pace: Pace): Promise<Found> {
  switch (failure.kind) {
    case 'busy':
      await pace.hold(READING.key, failure.waitMs);
      return failure;
    case 'refused': {
      if (UNREADABLE.has(failure.error)) return { kind: 'unreadable' };
      const fatal = tokenTrouble(failure, cause);
      if (fatal) throw fatal;
      return { kind: 'busy', waitMs: RETRY_MS };
    }
    default:
      return { kind: 'busy', waitMs: RETRY_MS };
  }
}
