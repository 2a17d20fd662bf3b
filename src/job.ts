import type { Galleries } from './ports.ts';

/** What a job may use: never BullMQ, Azure or Redis themselves. */
export interface JobServices {
  readonly galleries: Galleries;
}

/** A BullMQ job: what it is called, when it runs, what it does. Whoever runs it retries, logs and counts. */
export interface JobDefinition {
  /** Also the id of its scheduler: lower-case, digits and dashes. */
  readonly name: string;
  readonly summary: string;
  /** Milliseconds between two runs, over all workers together. */
  readonly everyMs: number;
  /** Idempotent: BullMQ runs a job at least once. @returns what is worth a log line. */
  run(services: JobServices, signal: AbortSignal | undefined): Promise<Readonly<Record<string, unknown>>>;
}

/** Keeps a job's type; returns it unchanged. */
export function defineJob(job: JobDefinition): JobDefinition {
  return job;
}
