import type { Chat, ChatMessage, Said } from '../../src/ports.ts';

/** What stands in a channel, or in a thread of it. */
export interface Standing {
  readonly channel: string;
  readonly thread: string | undefined;
  readonly ts: string;
  readonly key: string;
  readonly message: ChatMessage;
}

/**
 * Slack as far as saying and looking go: every call that arrives is carried out, whether or not the caller lives to hear of
 * it. What the real adapter makes of the real protocol has tests of its own.
 */
export class ChannelsOfSlack implements Chat {
  readonly #standing = new Map<string, Standing[]>();
  /** Whether the optional history scope is granted. */
  readable = true;
  /** Channels that nobody can post in. */
  readonly closed = new Set<string>();
  #count = 0;

  async say(post: Parameters<Chat['say']>[0]): Promise<Said> {
    const { channel, thread, key, message, stillOurs } = post;
    if (stillOurs && !stillOurs()) return { kind: 'busy', waitMs: 0 };
    if (this.closed.has(channel)) {
      return { kind: 'refused', about: 'channel', why: 'The channel is archived.', remedy: 'Unarchive it.' };
    }
    this.#count += 1;
    const ts = `${this.#count}.000000`;
    const standing = this.#standing.get(channel) ?? [];
    standing.push({ channel, thread, ts, key, message });
    this.#standing.set(channel, standing);
    return { kind: 'said', channel, ts };
  }

  async find({ channel, thread, key }: Parameters<Chat['find']>[0]): ReturnType<Chat['find']> {
    if (!this.readable) return { kind: 'unreadable' };
    const found = this.#standing.get(channel)?.find((each) => each.thread === thread && each.key === key);
    return found ? { kind: 'found', channel, ts: found.ts } : { kind: 'absent' };
  }

  /** Everything that stands anywhere. */
  all(): readonly Standing[] {
    return [...this.#standing.values()].flat();
  }

  /** Messages of a channel itself, or of all threads in it. */
  in(channel: string, where: 'channel' | 'threads' = 'channel'): readonly Standing[] {
    const standing = this.#standing.get(channel) ?? [];
    return standing.filter(({ thread }) => (thread === undefined) === (where === 'channel'));
  }
}
