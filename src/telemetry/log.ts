import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogLevel } from '../config.ts';
import { scrub } from './scrub.ts';

export type { Logger } from 'pino';

/** Where lines of the log go: `process.stdout`, `process.stderr`, or a test's own. */
export interface LineSink {
  write(line: string): unknown;
}

/**
 * One JSON line per event on `sink`, without secrets. Whoever logs gives what the line is about as fields (`requestId`,
 * `jobId`, `durationMs` ...) and the event as the message.
 */
export function openLog(level: LogLevel, sink: LineSink): Logger {
  const destination: DestinationStream = { write: (line) => void sink.write(scrub(line)) };
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}
