import { ConfigError, faultText } from '../config.ts';
import { GoldenError, RetryableError } from '../core/errors.ts';
import { scrub } from '../telemetry/scrub.ts';

/** An error as people read it: what happened, and the next step. With `debug` also where it came from. */
export function failureText(error: unknown, options: { readonly debug: boolean }): string {
  const text = sentence(error);
  return options.debug ? `${text}\n${traces(error)}` : text;
}

function sentence(error: unknown): string {
  if (error instanceof ConfigError) {
    const { faults } = error;
    const title = `golden: the configuration has ${faults.length} fault${faults.length === 1 ? '' : 's'}:`;
    return [title, ...faults.map(faultText)].join('\n');
  }
  if (error instanceof GoldenError) return `golden: ${inTerminal(error.message)} ${inTerminal(hintOf(error))}`;
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE') {
    return `golden: ${address ?? ''}:${port ?? ''} is in use by another process. Choose another HEALTH_PORT or PORT, or end that process.`;
  }
  return 'golden: something went wrong that golden did not expect. Run it again with LOG_LEVEL=debug and report what it prints.';
}

/** One next step: the time to wait where Azure said it, else what the error itself advises. */
function hintOf(error: GoldenError): string {
  if (!(error instanceof RetryableError) || error.retryAfterMs === undefined) return error.hint;
  return `Ask again in ${Math.max(1, Math.ceil(error.retryAfterMs / 1000))} s.`;
}

/** Commands speak of `/golden`, as it is typed in Slack. Foreign text in a message must not steer the terminal. */
function inTerminal(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal
  return text.replaceAll('"/golden', '"golden').replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

/** Stacks without secrets: the log loses them on its way out, the standard error would not. */
function traces(error: unknown): string {
  const lines: string[] = [];
  for (let here: unknown = error; here instanceof Error && lines.length < 10; here = here.cause) {
    lines.push(here.stack ?? here.message);
  }
  return scrub(lines.length === 0 ? String(error) : lines.join('\ncaused by: '));
}
