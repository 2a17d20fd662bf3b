import { assemble } from '../assemble.ts';
import { loadConfig } from '../config.ts';
import { count } from '../core/wording.ts';
import { openTelemetry } from '../telemetry/telemetry.ts';
import type { Arguments } from './arguments.ts';
import { print, type Surroundings } from './surroundings.ts';

/** Somebody is waiting; without Redis there is nowhere to remember anything. */
const REDIS_WAIT_MS = 3000;

/** What `golden record --json` prints. */
interface Recorded {
  readonly teams: number;
  /** Teams of which this reading is what is remembered of today. */
  readonly recorded: number;
  /** Resource Graph requests made. */
  readonly requests: number;
}

/**
 * `golden record`: reads Azure once and remembers how every team stands today, as the worker does by itself. For the day of
 * an outage, and for an installation whose first digest shall have something to compare with.
 *
 * @returns 0
 * @throws ConfigError, RetryableError, FatalError
 */
export async function record({ json }: Arguments, { env, stdout, stderr }: Surroundings): Promise<0> {
  const config = loadConfig({ env, needs: { slack: 'unused', redis: 'required' }, logLevel: 'warn' });
  const telemetry = openTelemetry(config.logLevel, stderr, { process: false });
  const { memory, store } = await assemble(config, telemetry, {
    redisWaitMs: REDIS_WAIT_MS,
    // What it read is remembered, but does not answer for the installation: the identity may be another one.
    privateAnswers: true,
  });
  try {
    const recorded = await memory.record({ fresh: true });
    await print(stdout, json ? JSON.stringify(recorded) : recordedText(recorded));
    return 0;
  } finally {
    await store.close();
  }
}

function recordedText({ teams, recorded, requests }: Recorded): string {
  const cost = `${count(requests, 'request')} to Azure`;
  if (recorded === teams) return `Remembered how ${count(teams, 'team')} stand today (${cost}).`;
  const known = teams - recorded;
  return `Remembered how ${count(recorded, 'team')} of ${teams} stand today (${cost}); of ${known} today was known already.`;
}
