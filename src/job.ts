import type { Digests } from './digest/digests.ts';
import type { Galleries } from './ports.ts';

/** What a job may use: never BullMQ, Azure or Redis themselves. */
export interface JobServices {
  readonly galleries: Galleries;
  readonly digests: Pick<Digests, 'deliver' | 'pending' | 'record'>;
  /** Puts a job in the queue unless the same one waits there already. */
  readonly wake: (job: string, data: JobData) => Promise<void>;
}

/** What a job is about; plain JSON, no secrets. */
export type JobData = Readonly<Record<string, string>>;

/** When a job runs by itself. */
export interface Schedule {
  /** Names it among all schedules of all jobs. */
  readonly id: string;
  /** Milliseconds between two runs, over all workers together; or a cron pattern of five fields in an IANA zone. */
  readonly when: { readonly everyMs: number } | { readonly pattern: string; readonly timezone: string };
  readonly data: JobData;
}

/** How a run ended. */
export type JobResult =
  /** What is worth a log line. */
  | { readonly kind: 'done'; readonly details: Readonly<Record<string, unknown>> }
  /** Not over: it runs again after this many milliseconds, and holds no worker until then. */
  | { readonly kind: 'wait'; readonly waitMs: number; readonly details: Readonly<Record<string, unknown>> };

/** A BullMQ job: what it is called, when it runs, what it does. Whoever runs it retries, logs and counts. */
export interface JobDefinition {
  /** Lower-case, digits and dashes. */
  readonly name: string;
  readonly summary: string;
  /** Its schedules for a configuration; those that are not in it any more are removed at the worker's next start. */
  schedules(of: Scheduled): readonly Schedule[];
  /** Idempotent: BullMQ runs a job at least once. */
  run(services: JobServices, data: JobData, signal: AbortSignal | undefined): Promise<JobResult>;
}

/** What schedules are made of. */
export interface Scheduled {
  readonly digests: Pick<Digests, 'recipients'>;
}

/** Keeps a job's type; returns it unchanged. */
export function defineJob(job: JobDefinition): JobDefinition {
  return job;
}

/** A run that is over. */
export function done(details: Readonly<Record<string, unknown>>): JobResult {
  return { kind: 'done', details };
}
