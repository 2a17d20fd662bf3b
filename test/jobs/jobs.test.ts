import { afterEach, expect, test } from '@jest/globals';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { jobs } from '../../jobs/index.ts';
import { RetryableError } from '../../src/core/errors.ts';
import type { JobDefinition } from '../../src/job.ts';
import type { CatalogueReading, Galleries } from '../../src/ports.ts';
import { type RunningJobs, startJobs } from '../../src/queue.ts';
import { testRedis } from '../support/redis.ts';

const { url, prefix } = testRedis();
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const running: RunningJobs[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.close(2000);
});

async function start(
  list: readonly JobDefinition[],
  of: string,
  onDone: (name: string, outcome: string) => void = () => {},
  galleries = {} as Galleries,
) {
  const started = await startJobs({
    redisUrl: url,
    prefix: `${prefix}:${of}`,
    jobs: list,
    services: { galleries },
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

const job = (name: string, run: JobDefinition['run'] = () => Promise.resolve({})): JobDefinition => ({
  name,
  summary: name,
  everyMs: 3_600_000,
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
  await start(jobs, 'catalogue', (name, outcome) => done.resolve(`${name} ${outcome}`), galleries);
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

test('a failure that may pass is tried again, any other is not', async () => {
  const outcomes: string[] = [];
  const twice = Promise.withResolvers<void>();
  let passing = 0;
  await start(
    [
      job('passing', () => {
        passing += 1;
        return passing === 1 ? Promise.reject(new RetryableError('busy', '')) : Promise.resolve({});
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
