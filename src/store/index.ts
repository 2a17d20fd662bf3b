import type { Redis } from 'ioredis';
import type { Answers, Follows, History, Ledger, Mutes, Notes, Pace, Posts, Snapshots } from '../ports.ts';
import { SharedAnswers } from './answers.ts';
import { connect, connected, type StoreLog } from './connection.ts';
import { redisFollows } from './follows.ts';
import { RedisHistory } from './history.ts';
import { DEFAULT_PREFIX, keysOf } from './keys.ts';
import { RedisLedger } from './ledger.ts';
import { redisMutes } from './mutes.ts';
import { redisNotes } from './notes.ts';
import { type Once, sharedOnce } from './once.ts';
import { redisPace } from './pace.ts';
import { RedisPosts } from './posts.ts';
import { type SharedQuota, sharedQuota } from './quota.ts';
import { LocalSnapshots, SharedSnapshots } from './snapshots.ts';

/**
 * What is shared between all processes of an installation. Answers, deliveries and the quota go on in each process while
 * Redis is away; what is remembered there and nowhere else throws then, and wherever no Redis is configured.
 */
export interface Store {
  readonly answers: Answers;
  readonly once: Once;
  readonly snapshots: Snapshots;
  readonly history: History;
  readonly ledger: Ledger;
  readonly posts: Posts;
  readonly notes: Notes;
  readonly mutes: Mutes;
  readonly follows: Follows;
  readonly pace: Pace;
  /** One quota over all processes, with the given one as what remains while Redis is away. */
  quota(limits: { requests: number; windowMs: number }, fallback: SharedQuota): SharedQuota;
  /** Whether Redis answers right now; true where none is configured. */
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Opens the store. Waits for Redis at most `waitMs`, then goes on without it and joins it when it is there.
 *
 * @param options.url Absent: nothing is shared beyond this process.
 * @param options.scope Tells configurations apart, see SharedAnswers.
 */
export async function openStore(options: {
  readonly url: string | undefined;
  readonly prefix?: string;
  readonly scope: string;
  readonly log: StoreLog;
  readonly waitMs?: number;
  /** Answers stay in this process: whoever asks with another identity must not answer for the installation. */
  readonly privateAnswers?: boolean;
}): Promise<Store> {
  const keys = keysOf(options.prefix ?? DEFAULT_PREFIX);
  const redis = options.url === undefined ? undefined : connect(options.url, options.log);
  if (redis) await connected(redis, options.waitMs ?? 3000);
  return {
    answers: new SharedAnswers(options.privateAnswers ? undefined : redis, keys, options.scope, Date.now),
    once: sharedOnce(redis, keys, Date.now),
    snapshots: redis
      ? new SharedSnapshots(redis, keys, options.scope, { keepsToItself: options.privateAnswers ?? false })
      : new LocalSnapshots(),
    history: new RedisHistory(redis, keys),
    ledger: new RedisLedger(redis, keys),
    posts: new RedisPosts(redis, keys),
    notes: redisNotes(redis, keys),
    mutes: redisMutes(redis, keys),
    follows: redisFollows(redis, keys),
    pace: redisPace(redis, keys),
    quota: (limits, fallback) => (redis ? sharedQuota(redis, keys, limits, fallback) : fallback),
    ready: async () => redis === undefined || (await answers(redis)),
    close: () => {
      redis?.disconnect();
      return Promise.resolve();
    },
  };
}

async function answers(redis: Redis): Promise<boolean> {
  try {
    return (await redis.ping()) === 'PONG';
  } catch {
    return false;
  }
}
