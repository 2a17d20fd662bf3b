import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Health, openHealth } from '../../src/telemetry/health.ts';
import { Metrics } from '../../src/telemetry/metrics.ts';

let metrics: Metrics;
let health: Health;

beforeEach(async () => {
  metrics = new Metrics({ process: false });
  health = await openHealth({ host: '127.0.0.1', port: 0 }, metrics);
});
afterEach(() => health.close());

async function get(path: string, init: RequestInit = {}): Promise<{ status: number; body: string }> {
  const response = await fetch(`http://127.0.0.1:${health.port}${path}`, init);
  return { status: response.status, body: await response.text() };
}

test('given a process that has just started, when it is asked, then it is alive and not ready', async () => {
  expect(await get('/healthz')).toEqual({ status: 200, body: 'ok\n' });
  expect(await get('/readyz')).toEqual({ status: 503, body: 'not ready: starting\n' });
});

test('given all dependencies ready, when it is asked, then it is ready', async () => {
  health.watch([
    { name: 'redis', ready: async () => true },
    { name: 'slack', ready: () => true },
  ]);
  expect(await get('/readyz')).toEqual({ status: 200, body: 'ready\n' });
});

test('given dependencies that are away or fail, when it is asked, then they are named and nothing of their errors is', async () => {
  health.watch([
    { name: 'redis', ready: () => Promise.reject(new Error('redis://me:hunter2@redis')) },
    { name: 'slack', ready: () => false },
    { name: 'jobs', ready: () => true },
  ]);
  expect(await get('/readyz')).toEqual({ status: 503, body: 'not ready: redis, slack\n' });
});

test('given a dependency that never answers, when it is asked, then it is not ready', async () => {
  health.watch([{ name: 'redis', ready: () => new Promise(() => {}) }]);
  expect(await get('/readyz')).toEqual({ status: 503, body: 'not ready: redis\n' });
});

test('given a process that drains, when it is asked, then it is alive and not ready', async () => {
  health.watch([{ name: 'redis', ready: () => true }]);
  health.drain();
  expect((await get('/healthz')).status).toBe(200);
  expect(await get('/readyz')).toEqual({ status: 503, body: 'not ready: draining\n' });
});

test('given what was counted, when metrics are read, then each is there by its name', async () => {
  metrics.commandAnswered('status', 'answered', 0.3);
  metrics.acknowledged(0.01);
  metrics.resourceGraphAsked({ ok: false, status: '429', durationMs: 20 });
  metrics.resourceGraphQuota(7);
  metrics.answered(true);
  metrics.jobEnded('refresh-catalogue', 'done');
  const { status, body } = await get('/metrics');
  expect(status).toBe(200);
  expect(body.split('\n')).toEqual(
    expect.arrayContaining([
      'golden_command_seconds_bucket{le="0.5",command="status",outcome="answered"} 1',
      'golden_ack_seconds_bucket{le="0.01"} 1',
      'golden_resource_graph_requests_total{outcome="429"} 1',
      'golden_resource_graph_quota_remaining 7',
      'golden_answers_total{reused="true"} 1',
      'golden_jobs_total{job="refresh-catalogue",outcome="done"} 1',
    ]),
  );
});

test.each(['/', '/metrics/', '/healthz/x', '/__proto__', '/toString'])(
  'given the path %s, when it is asked for, then there is nothing',
  async (path) => {
    expect((await get(path)).status).toBe(404);
  },
);

test('given another method, when it is used, then it is refused', async () => {
  expect((await get('/healthz', { method: 'POST' })).status).toBe(405);
  expect((await get('/healthz?x=1', { method: 'HEAD' })).status).toBe(200);
});

test('given a port that is taken, when health is opened there, then it fails instead of serving nothing', async () => {
  await expect(openHealth({ host: '127.0.0.1', port: health.port }, metrics)).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});
