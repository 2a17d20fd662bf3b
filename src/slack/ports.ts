import type { HomeView } from '@slack/types';
import type { AnyCommand, Services } from '../command.ts';

/** Where the Slack side writes its lines: pino's form, fields first. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What is counted. */
export interface SlackMetrics {
  /** A request was acknowledged, this long after it came in. */
  onAck(ms: number): void;
  /** A command was answered; `outcome` is `answered`, `user-error`, `retryable`, `fatal` or `bug`. */
  onCommand(name: string, outcome: string, ms: number): void;
}

/**
 * Whether this is the first time the key is seen within `ttlMs`, over all replicas (Redis: SET NX PX).
 *
 * @throws anything when it cannot tell.
 */
export type Once = (key: string, ttlMs: number) => Promise<boolean>;

/** What a person's Home tab shows. What goes wrong in one of these is shown in the tab. */
export interface HomeTab {
  /** From what is known already, within a moment: Azure is not asked. */
  known(user: string): Promise<HomeView>;
  /** After asking anew where that is due; undefined where `known` told everything. */
  fresh(user: string): Promise<HomeView | undefined>;
  /**
   * Keeps what a person chose in the tab.
   *
   * @param words `follow team-x` or `unfollow team-x`, as typed words.
   * @throws UserError, RetryableError, FatalError: shown to the person
   */
  choose(user: string, words: readonly string[]): Promise<void>;
}

/** What the Slack side needs of the rest. */
export interface SlackDeps {
  readonly commands: readonly AnyCommand[];
  readonly services: Services;
  /** Without it the Home tab shows all teams, and nobody can choose. */
  readonly home?: HomeTab;
  /** Somebody joined or left a user group. */
  readonly onGroupsChanged?: () => void;
  readonly once: Once;
  readonly logger: Logger;
  readonly metrics?: SlackMetrics;
  /** For tests; the defaults are right for Slack. */
  readonly timing?: Partial<Timing>;
}

/** How long what may take, in milliseconds. */
export interface Timing {
  /** After this an asker is told that Azure is being read. */
  readonly readingMs: number;
  /** After this a question that got no answer is given up. */
  readonly deadlineMs: number;
  /** The first pause before Slack is tried again; it doubles up to a minute. */
  readonly reconnectMs: number;
}

export const TIMING: Timing = { readingMs: 1_000, deadlineMs: 120_000, reconnectMs: 500 };
