import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { openStore, type Store } from '../../src/store/index.ts';
import { keysOf } from '../../src/store/keys.ts';
import { testRedis } from '../support/redis.ts';
import { ChannelsOfSlack } from './channel.ts';
import { aRecipient, aWorker, runJob, SimulatedClock } from './workers.ts';

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

async function aDueDigest(key: string, details = 0) {
  const slack = new ChannelsOfSlack();
  const clock = new SimulatedClock(new Date('2026-11-10T00:00:00Z'));
  const recipient = aRecipient({ key, details });
  const worker = aWorker(store, slack, clock);
  await worker.isPending(recipient);
  clock.moveTo(JUST_AFTER);
  return { slack, clock, recipient, worker };
}

const outcomeOf = async (key: string) => (await store.ledger.weeks(key, ['2026-W47']))[0];
const muted = (team: string) => ({ team, untilMs: JUST_AFTER.getTime() + 7 * 24 * HOUR_MS, by: 'U0BOB' });

test('given a worker whose Redis is lost after the digest, when it looks again, then it finds the digest and says it once', async () => {
  const { slack, clock, recipient, worker } = await aDueDigest('lost-under-way');
  await runJob(worker, recipient, clock);

  await lose(recipient.key, '2026-W47');
  clock.advance(HOUR_MS);
  await runJob(worker, recipient, clock);

  expect(slack.in(recipient.channel)).toHaveLength(1);
});

test('given a digest whose details are still to come, when its team is muted, then it is finished and counts as posted', async () => {
  const { slack, clock, recipient, worker } = await aDueDigest('muted-under-way', 2);
  await worker.deliver(recipient);
  expect(slack.in(recipient.channel)).toHaveLength(1);

  await store.mutes.put(muted(recipient.key));
  await runJob(worker, recipient, clock);

  expect(slack.in(recipient.channel, 'threads')).toHaveLength(2);
  expect(await outcomeOf(recipient.key)).toMatchObject({ outcome: { state: 'posted' } });
});

test('given a team that is muted before its digest is due, when it is due, then nothing is said', async () => {
  const { slack, clock, recipient, worker } = await aDueDigest('muted-before');
  await store.mutes.put(muted(recipient.key));
  await runJob(worker, recipient, clock);
  expect(slack.all()).toEqual([]);
  expect(await outcomeOf(recipient.key)).toMatchObject({ outcome: { state: 'muted' } });
});

test('given a fault of our own in every attempt, when the catch-up hours are over, then the week says so instead of "not running"', async () => {
  const { clock, recipient, worker } = await aDueDigest('faulty');
  const broken = { ...recipient, compose: () => Promise.reject(new TypeError('undefined is not a function')) };
  await expect(worker.deliver(broken)).rejects.toThrow(TypeError);
  clock.advance(25 * HOUR_MS);
  await runJob(worker, broken, clock);
  expect(await outcomeOf(recipient.key)).toMatchObject({
    outcome: { state: 'undelivered', why: expect.stringContaining('fault of its own') },
  });
});
