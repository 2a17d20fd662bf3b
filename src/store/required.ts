import { type Redis, ReplyError } from 'ioredis';
import { FatalError, RetryableError, UserError } from '../core/errors.ts';

/** Asks Redis for what is kept nowhere else. */
export type AskRedis = <T>(ask: (redis: Redis) => Promise<T>) => Promise<T>;

/** Redis works and will take it later: it loads, fails over, is out of memory, or cannot save. */
const PASSING = /^(LOADING|BUSY|READONLY|MASTERDOWN|NOREPLICAS|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|OOM|MISCONF|UNBLOCKED)\b/;

/**
 * Redis for what must be neither lost nor made up. Without it nothing is pretended: every failure is thrown.
 *
 * @param what What is kept there, as the beginning of a sentence: `The ledger of digests`.
 * @throws UserError without a Redis, RetryableError while it is away, FatalError where it refuses; by each call of the result
 */
export function requireRedis(redis: Redis | undefined, what: string): AskRedis {
  return async (ask) => {
    if (!redis) {
      throw new UserError(
        `${what} is kept in Redis: set REDIS_URL.`,
        'Take the address that the bots and workers use, for example redis://localhost:6379.',
      );
    }
    try {
      return await ask(redis);
    } catch (error) {
      throw errorOf(error, what);
    }
  };
}

function errorOf(error: unknown, what: string): RetryableError | FatalError {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ReplyError)) {
    return new RetryableError(
      `${what} is kept in Redis, and Redis is away.`,
      'Try again in a minute. If it stays away, see that it runs, and that REDIS_URL is its address.',
      { cause: error },
    );
  }
  if (PASSING.test(message)) {
    return new RetryableError(
      `${what} is kept in Redis, and Redis cannot serve now (${message}).`,
      'Try again in a minute. If it stays like this, whoever runs Redis has to look: the message above is its own.',
      { cause: error },
    );
  }
  return new FatalError(
    `${what} is kept in Redis, and Redis refused (${message}).`,
    'See that the Redis of REDIS_URL belongs to Golden, is version 6.2 or later, and lets its user write and run scripts.',
    error,
  );
}
