import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { badGateway } from '../../sandbox/azure/faults.ts';
import { sandboxConfig } from '../../sandbox/azure/generate.ts';
import { type LocalAzure, startAzure } from '../../sandbox/azure/server.ts';
import { openRedis } from '../../sandbox/redis.ts';
import { EXAMPLE, executable, golden, spawnGolden } from './golden.ts';

let azure: LocalAzure;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  azure = await startAzure({ quota: false });
  folder = await mkdtemp(join(tmpdir(), 'golden-cli-'));
  const file = join(folder, 'golden.yml');
  writeFileSync(file, sandboxConfig(azure.estate));
  env = { GOLDEN_CONFIG: file, AZURE_RESOURCE_MANAGER_ENDPOINT: azure.url, AZURE_ACCESS_TOKEN: 'sandbox' };
});

afterAll(async () => {
  await azure.close();
  await rm(folder, { recursive: true });
});

test('given machines that need attention, when their status is asked for as JSON, then one object is printed and the exit code is 1', async () => {
  const { exitCode, stdout, stderr } = await executable(['status', 'payments', '--json'], env);
  const status = JSON.parse(stdout) as {
    team: string;
    total: number;
    counts: Record<string, number>;
    findings: { state: string }[];
  };
  expect({ exitCode, stderr, team: status.team }).toEqual({ exitCode: 1, stderr: '', team: 'payments' });
  expect(Object.values(status.counts).reduce((sum, count) => sum + count, 0)).toBe(status.total);
  expect(status.findings.length).toBeGreaterThan(0);
});

test('given a limit, when the status is asked for, then as many findings are listed, and truncated says so', async () => {
  const { stdout } = await golden(['status', 'payments', '--json', '--limit', '2'], env);
  expect(JSON.parse(stdout)).toMatchObject({ truncated: true, findings: { length: 2 } });
});

test('given the same question twice, when it is asked, then Azure is asked anew', async () => {
  const before = azure.requests.length;
  await golden(['status', 'payments', '--json'], env);
  const once = azure.requests.length - before;
  await golden(['status', 'payments', '--json'], env);
  expect(azure.requests.length - before).toBe(2 * once);
});

test('given no terminal, when the status is printed, then it has no colours; FORCE_COLOR brings them, --no-color takes them', async () => {
  const colourCode = '\u001b[';
  const plain = await golden(['status', 'payments'], env);
  const forced = await golden(['status', 'payments'], { ...env, FORCE_COLOR: '1' });
  const refused = await golden(['status', 'payments', '--no-color'], { ...env, FORCE_COLOR: '1' });
  expect([plain, forced, refused].map(({ stdout }) => stdout.includes(colourCode))).toEqual([false, true, false]);
});

test('given COLUMNS=60, when the status is printed, then no reason is wider', async () => {
  const { stdout } = await golden(['status', 'payments'], { ...env, COLUMNS: '60' });
  const wide = stdout.split('\n').filter((line) => line.startsWith('    ') && line.length > 60);
  expect(wide).toEqual([]);
});

test.each([
  [['statsu'], 'Did you mean "golden status"?'],
  [['status', '--jsno', 'payments'], 'Did you mean --json?'],
  [['status', 'payments', '--limit', 'many'], 'whole number'],
  [['status', 'payments', '--limit'], '--limit takes a number'],
  [['status', 'paymets'], 'Did you mean "payments"?'],
  [['status'], 'Which team?'],
  [['bot', 'now'], 'takes no more words'],
])('given the words %j, when golden runs, then it ends with 2 and says %j', async (args, hint) => {
  const { exitCode, stdout, stderr } = await golden(args, env);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(hint);
  expect(stderr).not.toMatch(/\n\s+at |"\/golden/);
});

test('given an Azure that answers with HTML, when the status is asked for as JSON, then stdout stays empty and a sentence says why', async () => {
  const broken = await startAzure({ quota: false });
  try {
    broken.faults.plant({ action: badGateway() });
    const { exitCode, stdout, stderr } = await golden(['status', 'payments', '--json'], {
      ...env,
      AZURE_RESOURCE_MANAGER_ENDPOINT: broken.url,
      LOG_LEVEL: 'silent',
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^golden: Azure .*\n$/);
  } finally {
    await broken.close();
  }
});

test('given an unknown word, when the executable runs, then its exit code is 2 and stdout stays empty', async () => {
  const { exitCode, stdout, stderr } = await executable(['statsu'], env);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toBe('golden: There is no "golden statsu". Did you mean "golden status"?\n');
});

test('given a refused token, when LOG_LEVEL is debug, then the stack is printed, and without it not', async () => {
  const refused = { ...env, AZURE_ACCESS_TOKEN: 'wrong' };
  const plain = await golden(['status', 'payments'], { ...refused, LOG_LEVEL: 'silent' });
  const debug = await golden(['status', 'payments'], { ...refused, LOG_LEVEL: 'debug' });
  expect([plain.exitCode, debug.exitCode]).toEqual([2, 2]);
  expect([plain, debug].map(({ stderr }) => /\n\s+at /.test(stderr))).toEqual([false, true]);
});

test('given a wrong configuration, when any subcommand runs, then every fault is a line on stderr and the exit code is 2', async () => {
  const wrong = { GOLDEN_CONFIG: join(folder, 'none.yml'), AZURE_CLOUD: 'mars' };
  const runs = await Promise.all(
    ['status', 'check', 'bot', 'worker', 'all'].map((name) =>
      golden([name, 'x'].slice(0, name === 'status' ? 2 : 1), wrong),
    ),
  );
  for (const { exitCode, stdout, stderr } of runs) {
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^AZURE_CLOUD /m);
    expect(stderr).toMatch(/^GOLDEN_CONFIG /m);
  }
});

test('given no Slack and no Redis, when the bot is started, then both are reported as missing', async () => {
  const { exitCode, stderr } = await golden(['bot'], { GOLDEN_CONFIG: EXAMPLE });
  expect(exitCode).toBe(2);
  expect(stderr.match(/^[A-Z_]+(?= )/gm)).toEqual(['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'REDIS_URL']);
});

test('given nothing to do, when golden runs, then it shows help made from the commands there are', async () => {
  const { exitCode, stdout } = await golden([]);
  expect(exitCode).toBe(0);
  for (const name of ['status', 'list', 'why', 'bot', 'worker', 'all', 'check'])
    expect(stdout).toMatch(new RegExp(`^  golden ${name}`, 'm'));
});

test('given a reader that goes away, when golden prints, then it ends quietly', async () => {
  const child = spawnGolden(['status', 'payments', '--json'], env);
  child.stdout.destroy();
  const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect(stderr).toBe('');
});

test("given the installation's Redis, when somebody asks in the terminal, then no answer of theirs is shared with it", async () => {
  const redis = await openRedis({ alwaysPrivate: true });
  const { stdout } = await executable(['status', 'payments', '--json'], { ...env, REDIS_URL: redis.url });
  expect(JSON.parse(stdout)).toMatchObject({ team: 'payments' });
  const client = new Redis(redis.url);
  expect(await client.keys('*')).toEqual(['{golden}:resource-graph-quota']);
  client.disconnect();
  await redis.close();
});
