import type { Redis } from 'ioredis';
import { DAY_MS } from '../core/local-time.ts';
import type { Begun, Posts } from '../ports.ts';
import type { Keys } from './keys.ts';
import { type AskRedis, requireRedis } from './required.ts';

/** Nobody comes back for a message later than this: what is older than `catchUpHours` is not said at all. */
const KEPT_MS = 100 * DAY_MS;

/** A post's hash holds `state`: `begun` with `token` and `sinceMs`, `sent` with `channel` and `ts`, or `unsure`. */
const FIELDS = ['state', 'token', 'sinceMs', 'channel', 'ts'] as const;

/**
 * Begins where nobody began, or where whoever did began as `old`.
 * KEYS: post. ARGV: old token ('' for none), token, now, lifetime in ms. Returns nothing where it is ours to send, else FIELDS.
 */
const BEGIN = `
local known = redis.call('hmget', KEYS[1], 'state', 'token', 'sinceMs', 'channel', 'ts')
local abandoned = known[1] == 'begun' and ARGV[1] ~= '' and known[2] == ARGV[1]
if known[1] and not abandoned then return known end
redis.call('hset', KEYS[1], 'state', 'begun', 'token', ARGV[2], 'sinceMs', ARGV[3])
redis.call('pexpire', KEYS[1], ARGV[4])
return false`;

/** Stands against whatever was recorded. KEYS: post. ARGV: channel, ts, lifetime in ms. */
const SENT = `
redis.call('hset', KEYS[1], 'state', 'sent', 'channel', ARGV[1], 'ts', ARGV[2])
redis.call('hdel', KEYS[1], 'token', 'sinceMs')
redis.call('pexpire', KEYS[1], ARGV[3])
return 1`;

/** Only by the token that began. KEYS: post. ARGV: token. */
const RELEASE = `
local known = redis.call('hmget', KEYS[1], 'state', 'token')
if known[1] == 'begun' and known[2] == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0`;

/** Only by the token that began. KEYS: post. ARGV: token, lifetime in ms. */
const GIVE_UP = `
local known = redis.call('hmget', KEYS[1], 'state', 'token')
if known[1] ~= 'begun' or known[2] ~= ARGV[1] then return 0 end
redis.call('hset', KEYS[1], 'state', 'unsure')
redis.call('pexpire', KEYS[1], ARGV[2])
return 1`;

type Known = Exclude<Begun, { kind: 'go' }>;

/** The record of what was said, in Redis. */
export class RedisPosts implements Posts {
  readonly #ask: AskRedis;
  readonly #keys: Keys;

  constructor(redis: Redis | undefined, keys: Keys) {
    this.#ask = requireRedis(redis, 'The record of what was said in Slack');
    this.#keys = keys;
  }

  async look(key: string): Promise<Known | undefined> {
    return knownOf(await this.#ask((redis) => redis.hmget(this.#keys.post(key), ...FIELDS)));
  }

  begin(key: string, token: string, nowMs: number): Promise<Begun> {
    return this.#begin(key, '', token, nowMs);
  }

  retake(key: string, old: string, token: string, nowMs: number): Promise<Begun> {
    return this.#begin(key, old, token, nowMs);
  }

  async sent(key: string, where: { readonly channel: string; readonly ts: string }): Promise<void> {
    await this.#ask((redis) => redis.eval(SENT, 1, this.#keys.post(key), where.channel, where.ts, KEPT_MS));
  }

  async release(key: string, token: string): Promise<void> {
    await this.#ask((redis) => redis.eval(RELEASE, 1, this.#keys.post(key), token));
  }

  async giveUp(key: string, token: string): Promise<void> {
    await this.#ask((redis) => redis.eval(GIVE_UP, 1, this.#keys.post(key), token, KEPT_MS));
  }

  async #begin(key: string, old: string, token: string, nowMs: number): Promise<Begun> {
    const known = (await this.#ask((redis) =>
      redis.eval(BEGIN, 1, this.#keys.post(key), old, token, nowMs, KEPT_MS),
    )) as readonly (string | null)[] | null;
    return knownOf(known ?? []) ?? { kind: 'go', token };
  }
}

function knownOf([state, token, sinceMs, channel, ts]: readonly (string | null)[]): Known | undefined {
  switch (state) {
    case 'sent':
      return { kind: 'sent', channel: channel!, ts: ts! };
    case 'begun':
      return { kind: 'pending', token: token!, sinceMs: Number(sinceMs) };
    case 'unsure':
      return { kind: 'unsure' };
    default:
      return undefined;
  }
}
