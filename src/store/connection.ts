import { Redis } from 'ioredis';

/** What is told of Redis: it comes and goes, and people want to know when. */
export interface StoreLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/**
 * A connection whose commands fail at once while Redis is away, because whoever asks has another way: Slack wants its
 * answer in seconds. It reconnects by itself for as long as the process lives.
 */
export function connect(url: string, log: StoreLog): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    // A command whose answer was lost may have been executed: whether it may be repeated is for its caller to say.
    maxRetriesPerRequest: 0,
    connectTimeout: 3000,
    commandTimeout: 2000,
    retryStrategy: (times) => Math.min(2000, times * 100),
    lazyConnect: true,
  });
  let away = false;
  redis.on('error', (error: Error) => {
    // ioredis would go on in database 0, where another installation may live.
    if (isUnknownDatabase(error)) {
      redis.disconnect();
      log.warn({ error: error.message }, 'Redis has no database of this number: mend REDIS_URL and start again');
    } else if (!away) {
      log.warn({ error: error.message }, 'Redis is away; answers are not shared between processes until it is back');
    }
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info({}, 'Redis is back');
    away = false;
  });
  redis.connect().catch(() => {
    // Reported by the error event; reconnecting goes on.
  });
  return redis;
}

/** Waits until the first connection stands, at most `ms`; resolves to whether it does. */
export async function connected(redis: Redis, ms: number): Promise<boolean> {
  if (redis.status === 'ready') return true;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), ms);
  redis.once('ready', () => resolve(true));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** Whether Redis refuses the database number of the address. */
export function isUnknownDatabase(error: Error): boolean {
  return /DB index|invalid DB/i.test(error.message);
}
