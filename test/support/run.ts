/**
 * `npm test`: opens what the tests need, runs jest with the arguments given, and ends with one line that counts.
 * `npm test -- test/core` runs a folder; without arguments the coverage of src/core is checked as well.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRedis } from '../../sandbox/redis.ts';
import { findChromium } from './chromium.ts';
import { TALLY_FILE } from './reporter.ts';
import { type Tally, tallyLine, tallyOf } from './tally.ts';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');

/** Runs jest with `args` in `env` and gives its exit code. Ctrl+C reaches jest by the terminal: here we wait for it. */
async function runJest(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, jest, ...args], { stdio: 'inherit', env });
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

async function readTally(file: string): Promise<Tally | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Tally;
  } catch {
    return undefined; // jest ended before its reporters ran; its exit code says the rest
  }
}

const given = process.argv.slice(2);
const args = given.length > 0 ? given : ['--coverage'];
const scratch = await mkdtemp(join(tmpdir(), 'golden-test-'));
const tallyFile = join(scratch, 'tally.json');
const redis = await openRedis();
const chromium = await findChromium();
console.error(
  `Redis: ${redis.origin === 'private' ? 'a private server' : 'REDIS_URL'}; browser: ${chromium ?? 'none found'}`,
);
try {
  const code = await runJest(args, {
    ...process.env,
    REDIS_URL: redis.url,
    [TALLY_FILE]: tallyFile,
    ...(chromium && { GOLDEN_CHROMIUM: chromium }),
  });
  const tally = tallyOf(await readTally(tallyFile), code);
  console.log(`\n${tallyLine(tally)}`);
  process.exitCode = code;
} finally {
  await redis.close();
  await rm(scratch, { recursive: true, force: true });
}
