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

/** Opens what the tests need, runs them, and gives the exit code. */
async function runTests(args: readonly string[]): Promise<number> {
  const redis = await openRedis();
  const scratch = await mkdtemp(join(tmpdir(), 'golden-test-'));
  const tallyFile = join(scratch, 'tally.json');
  try {
    const chromium = await findChromium();
    console.error(`Redis: ${redis.origin}; browser: ${chromium ?? 'none found'}`);
    const code = await runJest(args, {
      ...process.env,
      REDIS_URL: redis.url,
      [TALLY_FILE]: tallyFile,
      ...(chromium && { GOLDEN_CHROMIUM: chromium }),
    });
    console.log(`\n${tallyLine(tallyOf(await readTally(tallyFile), code))}`);
    return code;
  } finally {
    await redis.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

const given = process.argv.slice(2);
try {
  process.exitCode = await runTests(given.length > 0 ? given : ['--coverage']);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
