import { type ShippedProcess, startShipped } from './processes.ts';
import { SHIFT_VARIABLE } from './shift-variable.ts';

const WEEK_MS = 7 * 86_400_000;

/** What a shipped process is started with so that its clock is ahead by so many milliseconds; behind where negative. */
export function clockAhead(ms: number): Readonly<Record<string, string>> {
  return {
    // As an address: a path may hold spaces, which NODE_OPTIONS would take apart.
    NODE_OPTIONS: `--import=${new URL('./shifted-clock.ts', import.meta.url).href}`,
    [SHIFT_VARIABLE]: String(ms),
  };
}

/**
 * A setting that a ready token leaves without effect, and that makes the configuration another one: what is read on behalf
 * of an earlier week is shared with nobody who asks today.
 */
const APART = { AZURE_AUTHORITY_HOST: 'https://earlier.sandbox.invalid' };

/**
 * Gives an installation a past: the shipped `golden record`, once for each earlier week, oldest first, as memory only grows
 * forwards. The machines are today's and are judged as of then, so that images age from week to week.
 *
 * @param options.weeks How many weeks before this one.
 * @param options.signal Ends it before its time; then it resolves as well.
 * @throws Error with the last lines of a recording that failed
 */
export async function rewind(options: {
  readonly env: Readonly<Record<string, string>>;
  readonly weeks: number;
  readonly signal: AbortSignal;
  readonly onLine?: (process: string, line: string) => void;
}): Promise<void> {
  const { env, weeks, signal, onLine } = options;
  let recording: ShippedProcess | undefined;
  signal.addEventListener('abort', () => void recording?.stop());
  for (let ago = weeks; ago > 0 && !signal.aborted; ago -= 1) {
    const name = `record of week -${ago}`;
    recording = startShipped(name, ['record'], { ...env, ...APART, ...clockAhead(-ago * WEEK_MS) }, (line) =>
      onLine?.(name, line),
    );
    const code = await recording.ended;
    if (code !== 0 && !signal.aborted) {
      throw new Error([`${name} ended with code ${code}`, ...recording.lines.slice(-5)].join('\n'));
    }
  }
}
