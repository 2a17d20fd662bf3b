import type { LogLevel } from '../config.ts';
import { type LineSink, type Logger, openLog } from './log.ts';
import { Metrics } from './metrics.ts';

/** How a process tells about itself. */
export interface Telemetry {
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Opens log and metrics. @param options.process See Metrics. */
export function openTelemetry(level: LogLevel, sink: LineSink, options: { readonly process: boolean }): Telemetry {
  return { log: openLog(level, sink), metrics: new Metrics(options) };
}
