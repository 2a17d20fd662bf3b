import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { type OpenRedis, openRedis } from '../../sandbox/redis.ts';
import { FatalError, RetryableError, UserError } from '../../src/core/errors.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { keysOf } from '../../src/store/keys.ts';
import { testRedis } from '../support/redis.ts';
import { recordOf, storesAt } from './build.ts';

const { url, prefix } = testRedis();
const store = storesAt(url, prefix);
const without = storesAt(undefined, prefix);
const unreachable = storesAt('redis://127.0.0.1:1', prefix, 10);

/** One question to each port that keeps what is kept nowhere else. */
const QUESTIONS: [string, (store: Store) => Promise<unknown>][] = [
  ['history', ({ history }) => history.record('t', recordOf('2026-11-21'), [], () => false)],
  ['history, reading', ({ history }) => history.openOn('t', '2026-11-21')],
  ['ledger', ({ ledger }) => ledger.take('t', '2026-W47', { token: 'a', nowMs: 0, leaseMs: 1 })],
  ['posts', ({ posts }) => posts.begin('k', 'a', 0)],
  ['notes', ({ notes }) => notes.get('k')],
  ['mutes', ({ mutes }) => mutes.all(0)],
  ['follows', ({ follows }) => follows.of('U1')],
  ['pace', ({ pace }) => pace.reserve([{ key: 'k', everyMs: 1, burst: 1 }], 0)],
];

const failureOf = (asked: Promise<unknown>) =>
  asked.then(
    () => undefined,
    (error: unknown) => error,
  );

test.each(QUESTIONS)('given no Redis, when %s is asked, then the remedy is to set REDIS_URL', async (_port, ask) => {
  const failure = await failureOf(ask(await without()));
  expect(failure).toBeInstanceOf(UserError);
  expect(failure).toMatchObject({ message: expect.stringMatching(/ is kept in Redis: set REDIS_URL\.$/) });
});

test.each(QUESTIONS)('given a Redis that is away, when %s is asked, then it fails and says so', async (_port, ask) => {
  const failure = await failureOf(ask(await unreachable()));
  expect(failure).toBeInstanceOf(RetryableError);
  expect(failure).toMatchObject({ message: expect.stringContaining('Redis is away') });
});

describe('a server of our own', () => {
  const servers: OpenRedis[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });
  async function server() {
    const opened = await openRedis({ alwaysPrivate: true });
    servers.push(opened);
    const admin = new Redis(opened.url);
    const made = await openStore({ url: opened.url, prefix, scope: 'a', log: { info() {}, warn() {} } });
    const close = async () => {
      admin.disconnect();
      await made.close();
    };
    return { admin, made, close };
  }

  test('given no memory left, when something is kept, then it is refused for now', async () => {
    const { admin, made, close } = await server();
    await admin.config('SET', 'maxmemory', '1');
    const failure = await failureOf(made.notes.put('k', 'v'));
    await close();
    expect(failure).toBeInstanceOf(RetryableError);
    expect(failure).toMatchObject({ message: expect.stringContaining('OOM') });
  });

  test('given a connection that breaks, when the answer is lost, then it fails and the command is not sent again', async () => {
    const { admin, made, close } = await server();
    await admin.call('CLIENT', 'PAUSE', '60000', 'WRITE');
    const failure = failureOf(made.posts.begin('lost', 'a', 1));
    while (!String(await admin.call('CLIENT', 'LIST')).includes('cmd=eval'));
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await admin.call('CLIENT', 'UNPAUSE');
    expect(await failure).toBeInstanceOf(RetryableError);
    while (!(await made.ready())) await nextTurn();
    const begun = await made.posts.look('lost');
    await close();
    expect(begun).toBeUndefined();
  });
});

test('given a key of somebody else, when it is asked for, then somebody has to look', async () => {
  const redis = new Redis(url);
  await redis.set(keysOf(prefix).ledger('foreign'), 'a text');
  redis.disconnect();
  const failure = await failureOf((await store()).ledger.since('foreign', 1));
  expect(failure).toBeInstanceOf(FatalError);
  expect(failure).toMatchObject({ message: expect.stringContaining('WRONGTYPE') });
});
