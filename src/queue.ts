import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  DelayedError,
  type Job,
  type JobSchedulerJson,
  type JobsOptions,
  Queue,
  UnrecoverableError,
  Worker,
} from 'bullmq';
import { Redis } from 'ioredis';
import { RetryableError } from './core/errors.ts';
import type { JobData, JobDefinition, JobServices, Schedule, Scheduled } from './job.ts';
import { isUnknownDatabase } from './store/connection.ts';

/** What is told about jobs. */
export interface JobLog {
  debug(details: object, message: string): void;
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

/** Jobs wait for Azure and Slack, not for the processor. */
const CONCURRENCY = 10;

/** Tried again for some ten minutes; what comes by schedule comes again anyway. */
const JOB_OPTIONS: JobsOptions = {
  attempts: 8,
  backoff: { type: 'exponential', delay: 5000 },
  removeOnComplete: { count: 1000 },
  removeOnFail: { count: 2000 },
};

/** How soon a job of a worker that was killed goes on, in milliseconds: about both together. */
export interface StallTimes {
  readonly lockMs: number;
  readonly checkMs: number;
}

const STALL_TIMES: StallTimes = { lockMs: 30_000, checkMs: 10_000 };

/**
 * Runs the jobs with BullMQ: one queue, one Job Scheduler for each schedule, any number of workers. Schedulers are brought
 * in line with the jobs and the configuration at every start; the same from several workers at once leaves one of each.
 *
 * @param options.prefix The hash tag all keys share.
 * @param options.scheduled What the schedules depend on.
 * @param options.atStart Jobs that run once at every start beside their schedules.
 */
export async function startJobs(options: {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly jobs: readonly JobDefinition[];
  readonly services: Omit<JobServices, 'wake'>;
  readonly scheduled: Scheduled;
  readonly atStart?: readonly string[];
  readonly log: JobLog;
  readonly onDone?: (name: string, outcome: 'done' | 'failed', durationMs: number) => void;
  readonly stallTimes?: StallTimes;
  /** For tests: how soon an emptied Redis is noticed. */
  readonly lookAgainMs?: number;
}): Promise<RunningJobs> {
  const { jobs, log, prefix } = options;
  const { lockMs, checkMs } = options.stallTimes ?? STALL_TIMES;
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
  const wake = async (name: string, data: JobData): Promise<void> => {
    const id = [name, ...Object.values(data)].join(':');
    await queue.add(name, data, { ...JOB_OPTIONS, deduplication: { id } });
  };
  const services: JobServices = { ...options.services, wake };
  const worker = new Worker(
    QUEUE,
    async (job: Job<JobData>, token?: string, signal?: AbortSignal) => {
      const definition = byName.get(job.name);
      if (!definition) throw new UnrecoverableError(`No job is called ${job.name}`);
      const startedAt = performance.now();
      try {
        const result = await definition.run(services, job.data, signal);
        const durationMs = Math.round(performance.now() - startedAt);
        const details = { job: job.name, jobId: job.id, durationMs, ...result.details };
        if (result.kind === 'wait') {
          log.debug({ ...details, waitMs: result.waitMs }, 'Job goes on later');
          await job.moveToDelayed(Date.now() + result.waitMs, token);
          throw new DelayedError();
        }
        log.info(details, 'Job done');
        options.onDone?.(job.name, 'done', durationMs);
        return result.details;
      } catch (error) {
        if (error instanceof DelayedError) throw error;
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
    {
      connection,
      prefix,
      concurrency: CONCURRENCY,
      lockDuration: lockMs,
      stalledInterval: checkMs,
      maxStalledCount: 10,
    },
  );
  worker.on('error', (error) => {
    if (connection.status === 'ready') log.error({ err: error }, 'The job queue has an error');
    else onError(error);
  });
  worker.on('lockRenewalFailed', (ids: string[]) => {
    for (const id of ids) worker.cancelJob(id, 'the lock was lost');
  });

  const schedules = jobs.flatMap((job) =>
    job.schedules(options.scheduled).map((schedule) => ({ ...schedule, job: job.name })),
  );
  const closing = new AbortController();
  const wakeAll = async () => {
    for (const name of options.atStart ?? []) await wake(name, {});
  };
  const onFailure = (error: unknown, waitMs: number) =>
    log.error({ err: error, waitMs }, 'Jobs could not be scheduled; it is tried again');
  const scheduled = (async () => {
    await keepTrying(() => reconcile(queue, schedules, log).then(wakeAll), closing.signal, onFailure);
    // A Redis that was emptied has lost the schedules, the sweep's own among them.
    while (await paused(options.lookAgainMs ?? LOOK_AGAIN_MS, closing.signal)) {
      const restore = async () => {
        const missing = await missingOf(queue, schedules);
        if (missing.length === 0) return;
        log.warn({ schedules: missing.length }, 'Schedules were missing in Redis; they are made again');
        await reconcile(queue, schedules, log);
        await wakeAll();
      };
      await keepTrying(restore, closing.signal, onFailure);
    }
  })();
  return {
    ready: () => connection.status === 'ready',
    async close(graceMs) {
      closing.abort();
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, graceMs);
      await Promise.race([Promise.all([worker.close(), scheduled]).then(() => queue.close()), late]);
      clearTimeout(timer);
      connection.disconnect();
    },
  };
}

/** How soon an emptied Redis is noticed, in milliseconds. */
const LOOK_AGAIN_MS = 15_000;
/** From one attempt to the next, in milliseconds; doubled each time. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;

/** Works until it succeeds or is over: a Redis that fails over refuses what it takes a moment later. Never throws. */
async function keepTrying(
  work: () => Promise<void>,
  over: AbortSignal,
  onFailure: (error: unknown, waitMs: number) => void,
): Promise<void> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
    try {
      return await work();
    } catch (error) {
      onFailure(error, waitMs);
    }
    if (!(await paused(waitMs, over))) return;
  }
}

