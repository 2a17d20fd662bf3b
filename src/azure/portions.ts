import { TooLarge } from './failures.ts';
import { anyOf, quote } from './kql.ts';

/** What one portion of a question answered. */
export interface PortionAnswer<T> {
  readonly value: T;
  /** Whether it is all that the portion holds. */
  readonly complete: boolean;
  /** How many times what could be told the portion holds; undefined where that is not known. */
  readonly times?: number | undefined;
  readonly requests: number;
}

/** All portions of a question. */
export interface Portions<T> {
  readonly values: readonly T[];
  readonly complete: boolean;
  readonly requests: number;
}

/** Ids end in these mostly: numbers of instances, names that people and generators give. */
const CHARACTERS = [...'0123456789abcdefghijklmnopqrstuvwxyz'];

/** Requests after which a question is given up as too large. */
const REQUESTS_AT_MOST = 24;

/** Portions of one question are never equally large; so much smaller they are meant to be than what Azure sends. */
const ROOM = 1.25;

/** Machines whose id ends in a suffix, and before it in one of some characters or, beside them, in none of the usual ones. */
interface Portion {
  readonly suffix: string;
  readonly characters: readonly string[];
  readonly others: boolean;
}

const EVERYTHING: Portion = { suffix: '', characters: CHARACTERS, others: true };

/**
 * Asks for all machines at once, and in ever smaller portions where the answer is too large or incomplete. Machines are
 * told apart by how their ids end, which needs no knowledge of what is in the answer and spreads every fleet. Gives up as
 * soon as the requests that are left cannot suffice.
 */
export async function inPortions<T>(
  ask: (condition: string | undefined) => Promise<PortionAnswer<T>>,
): Promise<Portions<T>> {
  const values: T[] = [];
  const open = [EVERYTHING];
  let requests = 0;
  let complete = true;
  for (let portion = open.shift(); portion !== undefined; portion = open.shift()) {
    const answer = await answerOf(ask, portion);
    requests += answer.kind === 'answer' ? answer.requests : 1;
    const whole = answer.kind === 'answer' && answer.complete;
    const wanted = whole ? 0 : countFor(answer);
    const affordable = requests + open.length + wanted <= REQUESTS_AT_MOST;
    const parts = affordable && !whole ? partsOf(portion, wanted) : [];
    open.push(...parts);
    if (parts.length > 0) continue;
    if (answer.kind === 'answer') values.push(answer.value);
    complete &&= whole;
    if (!affordable) break;
  }
  return { values, complete, requests };
}

/** Azure sends no answer of this size; `times` is how many times it is too large, where that is known. */
interface Refused {
  readonly kind: 'too-large';
  readonly times: number | undefined;
}

async function answerOf<T>(
  ask: (condition: string | undefined) => Promise<PortionAnswer<T>>,
  portion: Portion,
): Promise<(PortionAnswer<T> & { readonly kind: 'answer' }) | Refused> {
  try {
    return { kind: 'answer', ...(await ask(portion === EVERYTHING ? undefined : conditionOf(portion))) };
  } catch (error) {
    if (error instanceof TooLarge) return { kind: 'too-large', times: error.times };
    throw error;
  }
}

/** How many portions to ask for instead: as many as it takes where that is known, else two. */
function countFor({ times = 1 }: { readonly times?: number | undefined }): number {
  return Math.max(2, Math.ceil(times * ROOM));
}

function conditionOf({ suffix, characters, others }: Portion): string {
  const endsIn = (list: readonly string[]) => anyOf(list.map((each) => `id endswith ${quote(`${each}${suffix}`)}`));
  if (!others) return endsIn(characters);
  const rest = CHARACTERS.filter((each) => !characters.includes(each));
  const within = suffix === '' ? [] : [`id endswith ${quote(suffix)}`];
  return [...within, ...(rest.length === 0 ? [] : [`not(${endsIn(rest)})`])].join(' and ');
}

/** Several portions in place of one; none where nothing tells its machines apart. */
function partsOf({ suffix, characters, others }: Portion, wanted: number): readonly Portion[] {
  const [only] = characters;
  if (only === undefined) return [];
  if (characters.length === 1 && !others) {
    return partsOf({ suffix: `${only}${suffix}`, characters: CHARACTERS, others: true }, wanted);
  }
  const count = Math.min(wanted, Math.max(2, characters.length));
  // Dealt out: neighbours among the digits are equally frequent, digits and letters are not.
  return Array.from({ length: count }, (_, part) => ({
    suffix,
    characters: characters.filter((_, index) => index % count === part),
    others: others && part === count - 1,
  }));
}
