import { readFileSync } from 'node:fs';
import { commands } from '../../commands/index.ts';
import { loadConfig } from '../config.ts';
import { UserError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { answer } from './answer.ts';
import { type Arguments, argumentsOf } from './arguments.ts';
import { failureText } from './failure.ts';
import { helpText, subcommandNames, terminalCommands } from './help.ts';
import { type StartPart, serve } from './serve.ts';
import { print, type Surroundings } from './surroundings.ts';

/** An error of any kind; 0 and 1 are answers. */
const ERROR = 2;

/** Runs what was typed. Never throws. @returns the exit code */
export async function run(surroundings: Surroundings): Promise<number> {
  try {
    return await dispatch(argumentsOf(surroundings.argv), surroundings);
  } catch (error) {
    const debug = surroundings.env.LOG_LEVEL?.trim().toLowerCase() === 'debug';
    await print(surroundings.stderr, failureText(error, { debug }));
    return ERROR;
  }
}

async function dispatch(given: Arguments, surroundings: Surroundings): Promise<number> {
  const { subcommand, words, help } = given;
  if (help || subcommand === 'help') return show(helpText(commands), surroundings);

  const command = terminalCommands(commands).find(({ name }) => name === subcommand);
  if (command) {
    const { text, exitCode } = await answer(command, given, surroundings);
    await print(surroundings.stdout, text);
    return exitCode;
  }

  if (!subcommandNames(commands).includes(subcommand)) throw unknownSubcommand(given);
  if (words.length > 0)
    throw new UserError(`"golden ${subcommand}" takes no more words, and got "${words.join(' ')}".`, 'Leave them out.');
  switch (subcommand) {
    case 'version':
      return show(version(), surroundings);
    case 'check': {
      const { check } = await import('../check/index.ts');
      return check(given, surroundings);
    }
    case 'record': {
      const { record } = await import('./record.ts');
      return record(given, surroundings);
    }
    default:
      return serveParts(subcommand as 'bot' | 'worker' | 'all', surroundings);
  }
}

/** Bot and worker are loaded only here: `golden status` need not wait for Bolt and BullMQ. */
async function serveParts(what: 'bot' | 'worker' | 'all', surroundings: Surroundings): Promise<number> {
  const { env, stdout, signals, end } = surroundings;
  const config = loadConfig({ env, needs: { slack: what === 'worker' ? 'posting' : 'required', redis: 'required' } });
  const parts: Record<string, StartPart> = {};
  if (what !== 'worker') parts.bot = (await import('../bot.ts')).startBot;
  if (what !== 'bot') parts.worker = (await import('../worker.ts')).startWorker;
  return serve(config, parts, { signals, sink: stdout, end });
}

async function show(text: string, { stdout }: Surroundings): Promise<number> {
  await print(stdout, text);
  return 0;
}

function unknownSubcommand({ subcommand }: Arguments): UserError {
  const meant = nearest(subcommand, subcommandNames(commands));
  return new UserError(
    `There is no "golden ${subcommand}".`,
    meant === undefined
      ? `Run "golden help" for what there is, or "golden status ${subcommand}" if that is a team.`
      : `Did you mean "golden ${meant}"?`,
  );
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return `golden ${manifest.version} (Node ${process.versions.node})`;
}
