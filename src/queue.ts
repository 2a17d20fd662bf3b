import { type Job, Queue, UnrecoverableError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { RetryableError } from './core/errors.ts';
import type { JobDefinition, JobServices } from './job.ts';
import { isUnknownDatabase } from './store/connection.ts';

/** What is told about jobs. */
export interface JobLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** Running jobs. */
export interface RunningJobs {
  ready(): boolean;
  /** Takes no new job and waits for those that run, `graceMs` at the most. */
  close(graceMs: number): Promise<void>;
}

const QUEUE = 'golden';

/**
 * Runs the jobs with BullMQ: one queue, one Job Scheduler for each job, any number of workers. Schedulers are brought in
 * line with the list at every start; the same list from several workers at once leaves one scheduler each.
 *
 * @param options.prefix The hash tag all keys share.
 */
export async function startJobs(options: {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly jobs: readonly JobDefinition[];
  readonly services: JobServices;
  readonly log: JobLog;
  readonly onDone?: (name: string, outcome: 'done' | 'failed', durationMs: number) => void;
}): Promise<RunningJobs> {
  const { jobs, services, log, prefix } = options;
  const byName = new Map(jobs.map((job) => [job.name, job]));
  // BullMQ's blocking reads need an own connection that never gives up on a command.
  const connection = new Redis(options.redisUrl, {
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(2000, times * 100),
  });
  let away = false;
  const onError = (error: Error) => {
    if (!away) log.warn({ error: error.message }, 'The job queue cannot reach Redis; jobs wait until it is back');
    away = true;
  };
  connection.on('error', (error: Error) => {
    // Jobs must not run in database 0, where another installation may live; the store says what is wrong.
    if (isUnknownDatabase(error)) connection.disconnect();
    onError(error);
  });
  connection.on('ready', () => {
    away = false;
  });

  const queue = new Queue(QUEUE, { connection, prefix, skipWaitingForReady: true });
  queue.on('error', onError);
  const worker = new Worker(
    QUEUE,
    async (job: Job, _token?: string, signal?: AbortSignal) => {
      const definition = byName.get(job.name);
      if (!definition) throw new UnrecoverableError(`No job is called ${job.name}`);
      const startedAt = performance.now();
      try {
        const result = await definition.run(services, signal);
        const durationMs = Math.round(performance.now() - startedAt);
        log.info({ job: job.name, jobId: job.id, durationMs, ...result }, 'Job done');
        options.onDone?.(job.name, 'done', durationMs);
        return result;
      } catch (error) {
        const durationMs = Math.round(performance.now() - startedAt);
        options.onDone?.(job.name, 'failed', durationMs);
        const details = { job: job.name, jobId: job.id, durationMs, err: error };
        if (error instanceof RetryableError) {
          log.warn(details, 'Job failed; it is tried again');
          throw error;
        }
        log.error(details, 'Job failed');
        throw new UnrecoverableError(error instanceof Error ? error.message : String(error));
      }
    },
    // Lock and stall check are short, so that a killed worker's job goes on within about 40 s.
    { connection, prefix, lockDuration: 30_000, stalledInterval: 10_000, maxStalledCount: 10 },
  );
  worker.on('error', (error) => {
    if (connection.status === 'ready') log.error({ err: error }, 'The job queue has an error');
    else onError(error);
  });
  worker.on('lockRenewalFailed', (ids: string[]) => {
    for (const id of ids) worker.cancelJob(id, 'the lock was lost');
  });

  const scheduled = schedule(queue, jobs).catch((error: unknown) =>
    log.error({ err: error }, 'Jobs could not be scheduled'),
  );
  return {
    ready: () => connection.status === 'ready',
    async close(graceMs) {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, graceMs);
      await Promise.race([Promise.all([worker.close(), scheduled]).then(() => queue.close()), late]);
      clearTimeout(timer);
      connection.disconnect();
    },
  };
}

async function schedule(queue: Queue, jobs: readonly JobDefinition[]): Promise<void> {
  for (const job of jobs) {
    await queue.upsertJobScheduler(
      job.name,
      { every: job.everyMs },
      {
        name: job.name,
        opts: {
          attempts: 3,
          backoff: { type: 'exponential', delay: 5000 },
          removeOnComplete: { count: 100 },
          removeOnFail: { count: 500 },
        },
      },
    );
  }
  const wanted = new Set(jobs.map((job) => job.name));
  for (const scheduler of await queue.getJobSchedulers()) {
    if (!wanted.has(scheduler.key)) await queue.removeJobScheduler(scheduler.key);
  }
}
