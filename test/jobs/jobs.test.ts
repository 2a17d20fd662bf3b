import { afterEach, expect, test } from '@jest/globals';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { digest } from '../../jobs/digest.ts';
import { jobs } from '../../jobs/index.ts';
import { sweepDigests } from '../../jobs/sweep-digests.ts';
import { RetryableError } from '../../src/core/errors.ts';
import type { Recipient } from '../../src/digest/weekly.ts';
import { done as ended, type JobDefinition, type JobServices, type Scheduled } from '../../src/job.ts';
import type { CatalogueReading, Galleries } from '../../src/ports.ts';
import { type RunningJobs, startJobs } from '../../src/queue.ts';
import { testRedis } from '../support/redis.ts';

const { url, prefix } = testRedis();
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const nobody = { recipients: () => [], pending: async () => [] } as unknown as JobServices['digests'] &
  Scheduled['digests'];
const running: RunningJobs[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.close(2000);
});

async function startWith(given: {
  readonly jobs: readonly JobDefinition[];
  readonly of: string;
  readonly digests: JobServices['digests'] & Scheduled['digests'];
  readonly atStart: readonly string[];
  readonly onDone: (name: string, outcome: string) => void;
  readonly lookAgainMs?: number;
}) {
  const { of, digests, ...rest } = given;
  const services = { galleries: {} as Galleries, digests };
  const shared = { redisUrl: url, prefix: `${prefix}:${of}`, log: silent, scheduled: { digests } };
  running.push(await startJobs({ ...shared, ...rest, services }));
}

async function start(
  list: readonly JobDefinition[],
  of: string,
  onDone: (name: string, outcome: string) => void = () => {},
  galleries = {} as Galleries,
  digests = nobody,
) {
  const started = await startJobs({
    redisUrl: url,
    prefix: `${prefix}:${of}`,
    jobs: list,
    services: { galleries, digests },
    scheduled: { digests },
    log: silent,
    onDone,
  });
  running.push(started);
  return started;
}

async function schedulers(of: string): Promise<string[]> {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const queue = new Queue('golden', { connection, prefix: `${prefix}:${of}` });
  const found = await queue.getJobSchedulers();
  await queue.close();
  connection.disconnect();
  return found.map(({ key }) => key);
}

const job = (name: string, run: JobDefinition['run'] = () => Promise.resolve(ended({}))): JobDefinition => ({
  name,
  summary: name,
  schedules: () => [{ id: name, when: { everyMs: 3_600_000 }, data: {} }],
  run,
});

test('the catalogue is read anew when the worker starts', async () => {
  const asked = Promise.withResolvers<unknown>();
  const galleries: Galleries = {
    read: (options) => {
      asked.resolve(options?.fresh);
      return Promise.resolve({
        catalogue: { galleries: [] },
        unread: [],
        requests: 1,
        asOf: new Date(),
      } satisfies CatalogueReading);
    },
  };
  const done = Promise.withResolvers<string>();
  const onDone = (name: string, outcome: string) => {
    if (name === 'refresh-catalogue') done.resolve(`${name} ${outcome}`);
  };
  const record = async () => ({ teams: 0, recorded: 0, requests: 0 });
  await start(jobs, 'catalogue', onDone, galleries, { ...nobody, record });
  expect(await asked.promise).toBe(true);
  expect(await done.promise).toBe('refresh-catalogue done');
});

test('three workers that start at once leave one scheduler for each job', async () => {
  const done = Promise.withResolvers<void>();
  await Promise.all([1, 2, 3].map(() => start([job('only')], 'three', () => done.resolve())));
  await done.promise;
  await Promise.all(running.splice(0).map((each) => each.close(2000)));
  expect(await schedulers('three')).toEqual(['only']);
});

test('a job that left the list loses its scheduler', async () => {
  const first = Promise.withResolvers<void>();
  const one = await start([job('old'), job('kept')], 'stale', () => first.resolve());
  await first.promise;
  await one.close(2000);
  const second = await start([job('kept')], 'stale');
  await second.close(2000);
  running.length = 0;
  expect(await schedulers('stale')).toEqual(['kept']);
});

test('given a Redis that refuses at the start, when it takes commands again, then the jobs are scheduled all the same', async () => {
  const key = `${prefix}:refused:golden:repeat`;
  const redis = new Redis(url);
  await redis.set(key, 'not what BullMQ keeps there');
  const refused = Promise.withResolvers<void>();
  const ran = Promise.withResolvers<void>();
  const once = job('once', () => {
    ran.resolve();
    return Promise.resolve(ended({}));
  });
  running.push(
    await startJobs({
      redisUrl: url,
      prefix: `${prefix}:refused`,
      jobs: [once],
      services: { galleries: {} as Galleries, digests: nobody },
      scheduled: { digests: nobody },
      log: { ...silent, error: () => refused.resolve() },
    }),
  );
  await refused.promise;
  await redis.del(key);
  redis.disconnect();
  await ran.promise;
  expect(await schedulers('refused')).toEqual(['once']);
});

