import { serve } from '../../src/cli/serve.ts';
import { loadConfig } from '../../src/config.ts';
import { startWorker } from '../../src/worker.ts';

/**
 * The shipped worker with shorter times, for tests that kill it: `node worker-main.ts '{"leaseMs": ...}'`. It begins when it
 * is told to by a line on its standard input, so that loading is done by then, and ends with that input: no worker outlives
 * its test.
 */
const times = JSON.parse(process.argv[2] ?? '{}') as Parameters<typeof startWorker>[2];
process.stdin.once('end', () => process.exit(3));
await new Promise<void>((resolve) => process.stdin.once('data', () => resolve()));

const config = loadConfig({ env: process.env, needs: { slack: 'posting', redis: 'required' } });
process.exitCode = await serve(
  config,
  { worker: (given, telemetry) => startWorker(given, telemetry, times) },
  { signals: process, sink: process.stdout, end: (code) => process.exit(code) },
);
process.exit();
