import type { Begun, Chat, ChatMessage, Clock, Posts } from '../ports.ts';

/** A message that is said exactly once, or at most once where nobody may look whether it was. */
export interface Post {
  /** Names the message for ever: who comes back with the same key says the same. */
  readonly key: string;
  readonly channel: string;
  readonly thread?: string;
  readonly message: ChatMessage;
}

/** How far a message is. */
export type Progress =
  | { readonly kind: 'said'; readonly channel: string; readonly ts: string; readonly justNow: boolean }
  | { readonly kind: 'refused'; readonly about: 'channel' | 'other'; readonly why: string; readonly remedy: string }
  /** It may have been said; it will not be said again. */
  | { readonly kind: 'unsure' }
  /** Come back then. */
  | { readonly kind: 'later'; readonly waitMs: number };

type Pending = Extract<Begun, { kind: 'pending' }>;

/** Milliseconds. */
export interface SayingTimes {
  /** After this a call that was begun cannot be under way any more: longer than `sendWithinMs` and Slack's timeout together. */
  readonly settleMs: number;
  /** Whoever began longer ago than this does not send any more. */
  readonly sendWithinMs: number;
}

export const SAYING_TIMES: SayingTimes = { settleMs: 45_000, sendWithinMs: 15_000 };

/** What saying once takes. */
export interface SayOnceParts {
  readonly chat: Chat;
  readonly posts: Posts;
  readonly clock: Clock;
  /** Draws a token that nobody else has. */
  readonly draw: () => string;
  readonly times?: SayingTimes;
}

/**
 * Says messages once, whatever dies in between. Slack knows no idempotency key, so "begun" is recorded before each call and
 * the outcome after it; who finds "begun" without an outcome waits until the call cannot be under way any more, and then
 * looks into the channel. docs/digests.md tells why this is enough.
 */
export class SayOnce {
  readonly #parts: SayOnceParts;
  readonly #times: SayingTimes;

  constructor(parts: SayOnceParts) {
    this.#parts = parts;
    this.#times = parts.times ?? SAYING_TIMES;
  }

  /** Says it, or tells how far it is. Safe to call again at any time. @throws RetryableError, FatalError: then it was not said */
  async say(post: Post): Promise<Progress> {
    const { posts, clock, draw } = this.#parts;
    const token = draw();
    const begunAtMs = clock.now().getTime();
    const begun = await posts.begin(post.key, token, begunAtMs).catch(async (error: unknown) => {
      // It may be recorded all the same; nothing is on its way, so nobody has to look for it later.
      await posts.release(post.key, token).catch(() => {});
      throw error;
    });
    return begun.kind === 'pending' ? this.#retry(post, begun, token) : this.#goOn(post, begun, begunAtMs);
  }

  /** Whether it was said, without saying it: what was begun is looked for, as `say` would. @throws RetryableError, FatalError */
  async look(post: Omit<Post, 'message'>): Promise<Exclude<Progress, { kind: 'refused' }> | { readonly kind: 'not' }> {
    const state = await this.#parts.posts.look(post.key);
    switch (state?.kind) {
      case undefined:
        return { kind: 'not' };
      case 'sent':
        return { kind: 'said', channel: state.channel, ts: state.ts, justNow: false };
      case 'unsure':
        return state;
      case 'pending': {
        const found = await this.#find(post, state);
        if (found.kind !== 'absent') return found;
        await this.#parts.posts.release(post.key, state.token);
        return { kind: 'not' };
      }
    }
  }

  /** Looks into the channel for a message that nobody recorded, from an instant on. */
  find({ channel, key }: Pick<Post, 'channel' | 'key'>, since: Date): ReturnType<Chat['find']> {
    return this.#parts.chat.find({ channel, key, sinceMs: since.getTime() });
  }

  /** @param begunAtMs What was recorded: others count from then on, so whoever is suspended while it is recorded is late too. */
  async #goOn(post: Post, begun: Begun, begunAtMs: number): Promise<Progress> {
    switch (begun.kind) {
      case 'sent':
        return { kind: 'said', channel: begun.channel, ts: begun.ts, justNow: false };
      case 'unsure':
        return { kind: 'unsure' };
      case 'pending':
        // Somebody was faster.
        return { kind: 'later', waitMs: this.#times.settleMs };
      case 'go':
        return this.#send(post, begun.token, begunAtMs);
    }
  }

  async #send(post: Post, token: string, begunAtMs: number): Promise<Progress> {
    const { chat, posts, clock } = this.#parts;
    const stillOurs = () => clock.now().getTime() - begunAtMs < this.#times.sendWithinMs;
    const said = await chat.say({ ...post, stillOurs }).catch(async (error: unknown) => {
      // The port throws only what was certainly not said.
      await posts.release(post.key, token);
      throw error;
    });
    switch (said.kind) {
      case 'said':
        await posts.sent(post.key, said);
        return { kind: 'said', channel: said.channel, ts: said.ts, justNow: true };
      case 'refused':
        await posts.release(post.key, token);
        return said;
      case 'busy':
        await posts.release(post.key, token);
        return { kind: 'later', waitMs: said.waitMs };
      case 'unsure':
        return { kind: 'later', waitMs: this.#times.settleMs };
    }
  }

  async #retry(post: Post, begun: Pending, token: string): Promise<Progress> {
    const found = await this.#find(post, begun);
    if (found.kind !== 'absent') return found;
    const { posts, clock } = this.#parts;
    const begunAtMs = clock.now().getTime();
    return this.#goOn(post, await posts.retake(post.key, begun.token, token, begunAtMs), begunAtMs);
  }

  /** Somebody began and never said how it ended. */
  async #find(
    { channel, thread, key }: Omit<Post, 'message'>,
    begun: Pending,
  ): Promise<Exclude<Progress, { kind: 'refused' }> | { readonly kind: 'absent' }> {
    const { chat, posts, clock } = this.#parts;
    const restMs = begun.sinceMs + this.#times.settleMs - clock.now().getTime();
    if (restMs > 0) return { kind: 'later', waitMs: restMs };
    const found = await chat.find({ channel, key, sinceMs: begun.sinceMs, ...(thread !== undefined && { thread }) });
    switch (found.kind) {
      case 'found':
        await posts.sent(key, found);
        return { kind: 'said', channel: found.channel, ts: found.ts, justNow: false };
      case 'busy':
        return { kind: 'later', waitMs: found.waitMs };
      case 'unreadable':
        await posts.giveUp(key, begun.token);
        return { kind: 'unsure' };
      case 'absent':
        return found;
    }
  }
}
