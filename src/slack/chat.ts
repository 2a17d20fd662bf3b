import { type ChatPostMessageArguments, WebClient } from '@slack/web-api';
import { RetryableError } from '../core/errors.ts';
import type { Chat, ChatMessage, Pace, Said } from '../ports.ts';
import { clientOptions } from './call.ts';
import { type CallFailure, failureOf } from './failure.ts';
import { EVENT_TYPE, type FindParts, findSaid } from './finding.ts';
import { type Identity, identityOf } from './identity.ts';
import { type Joined, join } from './joining.ts';
import { sdkLogger } from './logger.ts';
import { channelBucket, POSTING, takeTurn } from './pace.ts';
import type { Logger } from './ports.ts';
import { placeTrouble, tokenTrouble } from './refusals.ts';
import { simplerForms } from './reply.ts';
import { isAboutPayload } from './response-url.ts';
import type { Message } from './views/message.ts';

/** What talking takes. */
export interface ChatParts {
  /** Shared by all replicas. */
  readonly pace: Pace;
  readonly logger: Logger;
  /** Who the bot is, where that is known already. */
  readonly identity?: () => Promise<Identity>;
  /** How long a call may take. */
  readonly timeoutMs?: number;
  /** How long `say` waits for its turn before it answers `busy`. */
  readonly patienceMs?: number;
}

/**
 * Longer than the 10 s in which Node gives up connecting: a Slack that cannot be reached is then told from an answer that
 * was lost, and the message may be said again.
 */
const TIMEOUT_MS = 15_000;
const PATIENCE_MS = 5_000;
/** No connection came about: a name server or a network that recovers within seconds, or a longer outage. */
const UNREACHED_WAIT_MS = 10_000;
/** Somebody else may be at it by now. */
const NOT_OURS_WAIT_MS = 1_000;

/** Opens the port through which Golden talks in Slack by itself. Nothing is asked of Slack before the first message. */
export function openChat(
  settings: { readonly botToken: string; readonly apiUrl: string },
  { pace, logger, identity, timeoutMs = TIMEOUT_MS, patienceMs = PATIENCE_MS }: ChatParts,
): Chat {
  const client = new WebClient(settings.botToken, {
    ...clientOptions(settings.apiUrl, timeoutMs),
    logger: sdkLogger(logger),
  });
  const parts = { client, pace, logger, patienceMs, identity: identity ?? identityOf(client) };
  const outside = new Set<string>();
  return {
    say: (post) => new Saying(post, parts, outside).say(),
    find: (place) => findSaid(place, parts),
  };
}

type Post = Parameters<Chat['say']>[0];
/** This form of the message was refused: a simpler one may do. */
interface Unfit {
  readonly kind: 'unfit';
  readonly error: string;
}

/** One message on its way. */
class Saying {
  readonly #post: Post;
  readonly #parts: FindParts;
  /** Channels that are still to be joined: Slack said so, and joining has to wait for its turn. */
  readonly #outside: Set<string>;
  #joined: Joined | undefined;

  constructor(post: Post, parts: FindParts, outside: Set<string>) {
    this.#post = post;
    this.#parts = parts;
    this.#outside = outside;
  }

  /** Every form but the last one tried was certainly refused: none is said beside another. */
  async say(): Promise<Said> {
    if (this.#outside.has(this.#post.channel)) {
      const joined = await this.#join();
      if (joined.kind === 'busy') return joined;
    }
    let error = 'no_text';
    for (const form of simplerForms(this.#post.message as Message)) {
      const said = await this.#sayAs(form);
      if (said.kind !== 'unfit') return said;
      error = said.error;
    }
    return {
      kind: 'refused',
      about: 'other',
      why: `Slack does not take the message, not even as text alone (${error}).`,
      remedy: 'Tell whoever runs Golden: its log has what Slack said.',
    };
  }

  async #sayAs(form: Pick<ChatMessage, 'text'> & Partial<ChatMessage>): Promise<Said | Unfit> {
    const { channel, stillOurs = () => true } = this.#post;
    const { pace, patienceMs } = this.#parts;
    const waitMs = await takeTurn(pace, [POSTING, channelBucket(channel)], patienceMs);
    if (waitMs > 0) return { kind: 'busy', waitMs };
    if (!stillOurs()) return { kind: 'busy', waitMs: NOT_OURS_WAIT_MS };
    try {
      const answer = await this.#parts.client.chat.postMessage(this.#payload(form));
      const { ts } = answer;
      if (ts === undefined) return { kind: 'unsure', why: 'the answer names no message' };
      return { kind: 'said', channel: answer.channel ?? channel, ts };
    } catch (error) {
      return this.#failed(failureOf(error), error, form);
    }
  }

