import type { Logger } from './log.ts';

/** The part of `process` that reports what nobody caught. */
export interface Crashes {
  on(event: 'unhandledRejection' | 'uncaughtException', listener: (error: unknown) => void): unknown;
  off(event: 'unhandledRejection' | 'uncaughtException', listener: (error: unknown) => void): unknown;
}

/**
 * Logs what nobody caught. A rejection is survived: Slack's socket client is known to leave one behind when a disconnect
 * meets a reconnect, and the connection it concerns is replaced anyway. After an exception the state of the process is
 * unknown, so it ends.
 *
 * @param end Ends the process; called once with its exit code.
 * @returns what takes the listeners away again.
 */
export function watchCrashes(source: Crashes, log: Logger, end: (code: number) => void): () => void {
  const rejected = (error: unknown) => log.error({ err: error }, 'a promise was rejected and nobody caught it');
  const thrown = (error: unknown) => {
    log.fatal({ err: error }, 'an exception nobody caught; the process ends');
    end(1);
  };
  source.on('unhandledRejection', rejected);
  source.on('uncaughtException', thrown);
  return () => {
    source.off('unhandledRejection', rejected);
    source.off('uncaughtException', thrown);
  };
}
