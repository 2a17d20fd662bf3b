import type { AnyCommand } from '../command.ts';

/** What `golden` does besides answering: name, usage and summary, in the order in which help shows them. */
const PROCESSES = [
  { name: 'bot', usage: 'bot', summary: 'Answers in Slack' },
  { name: 'worker', usage: 'worker', summary: 'Runs the background jobs' },
  { name: 'all', usage: 'all', summary: 'Bot and worker in one process, for small installations' },
  {
    name: 'record',
    usage: 'record',
    summary: 'Remembers how every team stands today, as the worker does by itself; needs Redis',
  },
  {
    name: 'check',
    usage: 'check',
    summary: 'Tries the configuration and everything it names, and says how to mend what is missing',
  },
  { name: 'help', usage: 'help', summary: 'This text' },
  { name: 'version', usage: 'version', summary: 'The version of golden' },
] as const;

/** The commands that a terminal can show. */
export function terminalCommands(commands: readonly AnyCommand[]): readonly AnyCommand[] {
  return commands.filter(({ terminal }) => terminal !== undefined);
}

/** Everything that can follow `golden`. */
export function subcommandNames(commands: readonly AnyCommand[]): readonly string[] {
  return [...terminalCommands(commands).map(({ name }) => name), ...PROCESSES.map(({ name }) => name)];
}

/** What `golden help` prints, made from the commands there are. */
export function helpText(commands: readonly AnyCommand[]): string {
  const answering = terminalCommands(commands);
  const width = Math.max(...[...answering, ...PROCESSES].map(({ usage }) => usage.length));
  const lines = (entries: readonly { usage: string; summary: string }[]) =>
    entries.map(({ usage, summary }) => `  golden ${usage.padEnd(width)}  ${summary}`);
  return [
    'Which Azure VMs run an approved image, and what to do about the others.',
    '',
    'Ask (needs golden.yml and an Azure identity):',
    ...lines(answering),
    '',
    'Run and look after:',
    ...lines(PROCESSES),
    '',
    'Options:',
    '  --json       One JSON object on the standard output',
    '  --limit N    Findings at the most (1000 with --json, else 20)',
    '  --no-color   No colours; so does NO_COLOR=1',
    '',
    'Exit codes: 0 all well, 1 something needs attention, 2 an error.',
    'Settings: golden.yml and the environment, see docs/configuration.md.',
  ].join('\n');
}
