import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { type RunningPart, type StartPart, serve } from '../../src/cli/serve.ts';
import { loadConfig } from '../../src/config.ts';
import { EXAMPLE } from './golden.ts';

const settings = loadConfig({
  env: { GOLDEN_CONFIG: EXAMPLE, HEALTH_PORT: '0', HEALTH_HOST: '127.0.0.1' },
  needs: { slack: 'unused', redis: 'unused' },
});

/** A process that serves these parts. */
function served(parts: Record<string, StartPart>, config = settings) {
  const signals = new EventEmitter();
  const logged = new EventEmitter();
  const ends: number[] = [];
  const code = serve(config, parts, {
    signals,
    sink: { write: (line) => void logged.emit((JSON.parse(line) as { msg: string }).msg, JSON.parse(line)) },
    end: (exitCode) => ends.push(exitCode),
  });
  return { signals, logged, ends, code };
}

function part(close: RunningPart['close']): StartPart {
  return async () => ({ dependencies: [{ name: 'thing', ready: () => true }], close });
}

test('given a running part, when SIGTERM comes, then it is ready before, drained after, and the exit code is 0', async () => {
  const closed: number[] = [];
  const { signals, logged, code } = served({ bot: part(async (graceMs) => void closed.push(graceMs)) });
  const [[{ healthPort }]] = (await Promise.all([once(logged, 'starting'), once(logged, 'started')])) as [
    [{ healthPort: number }],
    unknown,
  ];
  expect((await fetch(`http://127.0.0.1:${healthPort}/readyz`)).status).toBe(200);

  signals.emit('SIGTERM');
  expect(await code).toBe(0);
  expect(closed).toEqual([8500]);
  await expect(fetch(`http://127.0.0.1:${healthPort}/readyz`)).rejects.toThrow('fetch failed');
  expect(signals.eventNames()).toEqual([]);
});

test('given a part that drains, when a second signal comes, then the process ends at once', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { signals, logged, ends, code } = served({ bot: part(() => promise) });
  await once(logged, 'started');
  signals.emit('SIGTERM');
  expect(ends).toEqual([]);
  signals.emit('SIGINT');
  expect(ends).toEqual([1]);
  resolve();
  expect(await code).toBe(0);
});

test('given a part that cannot start, when it fails, then what runs already is closed and the exit code is 2', async () => {
  const closed: string[] = [];
  const { logged, code } = served({
    bot: part(async () => void closed.push('bot')),
    worker: () => Promise.reject(new Error('no queue')),
  });
  const failure = once(logged, 'could not start');
  expect(await code).toBe(2);
  expect(closed).toEqual(['bot']);
  expect(await failure).toMatchObject([{ err: { message: 'no queue' } }]);
});

test('given a part that hangs while it starts, when SIGTERM comes, then the process ends all the same', async () => {
  const { signals, logged, code } = served({ bot: () => new Promise(() => {}) });
  await once(logged, 'starting');
  signals.emit('SIGTERM');
  expect(await code).toBe(0);
});

test('given two processes with the usual health port, when nobody chose it, then the second takes a free one', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const { signals, logged, code } = served({}, { ...settings, healthPort: port, healthPortFixed: false });
  const [{ healthPort }] = (await once(logged, 'starting')) as [{ healthPort: number }];
  expect(healthPort).not.toBe(port);
  signals.emit('SIGTERM');
  expect(await code).toBe(0);

  expect(await served({}, { ...settings, healthPort: port, healthPortFixed: true }).code).toBe(2);
  taken.close();
});
