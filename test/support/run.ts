/**
 * `npm test`: opens what the tests need, runs jest with the arguments given, and ends with one line that counts.
 * `npm test -- test/core` runs a folder; without arguments the coverage of src/core is checked as well.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { openRedis } from '../../sandbox/redis.ts';
import { findChromium } from './chromium.ts';
import { type Tally, tallyLine, tallyOf } from './tally.ts';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');

interface JestRun {
  exitCode: number;
  /** What the reporter sent; undefined when jest ended before that. */
  counted: Tally | undefined;
}

/** Runs jest with `args` in `env`. Ctrl+C reaches jest by the terminal; here we wait for it to end. */
async function runJest(args: readonly string[], env: NodeJS.ProcessEnv): Promise<JestRun> {
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, jest, ...args], {
    env,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  let counted: Tally | undefined;
  child.on('message', (message) => {
    counted = message as Tally;
  });
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code] = (await once(child, 'close')) as [number | null];
  return { exitCode: code ?? 1, counted };
}

/** Opens what the tests need, runs them, and gives the exit code. */
async function runTests(args: readonly string[]): Promise<number> {
  const redis = await openRedis();
  try {
    const chromium = await findChromium();
    console.error(`Redis: ${redis.origin}; browser: ${chromium ?? 'none found'}`);
    const { exitCode, counted } = await runJest(args, {
      ...process.env,
      REDIS_URL: redis.url,
      ...(chromium && { GOLDEN_CHROMIUM: chromium }),
    });
    console.log(`\n${tallyLine(tallyOf(counted, exitCode))}`);
    return exitCode;
  } finally {
    await redis.close();
  }
}

const given = process.argv.slice(2);
try {
  process.exitCode = await runTests(given.length > 0 ? given : ['--coverage']);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
