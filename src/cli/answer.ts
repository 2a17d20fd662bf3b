import { assemble } from '../assemble.ts';
import type { AnyCommand } from '../command.ts';
import { loadConfig } from '../config.ts';
import { openTelemetry } from '../telemetry/telemetry.ts';
import type { Arguments } from './arguments.ts';
import { screenOf } from './screen.ts';
import type { Surroundings } from './surroundings.ts';

/** Findings at the most, unless told otherwise; 1000 is the contract of `--json`. */
const LIMIT = { json: 1000, text: 20 } as const;

/** Somebody is waiting; without Redis the quota is counted by this process alone. */
const REDIS_WAIT_MS = 1000;

/**
 * Runs a command of Slack's in the terminal. What asks Azure asks anew in every run; a Redis that is configured keeps the
 * installation's quota of requests, and what is remembered there alone.
 *
 * @returns what to print, and the exit code
 * @throws ConfigError, UserError, RetryableError, FatalError
 */
export async function answer(
  { terminal, parse, query }: AnyCommand,
  { words, json, limit, noColor }: Arguments,
  { env, stdout, stderr }: Surroundings,
): Promise<{ readonly text: string; readonly exitCode: 0 | 1 }> {
  const config = loadConfig({ env, needs: { slack: 'unused', redis: 'optional' }, logLevel: 'warn' });
  const input: unknown = parse(words, { teams: config.teams });
  const { services, store } = await assemble(config, openTelemetry(config.logLevel, stderr, { process: false }), {
    redisWaitMs: REDIS_WAIT_MS,
    privateAnswers: true,
  });
  try {
    const flags = { limit: limit ?? (json ? LIMIT.json : LIMIT.text), fresh: true };
    const result: unknown = await query(input, services, flags, { kind: 'terminal' });
    if (!terminal) throw new TypeError('The command has no form for a terminal.');
    const text = json
      ? JSON.stringify(terminal.json(result))
      : terminal.text(result, screenOf(stdout, env, { noColor }));
    return { text, exitCode: terminal.exitCode(result) };
  } finally {
    await store.close();
  }
}