  async #join(): Promise<Joined> {
    const { channel } = this.#post;
    const joined = await join(channel, this.#parts);
    if (joined.kind === 'busy') this.#outside.add(channel);
    else this.#outside.delete(channel);
    this.#joined = joined;
    return joined;
  }

  #payload({ text, blocks }: Pick<ChatMessage, 'text'> & Partial<ChatMessage>): ChatPostMessageArguments {
    const { channel, thread, key } = this.#post;
    const payload = {
      channel,
      text,
      ...(blocks !== undefined && { blocks }),
      ...(thread !== undefined && { thread_ts: thread }),
      metadata: { event_type: EVENT_TYPE, event_payload: { key } },
      link_names: false,
      parse: 'none',
      unfurl_links: false,
      unfurl_media: false,
    };
    return payload as ChatPostMessageArguments; // its types know no chart
  }

  async #failed(
    failure: CallFailure,
    cause: unknown,
    form: Pick<ChatMessage, 'text'> & Partial<ChatMessage>,
  ): Promise<Said | Unfit> {
    const { channel, key } = this.#post;
    const { logger, pace } = this.#parts;
    logger.warn({ err: cause, channel, key, failure: failure.kind }, 'Slack did not take a message');
    switch (failure.kind) {
      case 'unsure':
        return failure;
      case 'busy':
        // By the documentation the whole method has to wait, in all channels.
        await pace.hold(POSTING.key, failure.waitMs);
        return failure;
      case 'unreached':
        return { kind: 'busy', waitMs: UNREACHED_WAIT_MS };
      case 'rejected':
        throw new RetryableError(
          `Slack cannot be reached: something on the way refuses (${failure.why}).`,
          'Check the proxy and SLACK_API_URL.',
          { cause },
        );
      case 'refused':
        return this.#refused(failure, cause, form);
    }
  }

  async #refused(
    failure: Extract<CallFailure, { kind: 'refused' }>,
    cause: unknown,
    form: Pick<ChatMessage, 'text'> & Partial<ChatMessage>,
  ): Promise<Said | Unfit> {
    const { channel } = this.#post;
    const { error } = failure;
    const fatal = tokenTrouble(failure, cause);
    if (fatal) throw fatal;
    if (isAboutForm(error)) return { kind: 'unfit', error };
    if (mayJoin(error, channel) && this.#joined === undefined) {
      const joined = await this.#join();
      if (joined.kind === 'joined') return this.#sayAs(form);
    }
    if (this.#joined?.kind === 'busy') return this.#joined;
    const trouble = (this.#joined?.kind === 'refused' && this.#joined.trouble) || placeTrouble(error, channel);
    if (trouble) return { kind: 'refused', about: 'channel', ...trouble };
    return {
      kind: 'refused',
      about: 'other',
      why: `Slack refuses the message (${error}).`,
      remedy: 'Tell whoever runs Golden: its log has what Slack said.',
    };
  }
}

/** Where blocks are at fault Slack may also say that an argument is. */
function isAboutForm(error: string): boolean {
  return error === 'invalid_arguments' || (isAboutPayload(error) && !error.endsWith('_blocked'));
}

/** A public channel is joined; who cannot see one may still be allowed to. */
function mayJoin(error: string, channel: string): boolean {
  return channel.startsWith('C') && (error === 'not_in_channel' || error === 'channel_not_found');
}
