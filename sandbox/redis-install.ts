/** What decides how a Redis server could be installed here. */
export interface Machine {
  platform: NodeJS.Platform;
  /** The user's id; undefined where there is none. */
  uid: number | undefined;
  /** Programs on the PATH: any of `apt-get`, `brew`, `sudo`. */
  tools: ReadonlySet<string>;
  /** Whether `sudo -n` runs without asking for a password. */
  passwordlessSudo: boolean;
}

/** One program with its arguments, to be run without a shell. */
export type Command = readonly [program: string, ...args: string[]];

/**
 * The commands that install a Redis server on `machine`, in order; empty where that takes a person. Only what needs no
 * password is offered: a test run must never stop to ask for one.
 */
export function commands(machine: Machine): readonly Command[] {
  if (machine.platform === 'darwin') return machine.tools.has('brew') ? [['brew', 'install', '--quiet', 'redis']] : [];
  if (machine.platform !== 'linux' || !machine.tools.has('apt-get')) return [];
  const asRoot = rootPrefix(machine);
  if (!asRoot) return [];
  const apt = (...args: string[]): Command => [
    ...asRoot,
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-qq',
    ...args,
  ];
  return [apt('update'), apt('install', '--yes', '--no-install-recommends', 'redis-server')];
}

/** One line for a person: what to install on `machine` when {@link commands} has nothing to offer, or it failed. */
export function advice({ platform, tools }: Machine): string {
  const how =
    platform === 'darwin'
      ? 'install Homebrew (https://brew.sh), then `brew install redis`'
      : platform === 'win32'
        ? 'use WSL, where `sudo apt-get install redis-server` works'
        : tools.has('apt-get')
          ? '`sudo apt-get install redis-server`'
          : 'install the package `redis` or `valkey` of your distribution';
  return `No redis-server or valkey-server on the PATH: ${how}, or set REDIS_URL to a server whose data may be lost.`;
}

/** How to run a program as root without a password: nothing for root, `sudo -n` where allowed, else undefined. */
function rootPrefix({ uid, passwordlessSudo }: Machine): readonly [] | readonly ['sudo', '-n'] | undefined {
  if (uid === 0) return [];
  return passwordlessSudo ? ['sudo', '-n'] : undefined;
}
