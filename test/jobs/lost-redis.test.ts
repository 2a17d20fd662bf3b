import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { openStore, type Store } from '../../src/store/index.ts';
import { keysOf } from '../../src/store/keys.ts';
import { ChannelsOfSlack } from '../digest/channel.ts';
import { aRecipient, aWorker, runJob, SimulatedClock } from '../digest/workers.ts';
import { testRedis } from '../support/redis.ts';

const { url, prefix } = testRedis();
const JUST_AFTER = new Date('2026-11-16T08:00:05Z'); // Monday, 09:00:05 in Berlin
const HOUR_MS = 3_600_000;

let store: Store;
beforeAll(async () => {
  store = await openStore({ url, prefix, scope: 'test', log: { info: () => {}, warn: () => {} } });
});
afterAll(() => store.close());

/** All that Redis knew of a recipient, gone under a worker that goes on. */
async function lose(key: string, week: string): Promise<void> {
  const keys = keysOf(prefix);
  const redis = new Redis(url);
  await redis.del(keys.ledger(key), keys.post(`digest:${key}:${week}`), keys.note(`digest:${key}:${week}`));
  redis.disconnect();
}

test('given a worker whose Redis is lost after the digest, when it looks again, then it finds the digest and says it once', async () => {
  const slack = new ChannelsOfSlack();
  const clock = new SimulatedClock(new Date('2026-11-10T00:00:00Z'));
  const recipient = aRecipient({ key: 'lost-under-way' });
  const worker = aWorker(store, slack, clock);
  await worker.isPending(recipient);
  clock.moveTo(JUST_AFTER);
  await runJob(worker, recipient, clock);

  await lose(recipient.key, '2026-W47');
  clock.advance(HOUR_MS);
  await runJob(worker, recipient, clock);

  expect(slack.in(recipient.channel)).toHaveLength(1);
});
