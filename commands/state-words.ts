import { STATES, type State } from '../src/core/classification.ts';
import { UserError } from '../src/core/errors.ts';
import { nearest } from '../src/core/nearest.ts';
import { stateWord } from '../src/slack/views/asks.ts';

/** Which states, and which page of them. Absent states: what needs attention. */
export interface Selection {
  readonly states: readonly State[] | undefined;
  readonly page: number;
}

const MAX_PAGE = 1_000_000;

/** Every way to write a state, reduced to its letters: `end-of-life`, `endOfLife` and `End of Life` are one. */
const BY_LETTERS: ReadonlyMap<string, State> = new Map([
  ...STATES.map((state): [string, State] => [letters(stateWord(state)), state]),
  ['eol', 'endOfLife'],
]);

/**
 * Understands what follows the team in `list`: a state in any spelling, `all`, `page N`, in any order.
 *
 * @throws UserError naming the nearest state.
 */
export function selectionOf(words: readonly string[]): Selection {
  const text = words.join(' ').trim();
  const paged = /(?:^|\s)(?:page\s*=?\s*)(\S+)/i.exec(` ${text}`);
  const page = paged ? Number(paged[1]) : 1;
  if (!Number.isInteger(page) || page < 1 || page > MAX_PAGE) {
    throw new UserError(`"${paged?.[1] ?? ''}" is not a page.`, 'Pages are numbers from 1, for example "page 2".');
  }
  const rest = paged ? ` ${text}`.replace(paged[0], ' ').trim() : text;
  if (rest === '') return { states: undefined, page };
  if (letters(rest) === 'all') return { states: STATES, page };
  const state = BY_LETTERS.get(letters(rest));
  if (state) return { states: [state], page };

  const guess = nearest(rest, STATES.map(stateWord));
  throw new UserError(
    `There is no state "${rest}".`,
    guess === undefined ? `The states are ${STATES.map(stateWord).join(', ')}.` : `Did you mean "${guess}"?`,
  );
}

function letters(text: string): string {
  return text.toLowerCase().replace(/[^a-z]/g, '');
}
