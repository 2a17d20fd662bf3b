import type { Compliance } from './compliance/compliance.ts';
import type { Team } from './core/team.ts';
import type { Message } from './slack/views/message.ts';

/** What a command may use: never Slack, Azure or Redis themselves. */
export interface Services {
  readonly compliance: Compliance;
  readonly teams: readonly Team[];
  /** The portal of the configured cloud, e.g. `https://portal.azure.com`. */
  readonly portal: string;
}

/** Options of the terminal; in Slack there are none. */
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
  /** @throws UserError with the nearest thing that would have been understood. */
  parse(words: readonly string[], services: Pick<Services, 'teams'>): Input;
  /** @throws UserError, RetryableError, FatalError */
  query(input: Input, services: Services, flags: Flags): Promise<Result>;
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
