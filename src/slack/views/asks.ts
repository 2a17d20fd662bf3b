import type { State } from '../../core/classification.ts';
import { STATE_NAMES } from '../../core/wording.ts';

/**
 * The words behind a button: exactly what a person would type after `/golden`, so that a click is parsed and checked like
 * everything else that comes from outside.
 */

/** What an action does with its words; a suffix after a second colon keeps ids unique within a message. */
export const ACTION = {
  /** Asks the words and shows the answer. */
  run: 'golden:run',
  /** Asks the words anew. */
  refresh: 'golden:refresh',
  /** Posts the answer to the words in the channel. */
  share: 'golden:share',
  /** A link; Slack tells us, there is nothing to do. */
  open: 'golden:open',
} as const;

/** What the elements of the Home tab do besides asking words. */
export const HOME_ACTION = {
  /** The chosen option's value: `follow <team>`. */
  follow: 'golden:home:follow',
  /** The button's value: `unfollow <team>`. */
  unfollow: 'golden:home:unfollow',
  refresh: 'golden:home:refresh',
} as const;

/** Slack's limit of an option's value. */
export const MAX_OPTION_VALUE = 150;
/** Longer than any resource id of a machine. Slack takes 2,000, but all buttons of a message share its budget. */
export const MAX_BUTTON_VALUE = 500;

/** `status team-x` */
export function askStatus(team: string): string {
  return `status ${quoted(team)}`;
}

/** `list team-x outdated page 2` */
export function askList(team: string, state?: State | 'all', page = 1): string {
  const filter = state === undefined ? '' : ` ${state === 'all' ? 'all' : stateWord(state)}`;
  return `list ${quoted(team)}${filter}${page > 1 ? ` page ${page}` : ''}`;
}

/** `why vm-1`, or with the resource id where the name is not enough. */
export function askWhy(nameOrId: string): string {
  return `why ${quoted(nameOrId)}`;
}

/** The charts there are, as one types them. */
export type ChartName = 'states' | 'ages' | 'versions';

/** `trend team-x ages` */
export function askTrend(team: string, chart: ChartName = 'states'): string {
  return `trend ${quoted(team)}${chart === 'states' ? '' : ` ${chart}`}`;
}

/** `digest team-x`: a preview; `digest team-x now` posts it. */
export function askDigest(team: string, now = false): string {
  return `digest ${quoted(team)}${now ? ' now' : ''}`;
}

/** `follow team-x`: among the teams in the asker's Home tab. */
export function askFollow(team: string): string {
  return `follow ${quoted(team)}`;
}

/** `unfollow team-x` */
export function askUnfollow(team: string): string {
  return `unfollow ${quoted(team)}`;
}

/** A state as one types it: `end-of-life`. */
export function stateWord(state: State): string {
  return STATE_NAMES[state].replaceAll(' ', '-');
}

/** A word in quotes where spaces would break it. */
export function quoted(word: string): string {
  return /^[^\s"'“”‘’<>&]+$/.test(word) ? word : `"${word.replaceAll('"', ' ')}"`;
}
