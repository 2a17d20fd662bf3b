import { randomBytes } from 'node:crypto';
import { afterAll } from '@jest/globals';
import { Redis } from 'ioredis';

/** A corner of the Redis server that all test files share. */
export interface TestRedis {
  url: string;
  /** Starts every key of this test file; in braces, as BullMQ wants it, so that the keys stay in one cluster slot. */
  prefix: string;
}

/**
 * Redis for one test file, called at its top. Files run side by side on one server: a key outside `prefix` can meet
 * another file's. What was left under `prefix` is removed after the file's last test. A test that stops, freezes or
 * empties the server opens one of its own: `openRedis({ alwaysPrivate: true })`.
 */
export function testRedis(): TestRedis {
  const url = process.env.REDIS_URL;
  if (!url) throw new Error('REDIS_URL is not set: run tests by `npm test -- <file>`, which opens Redis for them.');
  const prefix = `{test-${randomBytes(6).toString('hex')}}`;
  afterAll(() => removeKeys(url, prefix));
  return { url, prefix };
}

async function removeKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  try {
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1000 })) {
      const found = keys as string[];
      if (found.length > 0) await redis.unlink(...found);
    }
  } finally {
    redis.disconnect();
  }
}
