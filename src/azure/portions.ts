import { TooLarge } from './failures.ts';
import { anyOf, quote } from './kql.ts';

/** What one portion of a question answered. */
export interface PortionAnswer<T> {
  readonly value: T;
  /** Whether it is all that the portion holds. */
  readonly complete: boolean;
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

/** Requests after which a question is given up as too large; what is missing then is said. */
const REQUESTS_AT_MOST = 24;

/** Machines whose id ends in a suffix, and before it in one of some characters or, beside them, in none of the usual ones. */
interface Portion {
  readonly suffix: string;
  readonly characters: readonly string[];
  readonly others: boolean;
}

const EVERYTHING: Portion = { suffix: '', characters: CHARACTERS, others: true };

/**
 * Asks for all machines at once, and in ever smaller portions where the answer is too large or incomplete. Machines are
 * told apart by how their ids end, which needs no knowledge of what is in the answer and spreads every fleet.
 */
export async function inPortions<T>(
  ask: (condition: string | undefined) => Promise<PortionAnswer<T>>,
): Promise<Portions<T>> {
  const values: T[] = [];
  const open = [EVERYTHING];
  let requests = 0;
  let complete = true;
  for (let portion = open.shift(); portion !== undefined; portion = open.shift()) {
    if (requests >= REQUESTS_AT_MOST) {
      complete = false;
      break;
    }
    const answer = await answerOf(ask, portion);
    requests += answer?.requests ?? 1;
    const parts = answer?.complete ? [] : halves(portion);
    open.push(...parts);
    if (parts.length > 0) continue;
    if (answer) values.push(answer.value);
    complete &&= answer?.complete ?? false;
  }
  return { values, complete, requests };
}

/** Undefined where Azure sends no answer of this size. */
async function answerOf<T>(
  ask: (condition: string | undefined) => Promise<PortionAnswer<T>>,
  portion: Portion,
): Promise<PortionAnswer<T> | undefined> {
  try {
    return await ask(portion === EVERYTHING ? undefined : conditionOf(portion));
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

function conditionOf({ suffix, characters, others }: Portion): string {
  const endsIn = (list: readonly string[]) => anyOf(list.map((each) => `id endswith ${quote(`${each}${suffix}`)}`));
  if (!others) return endsIn(characters);
  const rest = CHARACTERS.filter((each) => !characters.includes(each));
  const within = suffix === '' ? [] : [`id endswith ${quote(suffix)}`];
  return [...within, ...(rest.length === 0 ? [] : [`not(${endsIn(rest)})`])].join(' and ');
}

/** Two portions in place of one; none where nothing tells its machines apart. */
function halves({ suffix, characters, others }: Portion): readonly Portion[] {
  const [only] = characters;
  if (only === undefined) return [];
  if (characters.length === 1 && !others) {
    return halves({ suffix: `${only}${suffix}`, characters: CHARACTERS, others: true });
  }
  // Every other one: neighbours among the digits are equally frequent, digits and letters are not.
  return [
    { suffix, characters: characters.filter((_, index) => index % 2 === 0), others: false },
    { suffix, characters: characters.filter((_, index) => index % 2 === 1), others },
  ];
}
