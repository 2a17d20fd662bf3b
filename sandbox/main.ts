import { parseArgs } from 'node:util';
import { DEFAULT_VMS, openSandbox } from './sandbox.ts';

/** `npm run sandbox`: starts everything, says where to look and what to try, and ends it all on Ctrl-C. */

const DEFAULT_PORT = 4150;

const options = readOptions();

process.stdout.write('Starting Redis, a local Azure, a local Slack, the bot and the worker ...\n');
let ending = false;
const stop = Promise.withResolvers<void>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.resolve());

try {
  const sandbox = await startOnPort(options.port);
  for (const shipped of sandbox.processes) {
    shipped.child.once('exit', (code) => {
      if (ending || code === 0) return;
      process.stderr.write(
        `The ${shipped.name} ended with code ${code}. Its last lines:\n${shipped.lines.slice(-5).join('\n')}\n`,
      );
      stop.resolve();
    });
  }
  const page = `${sandbox.slack.url}/?user=U0ALICE&channel=C0PAYMENTS`;
  process.stdout.write(`
  Open ${page}

  You are Alice of team payments; three things to try in the channel:
    /golden status payments          which VMs run a current golden image, which do not, and why
    /golden why pay-web-05           one machine's verdict with its evidence and next step
    /golden list checkout non-golden the list behind a number, page by page

  Nothing here leaves this machine. Ctrl-C ends it all.

`);
  await stop.promise;
  ending = true;
  process.stdout.write('Ending ...\n');
  await sandbox.close();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** The usual port, so that a page left open finds the next sandbox; any free one where it is taken. */
async function startOnPort(port: number) {
  const open = (at: number) =>
    openSandbox({
      seed: options.seed,
      vms: options.vms,
      subscriptions: options.subscriptions,
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
  const usage = 'npm run sandbox -- [--port N] [--vms N] [--subscriptions N] [--seed N] [--logs]';
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: String(DEFAULT_PORT) },
        vms: { type: 'string', default: String(DEFAULT_VMS) },
        subscriptions: { type: 'string', default: '4' },
        seed: { type: 'string', default: '1' },
        logs: { type: 'boolean', default: false },
      },
    });
    const number = (name: 'port' | 'vms' | 'subscriptions' | 'seed'): number => {
      if (!/^\d{1,7}$/.test(values[name])) throw new Error(`--${name} takes a whole number, not "${values[name]}".`);
      return Number(values[name]);
    };
    return {
      port: number('port'),
      vms: number('vms'),
      subscriptions: number('subscriptions'),
      seed: number('seed'),
      logs: values.logs,
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nUsage: ${usage}\n`);
    return process.exit(2);
  }
}
