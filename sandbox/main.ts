import { parseArgs } from 'node:util';
import type { ShippedProcess } from './processes.ts';
import { DEFAULT_VMS, openSandbox } from './sandbox.ts';

/** `npm run sandbox`: starts everything, says where to look and what to try, and ends it all on Ctrl-C. */

const DEFAULT_PORT = 4150;
/** With this week a trend is as long as it gets. */
const DEFAULT_PAST_WEEKS = 11;

const options = readOptions();

process.stdout.write('Starting Redis, a local Azure, a local Slack and the bot ...\n');
let ending = false;
const stop = Promise.withResolvers<void>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.resolve());

try {
  const sandbox = await startOnPort(options.port);
  const watched = new Set<ShippedProcess>();
  const watch = () => {
    for (const shipped of sandbox.processes) {
      if (watched.has(shipped)) continue;
      watched.add(shipped);
      void shipped.ended.then((code) => {
        if (ending || code === 0) return;
        failed(`The ${shipped.name} ended with code ${code}. Its last lines:\n${shipped.lines.slice(-5).join('\n')}`);
      });
    }
  };
  watch();
  const page = `${sandbox.slack.url}/?user=U0ALICE&channel=C0PAYMENTS`;
  process.stdout.write(`
  Open ${page}

  You are Alice of team payments; three things to try in the channel:
    /golden status payments   which VMs run a current golden image, which do not, and why
    /golden why pay-web-05    one machine's verdict with its evidence and next step
    /golden digest payments   what the team reads every Monday, with its trend

  The Home tab, behind "Golden" on the left, shows your teams. As Bob, an approver (choose him above), you may also
  post that digest: /golden digest payments now

  Nothing here leaves this machine. Ctrl-C ends it all.

`);
  if (options.past > 0) process.stdout.write(`  Remembering the last ${options.past} weeks, for the trend ...\n`);
  void sandbox.ready.then(
    () => {
      if (ending) return;
      watch();
      process.stdout.write('  The worker runs; digests come by themselves when they are due (/golden schedule).\n');
    },
    (error: unknown) => failed(error instanceof Error ? error.message : String(error)),
  );
  await stop.promise;
  ending = true;
  process.stdout.write('Ending ...\n');
  await sandbox.close();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function failed(why: string): void {
  process.stderr.write(`${why}\n`);
  process.exitCode = 1;
  stop.resolve();
}

/** The usual port, so that a page left open finds the next sandbox; any free one where it is taken. */
async function startOnPort(port: number) {
  const open = (at: number) =>
    openSandbox({
      seed: options.seed,
      vms: options.vms,
      subscriptions: options.subscriptions,
      past: options.past,
      slack: { port: at },
      ...(options.logs ? { onLine: (name: string, line: string) => process.stdout.write(`${name}: ${line}\n`) } : {}),
    });
  try {
    return await open(port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return open(0);
  }
}

/** What was typed behind `npm run sandbox --`; a slip ends the process with a sentence and what there is. */
function readOptions() {
  const usage = 'npm run sandbox -- [--port N] [--vms N] [--subscriptions N] [--seed N] [--past WEEKS] [--logs]';
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: String(DEFAULT_PORT) },
        vms: { type: 'string', default: String(DEFAULT_VMS) },
        subscriptions: { type: 'string', default: '4' },
        seed: { type: 'string', default: '1' },
        past: { type: 'string', default: String(DEFAULT_PAST_WEEKS) },
        logs: { type: 'boolean', default: false },
      },
    });
    const number = (name: 'port' | 'vms' | 'subscriptions' | 'seed' | 'past'): number => {
      if (!/^\d{1,7}$/.test(values[name])) throw new Error(`--${name} takes a whole number, not "${values[name]}".`);
      return Number(values[name]);
    };
    return {
      port: number('port'),
      vms: number('vms'),
      subscriptions: number('subscriptions'),
      seed: number('seed'),
      past: number('past'),
      logs: values.logs,
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nUsage: ${usage}\n`);
    return process.exit(2);
  }
}
