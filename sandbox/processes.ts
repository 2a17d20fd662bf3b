import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A running process of the shipped product: the sandbox knows it by its executable and its environment alone. */
export interface ShippedProcess {
  readonly name: string;
  readonly child: ChildProcess;
  /** The last lines it logged, newest last. */
  readonly lines: readonly string[];
  /** Resolves when it has ended, with its exit code; null when it was killed. */
  readonly ended: Promise<number | null>;
  /** Resolves when a log line holds the text. @throws Error with the last lines when it ends or takes too long */
  logged(text: string, timeoutMs?: number): Promise<void>;
  /** SIGTERM, then SIGKILL when it does not end in time. @returns the exit code, null when it was killed */
  stop(graceMs?: number): Promise<number | null>;
}

const EXECUTABLE = fileURLToPath(new URL('../src/golden.ts', import.meta.url));
const LINES_KEPT = 200;
const GRACE_MS = 12_000;

/** Starts `golden <subcommand>` with nothing but the given environment and what a process needs to run at all. */
export function startShipped(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  onLine: (line: string) => void = () => {},
): ShippedProcess {
  const child = spawn(process.execPath, [EXECUTABLE, ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C is for whoever started us: a shipped process that got it too would take our SIGTERM for a second Ctrl-C.
    detached: true,
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let ended = false;
  const exited = once(child, 'exit').then(([code]) => {
    ended = true;
    for (const check of waiting) check();
    return code as number | null;
  });
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        if (lines.length > LINES_KEPT) lines.shift();
        onLine(line);
      }
      for (const check of waiting) check();
    });
  }
  return {
    name,
    child,
    lines,
    ended: exited,
    async logged(text, timeoutMs = 20_000) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const fail = (why: string) => reject(new Error([`${name} ${why}`, ...lines.slice(-10)].join('\n')));
      const check = () => {
        if (lines.some((line) => line.includes(text))) resolve();
        else if (ended) fail(`ended before it logged "${text}"`);
      };
      const timer = setTimeout(() => fail(`did not log "${text}" within ${timeoutMs} ms`), timeoutMs);
      waiting.add(check);
      check();
      try {
        await promise;
      } finally {
        clearTimeout(timer);
        waiting.delete(check);
      }
    },
    async stop(graceMs = GRACE_MS) {
      if (!ended) child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      const code = await exited;
      clearTimeout(timer);
      return code;
    },
  };
}
