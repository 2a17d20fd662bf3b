import type { Config } from '../config.ts';
import { watchCrashes } from '../telemetry/crash.ts';
import { type Dependency, type Health, openHealth } from '../telemetry/health.ts';
import type { LineSink } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { openTelemetry, type Telemetry } from '../telemetry/telemetry.ts';

/** A part of the process that runs until it is closed: the bot or the worker. */
export interface RunningPart {
  /** What it needs to do its work. */
  readonly dependencies: readonly Dependency[];
  /** Takes nothing new and finishes what it has, `graceMs` milliseconds at the most. */
  close(graceMs: number): Promise<void>;
}

/** Starts a part. */
export type StartPart = (config: Config, telemetry: Telemetry) => Promise<RunningPart>;

/** The part of `process` that serving needs. */
export interface Signals {
  on(event: string, listener: (error: unknown) => void): unknown;
  off(event: string, listener: (error: unknown) => void): unknown;
}

/** From SIGTERM to the end of the process at the latest, in milliseconds. */
const DRAIN_MS = 10_000;
/** What the parts get of it; the rest is for closing connections and flushing the log. */
const PARTS_MS = 8500;

/**
 * Runs parts until SIGTERM or SIGINT, then drains them. A second signal ends the process at once. Health answers from the
 * first moment on, so that a part that waits for Slack or Redis is seen as starting and not as dead.
 *
 * @returns the exit code: 0 drained, 1 not in time or after an exception nobody caught, 2 a part could not start.
 */
export async function serve(
  config: Config,
  parts: Readonly<Record<string, StartPart>>,
  around: { readonly signals: Signals; readonly sink: LineSink; readonly end: (code: number) => void },
): Promise<number> {
  const telemetry = openTelemetry(config.logLevel, around.sink, { process: true });
  const { log, metrics } = telemetry;
  const ended = Promise.withResolvers<string>();
  const forgetCrashes = watchCrashes(around.signals, log, around.end);
  const forgetSignals = onSignals(around.signals, (signal, again) => {
    if (again) around.end(1);
    else ended.resolve(signal);
  });

  const names = Object.keys(parts);
  const running: RunningPart[] = [];
  const startAll = async () => {
    for (const start of Object.values(parts)) running.push(await start(config, telemetry));
    health?.watch(running.flatMap(({ dependencies }) => dependencies));
    log.info({ parts: names }, 'started');
    return ended.promise;
  };
  let health: Health | undefined;
  try {
    health = await openHealthOf(config, metrics, log);
    log.info({ parts: names, healthPort: health.port, teams: config.teams.length, node: process.version }, 'starting');
    // Whoever is told to end while still starting does not finish starting first.
    const signal = await Promise.race([startAll(), ended.promise]);
    health.drain();
    log.info({ signal }, 'draining');
    const inTime = await within(DRAIN_MS, Promise.all(running.map((part) => part.close(PARTS_MS))));
    log[inTime ? 'info' : 'error']({ signal }, inTime ? 'drained' : 'not drained in time');
    return inTime ? 0 : 1;
  } catch (error) {
    log.fatal({ err: error }, 'could not start');
    await within(DRAIN_MS, Promise.allSettled(running.map((part) => part.close(0))));
    return 2;
  } finally {
    await health?.close();
    forgetSignals();
    forgetCrashes();
  }
}

/** Bot and worker may share a machine: where nobody asked for the port, the second of them takes a free one. */
async function openHealthOf(config: Config, metrics: Metrics, log: Telemetry['log']): Promise<Health> {
  const { healthHost: host, healthPort: port, healthPortFixed } = config;
  try {
    return await openHealth({ host, port }, metrics);
  } catch (error) {
    if (healthPortFixed || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    log.warn({ port }, 'the usual health port is taken; using a free one, set HEALTH_PORT to choose');
    return openHealth({ host, port: 0 }, metrics);
  }
}

function onSignals(source: Signals, listener: (signal: string, again: boolean) => void): () => void {
  let count = 0;
  const heard = (['SIGTERM', 'SIGINT'] as const).map((signal) => {
    const handler = () => {
      count += 1;
      listener(signal, count > 1);
    };
    source.on(signal, handler);
    return () => source.off(signal, handler);
  });
  return () => {
    for (const forget of heard) forget();
  };
}

/** Whether the work ends in time; the timer does not keep the process alive. */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), ms);
  try {
    return await Promise.race([work.then(() => true), promise]);
  } finally {
    clearTimeout(timer);
  }
}