/** Waits. @returns false where everything is over */
async function paused(ms: number, over: AbortSignal): Promise<boolean> {
  await pause(ms, undefined, { signal: over }).catch(() => undefined);
  return !over.aborted;
}

/** Schedules that Redis knows nothing of. */
async function missingOf(queue: Queue, schedules: readonly Schedule[]): Promise<readonly string[]> {
  if ((await queue.getJobSchedulersCount()) === schedules.length) return [];
  const known = new Set((await queue.getJobSchedulers()).map(({ key }) => key));
  return schedules.flatMap(({ id }) => (known.has(id) ? [] : [id]));
}

/**
 * Adds and changes what is wanted, removes what is not. What is as wanted stays untouched: replacing a scheduler would drop
 * the run that is waiting, be it late.
 */
async function reconcile(
  queue: Queue,
  schedules: readonly (Schedule & { readonly job: string })[],
  log: JobLog,
): Promise<void> {
  const known = new Map((await queue.getJobSchedulers()).map((scheduler) => [scheduler.key, scheduler]));
  for (const { id, when, data, job } of schedules) {
    const repeat = 'everyMs' in when ? { every: when.everyMs } : { pattern: when.pattern, tz: when.timezone };
    const before = known.get(id);
    if (!(isSame(before, { name: job, data, ...repeat }) && (await willRun(queue, before)))) {
      try {
        await queue.upsertJobScheduler(id, repeat, { name: job, data, opts: JOB_OPTIONS });
      } catch (error) {
        // One pattern that the library cannot follow in its zone must not keep the others; the sweep stands in for it.
        log.error({ err: error, schedule: id, ...repeat }, 'A job could not be scheduled');
      }
    }
    known.delete(id);
  }
  for (const id of known.keys()) await queue.removeJobScheduler(id);
}

/** A scheduler lives by the job that waits; one that is overdue may have lost it. */
async function willRun(queue: Queue, scheduler: JobSchedulerJson | undefined): Promise<boolean> {
  const next = scheduler?.next ?? 0;
  return next > Date.now() || (await queue.getJob(`repeat:${scheduler?.key}:${next}`)) !== undefined;
}

function isSame(
  known: JobSchedulerJson | undefined,
  wanted: {
    readonly name: string;
    readonly data: JobData;
    readonly every?: number;
    readonly pattern?: string;
    readonly tz?: string;
  },
): boolean {
  if (known === undefined) return false;
  const { name, every, pattern, tz, template } = known;
  const opts = Object.fromEntries(
    Object.keys(JOB_OPTIONS).map((key) => [key, (template?.opts as Record<string, unknown> | undefined)?.[key]]),
  );
  return isDeepStrictEqual(
    [name, every === undefined ? undefined : Number(every), pattern, tz, template?.data ?? {}, opts],
    [wanted.name, wanted.every, wanted.pattern, wanted.tz, wanted.data, JOB_OPTIONS],
  );
}
