import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Answers } from '../ports.ts';
import type { Keys } from './keys.ts';

interface Kept {
  readonly value: unknown;
  readonly until: number;
}

/** How long others wait for a process that asked and is not heard of any more, in milliseconds. */
const ASKING_MS = 60_000;
const POLL_MS = 100;
/** Answers kept in this process while Redis is away. */
const KEPT_AT_MOST = 200;

/**
 * One question, one query: equal questions in this process share the promise, equal questions of all replicas share the
 * answer through Redis, where one of them asks and the others wait for it. While Redis is away each process shares with
 * itself alone; nothing is refused for that.
 */
export class SharedAnswers implements Answers {
  readonly #redis: Redis | undefined;
  readonly #keys: Keys;
  readonly #scope: string;
  readonly #now: () => number;
  readonly #askingMs: number;
  readonly #inFlight = new Map<string, Promise<{ value: unknown; reused: boolean }>>();
  readonly #kept = new Map<string, Kept>();

  /**
   * @param scope Tells configurations apart: another golden.yml must not get this one's answers.
   * @param askingMs How long others wait for a process that asked and is not heard of any more.
   */
  constructor(redis: Redis | undefined, keys: Keys, scope: string, now: () => number, askingMs = ASKING_MS) {
    this.#askingMs = askingMs;
    this.#redis = redis;
    this.#keys = keys;
    this.#scope = scope;
    this.#now = now;
  }

  async share<T>(
    key: string,
    ask: () => Promise<T>,
    options: { readonly lifetimeMs: number; readonly fresh?: boolean },
  ): Promise<{ readonly value: T; readonly reused: boolean }> {
    const scoped = `${this.#scope}:${key}`;
    const running = this.#inFlight.get(scoped);
    if (running) return { value: (await running).value as T, reused: true };
    const answer = this.#answer(scoped, ask, options);
    this.#inFlight.set(scoped, answer);
    try {
      return (await answer) as { value: T; reused: boolean };
    } finally {
      this.#inFlight.delete(scoped);
    }
  }

  async #answer(
    key: string,
    ask: () => Promise<unknown>,
    { lifetimeMs, fresh = false }: { lifetimeMs: number; fresh?: boolean },
  ): Promise<{ value: unknown; reused: boolean }> {
    const local = this.#kept.get(key);
    if (!fresh && local && local.until > this.#now()) return { value: local.value, reused: true };

    const turn = await this.#turn(key, fresh);
    if ('value' in turn) return { value: turn.value, reused: true };
    try {
      const value = await ask();
      await this.#keep(key, value, lifetimeMs);
      return { value, reused: false };
    } finally {
      await turn.release();
    }
  }

  /** Either the answer another process has or is about to have, or our turn to ask. */
  async #turn(key: string, fresh: boolean): Promise<{ value: unknown } | { release(): Promise<void> }> {
    const redis = this.#redis;
    const alone = { release: () => Promise.resolve() };
    if (!redis) return alone;
    const token = randomUUID();
    try {
      for (let waited = false; ; waited = true) {
        // Someone who asks anew still takes an answer that was given while they waited.
        const known = () => (fresh && !waited ? null : redis.get(this.#keys.answer(key)));
        const before = await known();
        if (before !== null) return { value: JSON.parse(before) };
        if ((await redis.set(this.#keys.asking(key), token, 'PX', this.#askingMs, 'NX')) === 'OK') {
          // Whoever asked until now may have answered between our two commands.
          const since = await known();
          if (since === null) return this.#hold(redis, key, token);
          await this.#release(redis, key, token);
          return { value: JSON.parse(since) };
        }
        if (fresh && !waited) await redis.del(this.#keys.answer(key));
        await delay(POLL_MS);
      }
    } catch {
      return alone;
    }
  }

  /** Our turn for as long as it takes: a pass over a large estate takes longer than others wait for a process that died. */
  #hold(redis: Redis, key: string, token: string): { release(): Promise<void> } {
    const script = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end";
    const renewing = setInterval(() => {
      redis.eval(script, 1, this.#keys.asking(key), token, this.#askingMs).catch(() => {
        // It is ours until it expires; then somebody else asks as well.
      });
    }, this.#askingMs / 3);
    renewing.unref();
    return {
      release: () => {
        clearInterval(renewing);
        return this.#release(redis, key, token);
      },
    };
  }

  async #release(redis: Redis, key: string, token: string): Promise<void> {
    const script = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";
    await redis.eval(script, 1, this.#keys.asking(key), token).catch(() => {
      // It expires by itself.
    });
  }

  async #keep(key: string, value: unknown, lifetimeMs: number): Promise<void> {
    try {
      if (this.#redis) {
        await this.#redis.set(this.#keys.answer(key), JSON.stringify(value), 'PX', lifetimeMs);
        return;
      }
    } catch {
      // Kept here instead.
    }
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= KEPT_AT_MOST && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(key, { value, until: this.#now() + lifetimeMs });
  }
}
