import type { Environment } from '../config/variables.ts';
import type { Output } from './screen.ts';
import type { Signals } from './serve.ts';

/** A stream that the command line prints on. */
export interface Printer extends Output {
  write(text: string, written?: () => void): unknown;
}

/** What the executable touches of its process; a test gives its own. */
export interface Surroundings {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly stdout: Printer;
  readonly stderr: Printer;
  readonly signals: Signals;
  /** Ends the process at once. */
  readonly end: (code: number) => void;
}

/** Prints a text and a line break; resolves once it has left the process, so that ending then loses nothing. */
export async function print(printer: Printer, text: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  printer.write(`${text}\n`, resolve);
  await promise;
}
