import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { which } from './path.ts';
import { advice, commands, type Machine } from './redis-install.ts';

const run = promisify(execFile);

const START_LIMIT_MS = 20_000;
const LOOK_AGAIN_MS = 20;
const PORT_ATTEMPTS = 5;
const LAST_LINES = 5;

/** A Redis server to talk to, until `close`. */
export interface OpenRedis {
  url: string;
  /** `private`: a server of our own that nobody else uses and that ends with this process. */
  origin: 'REDIS_URL' | 'private';
  /** Ends a private server and removes its directory; leaves the server behind REDIS_URL as it is. Safe to call twice. */
  close(): Promise<void>;
}

/** How to open Redis. */
export interface RedisOptions {
  /** Never use REDIS_URL: for tests that kill, freeze or empty the server. */
  alwaysPrivate?: boolean;
  /** Told in one line when a server has to be installed first. Default: stderr. */
  say?: (line: string) => void;
}

/**
 * Opens the Redis of tests and sandbox: the one behind REDIS_URL, else a private server on a free loopback port that
 * keeps everything in memory. When none is installed it is installed first, if that needs no password.
 * @throws Error with one line that says what to do when there is no server to be had.
 */
export async function openRedis(options: RedisOptions = {}): Promise<OpenRedis> {
  const given = process.env.REDIS_URL;
  if (given && !options.alwaysPrivate) return await useGiven(given);
  const program =
    (await findServer()) ?? (await installServer(options.say ?? ((line) => process.stderr.write(`${line}\n`))));
  return await startPrivate(program);
}

async function useGiven(url: string): Promise<OpenRedis> {
  if (!(await ask(url, (redis) => redis.ping()))) {
    throw new Error(`REDIS_URL is set, but no Redis answers at ${new URL(url).host}: start it, or unset REDIS_URL.`);
  }
  return { url, origin: 'REDIS_URL', close: async () => {} };
}

async function findServer(): Promise<string | undefined> {
  return (await which('redis-server')) ?? (await which('valkey-server'));
}

async function installServer(say: (line: string) => void): Promise<string> {
  const machine = await thisMachine();
  const wanted = commands(machine);
  const last = wanted.at(-1);
  if (last) say(`No Redis server found; installing one: ${last.join(' ')}`);
  try {
    for (const [program, ...args] of wanted) await run(program, args);
  } catch (cause) {
    throw new Error(`${advice(machine)} (Installing it here failed.)`, { cause });
  }
  const program = await findServer();
  if (!program) throw new Error(advice(machine));
  return program;
}

async function thisMachine(): Promise<Machine> {
  const tools = new Set<string>();
  for (const tool of ['apt-get', 'brew', 'sudo']) if (await which(tool)) tools.add(tool);
  const passwordlessSudo =
    tools.has('sudo') &&
    (await run('sudo', ['-n', 'true']).then(
      () => true,
      () => false,
    ));
  return { platform: process.platform, uid: process.getuid?.(), tools, passwordlessSudo };
}

async function startPrivate(program: string): Promise<OpenRedis> {
  // Between finding a free port and taking it somebody else can take it: then the server ends at once and we try again.
  for (let attempt = 1; ; attempt += 1) {
    const directory = await realpath(await mkdtemp(join(tmpdir(), 'golden-redis-')));
    const port = await freePort();
    const url = `redis://127.0.0.1:${port}`;
    const server = spawnServer(program, port, directory);
    const close = async () => {
      server.guard.ref(); // or Node could leave before the server has
      server.guard.stdin?.end(); // the guard reads the end of its input as: end the server
      await server.ended;
      await rm(directory, { recursive: true, force: true });
    };
    try {
      await untilReady(url, directory, server);
      return { url, origin: 'private', close };
    } catch (error) {
      await close();
      if (attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

/**
 * Runs the server under a guard: a shell that waits for the end of its standard input, a pipe that only this process
 * holds. The kernel closes the pipe however this process ends, `kill -9` included, so that the server never outlives it.
 * SIGKILL is right for the server too: it has nothing to save. The guard removes the directory for the same reason.
 */
const GUARD = `
directory=$1; shift
exec 3<&0
"$@" 3<&- </dev/null & server=$!
exec >/dev/null 2>&1 # writing to a pipe that nobody reads any more would end the shell too early
{ read -r _ <&3; kill -9 "$server"; } & watch=$!
wait "$server"
kill "$watch"
rm -rf -- "$directory"
`;

interface Server {
  guard: ChildProcess;
  /** Settles once the server is gone, whatever the reason. */
  ended: Promise<void>;
  /** The last lines that the server wrote. */
  lastLines(): string;
}

function spawnServer(program: string, port: number, directory: string): Server {
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: directory,
    save: '',
    appendonly: 'no',
    'maxmemory-policy': 'noeviction', // what BullMQ asks for, and what production runs
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  // A process group of its own: Ctrl+C in the terminal must reach the bot only, which still needs Redis to drain.
  const guard = spawn('/bin/sh', ['-c', GUARD, 'redis-guard', directory, program, ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let written = '';
  for (const stream of [guard.stdout, guard.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      written = (written + chunk.toString()).slice(-4000);
    });
  }
  guard.stdin.on('error', () => {}); // the guard may be gone before we close its input
  for (const stream of [guard.stdin, guard.stdout, guard.stderr]) (stream as Socket).unref();
  guard.unref(); // a Redis that somebody forgot to close must not keep the process alive
  const ended = once(guard, 'exit').then(() => {});
  return { guard, ended, lastLines: () => written.trimEnd().split('\n').slice(-LAST_LINES).join('\n') };
}

async function untilReady(url: string, directory: string, server: Server): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (server.guard.exitCode === null && server.guard.signalCode === null) {
    // Whoever answers must also name our directory: another server may have taken the port before ours could.
    const answer = await ask(url, (redis) => redis.config('GET', 'dir'));
    if (Array.isArray(answer) && answer.includes(directory)) return;
    if (Date.now() > deadline)
      throw new Error(`Redis did not answer within ${START_LIMIT_MS} ms:\n${server.lastLines()}`);
    await delay(LOOK_AGAIN_MS);
  }
  throw new Error(`Redis ended while it started:\n${server.lastLines()}`);
}

/** Asks one question over a connection of its own; undefined when nobody answers. */
async function ask<T>(url: string, question: (redis: Redis) => Promise<T>): Promise<T | undefined> {
  // Without a limit of 0, ioredis keeps a timer for 2 s after a connection that failed, and the process with it.
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, disconnectTimeout: 0 });
  redis.on('error', () => {}); // the rejected question says the same
  try {
    await redis.connect();
    return await question(redis);
  } catch {
    return undefined;
  } finally {
    redis.disconnect();
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  return address.port;
}
