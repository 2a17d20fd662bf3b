import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { type OpenRedis, openRedis } from '../../sandbox/redis.ts';
import { advice, commands, type Machine } from '../../sandbox/redis-install.ts';

const debian: Machine = { platform: 'linux', uid: 0, tools: new Set(['apt-get']), passwordlessSudo: false };

describe('which commands install Redis', () => {
  test('given Debian and root, then apt-get is run as it is', () => {
    const programs = commands(debian).map(([program, ...args]) => [program, args.at(-1)]);
    expect(programs).toEqual([
      ['env', 'update'],
      ['env', 'redis-server'],
    ]);
  });

  test('given Debian and a user with passwordless sudo, then sudo may not ask', () => {
    const wanted = commands({ ...debian, uid: 1000, passwordlessSudo: true });
    expect(wanted.map((command) => command.slice(0, 2))).toEqual([
      ['sudo', '-n'],
      ['sudo', '-n'],
    ]);
  });

  test('given macOS and Homebrew, then brew installs it', () => {
    expect(commands({ platform: 'darwin', uid: 501, tools: new Set(['brew']), passwordlessSudo: false })).toEqual([
      ['brew', 'install', '--quiet', 'redis'],
    ]);
  });

  const byHand: [string, Machine, string][] = [
    ['Debian and a user without sudo', { ...debian, uid: 1000 }, 'apt-get install redis-server'],
    ['macOS without Homebrew', { ...debian, platform: 'darwin', tools: new Set() }, 'brew install redis'],
    ['another Linux', { ...debian, tools: new Set() }, 'of your distribution'],
    ['Windows', { ...debian, platform: 'win32', uid: undefined, tools: new Set() }, 'WSL'],
  ];
  test.each(byHand)('given %s, then nothing is run and one line says what to do', (_where, machine, word) => {
    expect(commands(machine)).toEqual([]);
    expect(advice(machine)).toContain(word);
    expect(advice(machine)).not.toContain('\n');
  });
});

describe('a private Redis', () => {
  let opened: OpenRedis | undefined;
  afterEach(async () => await opened?.close());

  test('given REDIS_URL, when it must be private, then it is another server, in memory and without eviction', async () => {
    opened = await openRedis({ alwaysPrivate: true });
    const config = await settings(opened.url);
    expect(opened).toMatchObject({ origin: 'private' });
    expect(opened.url).not.toBe(process.env.REDIS_URL);
    expect(config).toMatchObject({ save: '', appendonly: 'no', 'maxmemory-policy': 'noeviction', bind: '127.0.0.1' });
  });

  test('given an open server, when it is closed, twice even, then it is gone with its directory', async () => {
    opened = await openRedis({ alwaysPrivate: true });
    const { dir } = await settings(opened.url);
    await opened.close();
    await opened.close();
    expect(await answers(opened.url)).toBe(false);
    expect(existsSync(dir ?? '')).toBe(false);
  });

  test('given a process that opened one, when it is killed with SIGKILL, then the server ends too', async () => {
    const script = `
      import { openRedis } from ${JSON.stringify(new URL('../../sandbox/redis.ts', import.meta.url).href)};
      const { url } = await openRedis({ alwaysPrivate: true });
      console.log(url);
      setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const url = line.toString().trim();
    const { dir } = await settings(url);

    owner.kill('SIGKILL');

    await eventually(async () => !(await answers(url)) && !existsSync(dir ?? ''));
  });
});

describe('the Redis behind REDIS_URL', () => {
  const before = process.env.REDIS_URL;
  afterEach(() => {
    process.env.REDIS_URL = before;
  });

  test('given a server there, then it is used, and left running', async () => {
    const redis = await openRedis();
    await redis.close();
    expect(redis).toMatchObject({ url: before, origin: 'REDIS_URL' });
    expect(await answers(redis.url)).toBe(true);
  });

  test('given nobody there, then one line says so, without the password', async () => {
    process.env.REDIS_URL = 'redis://:secret@127.0.0.1:1';
    await expect(openRedis()).rejects.toThrow(/^REDIS_URL is set, but no Redis answers at 127\.0\.0\.1:1: .*$/);
  });
});

test('given no server on the PATH and nothing to install it with, then the error says what to do', async () => {
  const script = `
    import { openRedis } from ${JSON.stringify(new URL('../../sandbox/redis.ts', import.meta.url).href)};
    await openRedis({ alwaysPrivate: true }).catch((error) => console.log(error.message));`;
  const env = { PATH: fileURLToPath(new URL('.', import.meta.url)) };
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  expect(line.toString()).toContain('No redis-server or valkey-server on the PATH');
});

async function settings(url: string): Promise<Record<string, string>> {
  const redis = new Redis(url, { disconnectTimeout: 0 });
  try {
    const flat = (await redis.config('GET', '*')) as string[];
    return Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] ?? '']] : [])));
  } finally {
    redis.disconnect();
  }
}

async function answers(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, disconnectTimeout: 0 });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return true;
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}

/** Looks again until `condition` holds. */
async function eventually(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('still not so after 10 s');
    await delay(20);
  }
}
