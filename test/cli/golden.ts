import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/cli/run.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The example configuration, which is valid. */
export const EXAMPLE = fileURLToPath(new URL('../../golden.example.yml', import.meta.url));

/** How a run of the executable ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the executable with nothing but this environment. */
export function spawnGolden(args: readonly string[], env: Record<string, string> = {}) {
  return spawn(process.execPath, ['bin/golden.js', ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs what the executable runs, in this process: a new one takes a second to start. */
export async function golden(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const stdout = paper();
  const stderr = paper();
  const exitCode = await run({
    argv: args,
    env,
    stdout,
    stderr,
    signals: new EventEmitter(),
    end: (code) => {
      throw new Error(`golden ended itself with ${code}`);
    },
  });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

/** A stream that keeps what is printed on it. */
function paper() {
  let printed = '';
  return {
    text: () => printed,
    write(text: string, written?: () => void) {
      printed += text;
      written?.();
    },
  };
}

/** Runs the executable itself to its end. */
export async function executable(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawnGolden(args, env);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { exitCode, stdout, stderr };
}
