import { afterEach, describe, expect, test } from '@jest/globals';
import { openSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/sandbox.ts';
import { ask, CHANNEL, textOf } from './chat.ts';

let sandbox: Sandbox;
afterEach(() => sandbox?.close(), 30_000);

const open = async (options: SandboxOptions = {}) => {
  sandbox = await openSandbox({ redis: { alwaysPrivate: true }, ...options });
  return sandbox;
};
/** What commands ask; the workers' pass over all teams packs its rows into lists. */
const graphQueries = () =>
  sandbox.azure.requests.filter(({ query }) => query?.includes('summarize') && !query.includes('make_list')).length;

describe('two bots and two workers over one Redis', () => {
  test('answer each command once, share what they read, and outlive one of them', async () => {
    await open({ processes: ['bot', 'bot', 'worker', 'worker'] });
    await sandbox.slack.waitFor(() => sandbox.slack.connections() === 2, { what: 'two sockets' });

    await Promise.all(
      Array.from({ length: 20 }, () =>
        sandbox.slack.slash({ user: 'U0ALICE', channel: CHANNEL, text: 'status payments' }),
      ),
    );
    await sandbox.slack.waitFor(() => answers().length === 20, { timeoutMs: 20_000, what: '20 answers' });
    expect(graphQueries()).toBe(1);

    const [first] = sandbox.processes;
    first!.child.kill('SIGKILL');
    await sandbox.slack.waitFor(() => sandbox.slack.connections() === 1, { what: 'one socket left' });
    await ask(sandbox, 'status payments', /payments: \d+ %/);
  }, 60_000);

  test('a payload that Slack delivers to both is answered once', async () => {
    await open({ processes: ['bot', 'bot'] });
    const { envelope } = await sandbox.slack.slash({ user: 'U0ALICE', channel: CHANNEL, text: 'status payments' });
    await Promise.all([sandbox.slack.duplicate(envelope), sandbox.slack.duplicate(envelope)]);
    await sandbox.slack.waitFor(() => answers().length > 0);
    await ask(sandbox, 'teams', /checkout/);
    expect(answers()).toHaveLength(1);
  }, 60_000);
});

test('in HTTP mode Slack reaches the bot by signed requests, and nobody else does', async () => {
  await open({ processes: ['bot'], http: true });
  const answer = await ask(sandbox, 'status payments', /payments: \d+ %/);
  await sandbox.slack.click({ user: 'U0ALICE', ephemeralId: answer.ts, actionId: 'golden:run:list' });
  await sandbox.slack.waitFor(
    () => sandbox.slack.seen('U0ALICE', CHANNEL).some((message) => JSON.stringify(message.blocks).includes('"table"')),
    { what: 'the list' },
  );
  const forged = await fetch(`http://127.0.0.1:${sandbox.env.PORT}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(Math.floor(Date.now() / 1000)),
      'x-slack-signature': `v0=${'0'.repeat(64)}`,
    },
    body: 'command=%2Fgolden&text=status+payments',
  });
  expect(forged.status).toBe(401);
}, 60_000);

function answers() {
  return sandbox.slack.seen('U0ALICE', CHANNEL).filter((message) => /payments: \d+ %/.test(textOf(message)));
}

describe('what fails is said in a sentence, and passes', () => {
  test('Redis is away in the middle: answers go on, readiness says so', async () => {
    await open({ processes: ['bot'] });
    await ask(sandbox, 'status payments', /payments: \d+ %/);
    await sandbox.redis.close();
    await ask(sandbox, 'status checkout', /checkout: \d+ %/);
    const { port } = started();
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([503, 'not ready: redis\n']);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  }, 60_000);

  test('Redis is away at start: the bot answers all the same', async () => {
    await open({ processes: ['bot'], env: { REDIS_URL: 'redis://127.0.0.1:1' } });
    await ask(sandbox, 'status payments', /payments: \d+ %/);
  }, 60_000);

  test('a token that Azure refuses', async () => {
    await open({ processes: ['bot'], env: { AZURE_ACCESS_TOKEN: 'stale' } });
    const answer = await ask(sandbox, 'status payments', /Azure refused the bot/);
    expect(textOf(answer)).toMatch(/golden check/);
    const [, reference] = /([0-9a-f]{8}-[0-9a-f-]{27})/.exec(textOf(answer)) ?? [];
    expect(reference).toBeDefined();
    await sandbox.processes[0]!.logged(reference!);
  }, 60_000);

  test('sockets that drop', async () => {
    await open({ processes: ['bot'] });
    sandbox.slack.dropSockets();
    await sandbox.slack.waitFor(() => sandbox.slack.connections() === 1, { timeoutMs: 15_000, what: 'a new socket' });
    await ask(sandbox, 'status payments', /payments: \d+ %/);
  }, 60_000);

  test('Azure that takes long: acknowledged at once, "reading" first, then the answer', async () => {
    await open({ processes: ['bot'] });
    sandbox.azure.faults.plant({ path: 'Microsoft.ResourceGraph', times: 2, action: { kind: 'delay', ms: 1800 } });
    const { ack } = await sandbox.slack.slash({ user: 'U0ALICE', channel: CHANNEL, text: 'status payments' });
    expect(ack).toMatchObject({ acked: true });
    expect(ack.ms).toBeLessThan(1000);
    await sandbox.slack.waitFor(
      () => sandbox.slack.seen('U0ALICE', CHANNEL).some((message) => /reading/i.test(textOf(message))),
      { what: '"reading"' },
    );
    await sandbox.slack.waitFor(() => answers().length === 1, { timeoutMs: 20_000, what: 'the answer' });
  }, 60_000);
});

test('SIGTERM lets a running command finish, within ten seconds', async () => {
  await open({ processes: ['bot', 'worker'] });
  sandbox.azure.faults.plant({ path: 'Microsoft.ResourceGraph', times: 2, action: { kind: 'delay', ms: 1500 } });
  await sandbox.slack.slash({ user: 'U0ALICE', channel: CHANNEL, text: 'status payments' });
  const startedAt = performance.now();
  const codes = await Promise.all(sandbox.processes.map((each) => each.stop()));
  expect(codes).toEqual([0, 0]);
  expect(performance.now() - startedAt).toBeLessThan(11_000);
  expect(answers()).toHaveLength(1);
}, 60_000);

test('SIGTERM while Azure hangs tells whoever waits to ask again, and ends within ten seconds', async () => {
  await open({ processes: ['bot'] });
  const answer = await ask(sandbox, 'status payments', /payments: \d+ %/);
  sandbox.azure.faults.plant({ path: 'Microsoft.ResourceGraph', action: { kind: 'hang' } });
  await sandbox.slack.click({ user: 'U0ALICE', ephemeralId: answer.ts, actionId: 'golden:refresh' });
  await sandbox.slack.waitFor(() => textOf(mine().at(-1)!).includes('Reading Azure…'), { what: '"reading"' });
  const startedAt = performance.now();
  expect(await sandbox.processes[0]!.stop()).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(mine().map(({ text }) => text)).toEqual([
    expect.stringMatching(/^Golden is being restarted\. Ask again in a/),
  ]);
}, 60_000);

function mine() {
  return sandbox.slack.seen('U0ALICE', CHANNEL);
}

/** What the bot said of itself when it started. */
function started(): { port: number } {
  for (const line of sandbox.processes[0]!.lines) {
    const { healthPort } = JSON.parse(line) as { healthPort?: number };
    if (healthPort !== undefined) return { port: healthPort };
  }
  throw new Error('the bot did not say where its health is');
}