test('a failure that may pass is tried again, any other is not', async () => {
  const outcomes: string[] = [];
  const twice = Promise.withResolvers<void>();
  let passing = 0;
  await start(
    [
      job('passing', () => {
        passing += 1;
        return passing === 1 ? Promise.reject(new RetryableError('busy', '')) : Promise.resolve(ended({}));
      }),
      job('broken', () => Promise.reject(new Error('bug'))),
    ],
    'retry',
    (name, outcome) => {
      outcomes.push(`${name} ${outcome}`);
      if (outcomes.length === 3) twice.resolve();
    },
  );
  await twice.promise;
  expect(outcomes.toSorted()).toEqual(['broken failed', 'passing done', 'passing failed']);
});

const recipient = (key: string, time = '09:00', timezone = 'Europe/Berlin'): Recipient => ({
  key,
  channel: 'C1',
  time: { day: 'monday', time, timezone, catchUpHours: 24, escalateAfterWeeks: 4 },
  compose: () => Promise.reject(new Error('nothing is due')),
});

const withRecipients = (...recipients: readonly Recipient[]) => ({
  ...nobody,
  recipients: () => recipients,
  deliver: async () => ({ kind: 'nothing' as const }),
});

async function schedulesOf(of: string): Promise<Record<string, string>> {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const queue = new Queue('golden', { connection, prefix: `${prefix}:${of}` });
  const found = await queue.getJobSchedulers();
  await queue.close();
  connection.disconnect();
  return Object.fromEntries(found.map(({ key, pattern, tz, next }) => [key, `${pattern} ${tz} ${next}`]));
}

test('given three replicas at once, when teams come, change and go, then each has one schedule in its own zone', async () => {
  const of = 'teams';
  const startAll = async (...recipients: readonly Recipient[]) => {
    await Promise.all([1, 2, 3].map(() => start([digest], of, () => {}, undefined, withRecipients(...recipients))));
    await Promise.all(running.splice(0).map((each) => each.close(2000)));
    return schedulesOf(of);
  };
  const first = await startAll(recipient('a'), recipient('b'), recipient('team with spaces'));
  expect(Object.keys(first).toSorted()).toEqual(['digest:a', 'digest:b', 'digest:team with spaces']);
  expect(first['digest:a']).toMatch(/^0 9 \* \* 1 Europe\/Berlin \d+$/);
  const second = await startAll(recipient('a'), recipient('b', '10:30', 'Asia/Tokyo'), recipient('c'));
  expect(Object.keys(second).toSorted()).toEqual(['digest:a', 'digest:b', 'digest:c']);
  expect(second['digest:a']).toBe(first['digest:a']);
  expect(second['digest:b']).toMatch(/^30 10 \* \* 1 Asia\/Tokyo \d+$/);
});

test('given a job that is not over, when it asks to wait, then it runs again and its attempts are not used up', async () => {
  let runs = 0;
  const over = Promise.withResolvers<void>();
  const waiting = job('waiting', async () => {
    runs += 1;
    if (runs <= 12) return { kind: 'wait', waitMs: 1, details: {} };
    return ended({});
  });
  await start([waiting], 'wait', (_name, outcome) =>
    outcome === 'done' ? over.resolve() : over.reject(new Error(outcome)),
  );
  await over.promise;
  expect(runs).toBe(13);
});

test('given a digest that is pending, when the sweep runs twice, then it is woken once at a time', async () => {
  const delivered: string[] = [];
  const held = Promise.withResolvers<void>();
  const swept = Promise.withResolvers<void>();
  let sweeps = 0;
  const digests = {
    ...nobody,
    pending: async () => ['a', 'b'],
    deliver: async (key: string) => {
      delivered.push(key);
      await held.promise;
      return { kind: 'nothing' as const };
    },
  };
  const onDone = (name: string) => {
    if (name !== 'sweep-digests') return;
    sweeps += 1;
    if (sweeps === 2) swept.resolve();
  };
  // One sweep by its schedule, one because the worker starts.
  await startWith({ jobs: [digest, sweepDigests], of: 'sweep', digests, atStart: ['sweep-digests'], onDone });
  await swept.promise;
  held.resolve();
  expect(delivered.toSorted()).toEqual(['a', 'b']);
});

test('given a Redis that is emptied under a worker, when it looks again, then the schedules are back and the sweep runs', async () => {
  const of = 'emptied';
  let sweeps = 0;
  const swept = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const onDone = (name: string) => {
    if (name !== 'sweep-digests') return;
    sweeps += 1;
    // One by its schedule, one because the worker starts; then the same anew.
    if (sweeps === 2) swept[0]?.resolve();
    if (sweeps === 4) swept[1]?.resolve();
  };
  const digests = withRecipients(recipient('a'));
  await startWith({ jobs: [digest, sweepDigests], of, digests, atStart: ['sweep-digests'], onDone, lookAgainMs: 50 });
  await swept[0]?.promise;

  const redis = new Redis(url);
  const keys = await redis.keys(`${prefix}:${of}*`);
  expect(keys.length).toBeGreaterThan(0);
  await redis.del(...keys);
  redis.disconnect();

  await swept[1]?.promise;
  expect(Object.keys(await schedulesOf(of)).toSorted()).toEqual(['digest:a', 'sweep-digests']);
});
