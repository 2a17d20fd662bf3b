import type { Compliance } from './compliance/compliance.ts';
import { UserError } from './core/errors.ts';
import { nearest } from './core/nearest.ts';
import { findTeam, type Team } from './core/team.ts';
import type { Digests } from './digest/digests.ts';
import type { Trends } from './digest/trends.ts';
import type { Clock, Follows, Mutes, People } from './ports.ts';
import type { Message } from './slack/views/message.ts';

/** What a command may use: never Slack, Azure or Redis themselves. */
export interface Services {
  readonly compliance: Pick<Compliance, 'status' | 'list' | 'why'>;
  readonly teams: readonly Team[];
  readonly digests: Pick<Digests, 'preview' | 'postNow' | 'schedule'>;
  readonly trends: Pick<Trends, 'of'>;
  readonly people: People;
  readonly mutes: Mutes;
  readonly follows: Follows;
  /** The portal of the configured cloud, e.g. `https://portal.azure.com`. */
  readonly portal: string;
  /** Tells how old a shared answer is. */
  readonly clock: Clock;
}

/** What the words of a command are understood against. */
export interface Asking {
  readonly teams: readonly Team[];
  /** The Slack channel it was asked in; absent in a terminal. */
  readonly channel?: string;
}

/** Who asks: a person in Slack, whom Slack vouches for, or whoever sits at a terminal. */
export type Asker =
  | {
      readonly kind: 'person';
      /** Slack user id. */
      readonly user: string;
      /** The channel it was asked in; absent in the Home tab. */
      readonly channel?: string;
    }
  | { readonly kind: 'terminal' };

/** How much is asked for, beyond the words. */
export interface Flags {
  /** How many findings at the most. */
  readonly limit?: number;
  /** Asks Azure anew instead of sharing an answer. */
  readonly fresh?: boolean;
}

/**
 * A `/golden` subcommand: three functions, each testable alone. Whoever dispatches it acknowledges, checks who asks, maps
 * errors and logs, so a command has no `try`, no `ack` and no Block Kit of its own. The same command serves Slack and the
 * terminal.
 */
export interface Command<Input, Result> {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  /** How much is asked for where a message shows the answer: it holds less than a terminal. */
  readonly inSlack?: Flags;
  /** @throws UserError with the nearest thing that would have been understood. */
  parse(words: readonly string[], asking: Asking): Input;
  /** @throws UserError, RetryableError, FatalError */
  query(input: Input, services: Services, flags: Flags, asker: Asker): Promise<Result>;
  render(result: Result): Message;
  /** How the terminal shows it; a command without it exists in Slack alone. */
  readonly terminal?: {
    json(result: Result): unknown;
    text(result: Result, screen: Screen): string;
    /** 0 all well, 1 something needs attention. */
    exitCode(result: Result): 0 | 1;
  };
}

/** What a terminal can show. */
export interface Screen {
  /** Columns. */
  readonly width: number;
  readonly colour: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: the list of commands forgets each one's own types; only its own functions see them
export type AnyCommand = Command<any, any>;

/** Keeps a command's input and result types together; returns it unchanged. */
export function defineCommand<Input, Result>(command: Command<Input, Result>): Command<Input, Result> {
  return command;
}

/** A command with the words that are left for it to parse. */
export interface Route {
  readonly command: AnyCommand;
  readonly words: readonly string[];
}

/**
 * Finds the command that the words ask for: nothing is `help`, a team's name alone is that team's `status`.
 *
 * @throws UserError naming the nearest command or team.
 */
export function route(words: readonly string[], commands: readonly AnyCommand[], teams: readonly Team[]): Route {
  const called = (name: string) => commands.find((command) => command.name === name);
  const [first, ...rest] = words;
  if (first === undefined) return { command: mustExist(called('help')), words: [] };

  const named = called(first.toLowerCase());
  if (named) return { command: named, words: rest };

  const status = called('status');
  const mention = first.startsWith('<#');
  if (status && (mention || findTeam(teams, words.join(' ')))) return { command: status, words };

  const guess = nearest(first, [...commands.map(({ name }) => name), ...teams.map(({ name }) => name)]);
  const asCommand = guess !== undefined && called(guess) !== undefined;
  throw new UserError(
    `There is no command or team "${first}".`,
    guess === undefined
      ? 'Ask "/golden help" for what I understand.'
      : `Did you mean "/golden ${asCommand ? [guess, ...rest].join(' ') : `status ${guess}`}"?`,
  );
}

function mustExist(command: AnyCommand | undefined): AnyCommand {
  if (!command) throw new TypeError('The list of commands holds no help.');
  return command;
}
