import { RetryableError } from '../core/errors.ts';
import { scrub } from '../telemetry/scrub.ts';

/** What one look at a dependency found. */
export interface Finding {
  /** What was looked at: `Redis`, `Slack channel of team-x`. */
  readonly name: string;
  /** `ok`; `advice`: works, but should be otherwise; `missing`: golden cannot do its work without it. */
  readonly state: 'ok' | 'advice' | 'missing';
  /** What was found, in a few words. */
  readonly detail: string;
  /** What to do, as a sentence; absent where all is well. */
  readonly remedy?: string;
}

/** One thing to look at. It may find several things, and may throw: whoever runs it makes a finding of that. */
export interface Probe {
  readonly name: string;
  /** What to do when it throws something that does not say so itself. */
  readonly remedy: string;
  look(signal: AbortSignal): Promise<readonly Finding[]>;
}

/** A probe is given up after this time, in milliseconds. */
export const PROBE_MS = 10_000;

/** Runs all probes side by side; none keeps another from its turn. Findings come in the order of the probes. */
export async function runProbes(probes: readonly Probe[], timeoutMs = PROBE_MS): Promise<readonly Finding[]> {
  const findings = await Promise.all(probes.map((probe) => runProbe(probe, timeoutMs)));
  return findings.flat();
}

async function runProbe(probe: Probe, timeoutMs: number): Promise<readonly Finding[]> {
  const controller = new AbortController();
  const { promise: late, reject } = Promise.withResolvers<never>();
  // The clock is ours: a library that does not listen to the signal must not hold up the whole check.
  const timer = setTimeout(() => {
    reject(new TimeoutError(timeoutMs));
    controller.abort();
  }, timeoutMs);
  try {
    return (await Promise.race([probe.look(controller.signal), late])).map(withoutSecrets);
  } catch (error) {
    return [withoutSecrets(failed(probe, error))];
  } finally {
    clearTimeout(timer);
  }
}

class TimeoutError extends Error {
  constructor(ms: number) {
    super(`did not answer within ${ms / 1000} s`);
    this.name = 'TimeoutError';
  }
}

function failed({ name, remedy }: Probe, error: unknown): Finding {
  // What may work later says so itself. Any other hint sends people here, to `golden check`.
  if (error instanceof RetryableError) return { name, state: 'missing', detail: messageOf(error), remedy: error.hint };
  return { name, state: 'missing', detail: messageOf(error), remedy };
}

/** An error's own words, or those of the errors it stands for: a refused connection comes as an AggregateError without any. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.replace(/\.+$/, '') || (error as NodeJS.ErrnoException).code || 'failed without a reason';
}

function withoutSecrets(finding: Finding): Finding {
  return { ...finding, detail: scrub(finding.detail) };
}
