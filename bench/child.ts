import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A helper process of the benchmark. It ends with the channel to us, so it never outlives the benchmark. */
export interface Child<Said> {
  readonly pid: number;
  /** The one message it sends: that it is ready, or its result. */
  readonly said: Said;
  stop(): Promise<void>;
}

/**
 * Runs a file of this folder in a process of its own, so that what it costs is not counted for the bot nor for us.
 *
 * @throws Error when it ends without a word, or says nothing within `patienceMs`
 */
export async function startChild<Said>(
  file: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly patienceMs: number },
): Promise<Child<Said>> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = fork(path, args, {
    execArgv: [],
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...options.env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Ctrl-C is ours to handle: a child that got it too would die before what depends on it has ended.
    detached: true,
  });
  try {
    return {
      pid: child.pid ?? 0,
      said: (await firstMessage(child, file, options.patienceMs)) as Said,
      stop: () => stop(child),
    };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

async function firstMessage(child: ChildProcess, name: string, patienceMs: number): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const timer = setTimeout(() => reject(new Error(`${name} said nothing for ${patienceMs / 1000} s`)), patienceMs);
  child.once('message', resolve);
  child.once('error', reject);
  child.once('exit', (code) => reject(new Error(`${name} ended with code ${code}`)));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  // It holds nothing worth saving, and a query over a million rows need not be waited for.
  child.kill('SIGKILL');
  await exited;
}
