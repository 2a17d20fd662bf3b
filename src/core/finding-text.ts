import type { Day, OpenFinding } from './history.ts';

/**
 * The columns of a list of findings. Ids share long beginnings with their neighbours and few findings differ in the rest,
 * so each id says only what its neighbour does not, and labels and days are said once: a compressor finds little left.
 */
interface Columns {
  /** How many characters each id takes from the one before. */
  readonly shared: readonly number[];
  /** What follows them. */
  readonly rest: readonly string[];
  readonly label: readonly number[];
  readonly labels: readonly (readonly [state: OpenFinding['state'], image: string])[];
  readonly since: readonly number[];
  readonly days: readonly Day[];
}

/** Findings as a text, small where they are ordered by id. */
export function encodeFindings(findings: readonly OpenFinding[]): string {
  const labels = new Map<string, number>();
  const days = new Map<string, number>();
  const shared = findings.map(({ id }, index) => sharedLength(findings[index - 1]?.id ?? '', id));
  const columns: Columns = {
    shared,
    rest: findings.map(({ id }, index) => id.slice(shared[index])),
    label: findings.map(({ state, image }) => numberOf(labels, JSON.stringify([state, image]))),
    since: findings.map(({ since }) => numberOf(days, since)),
    labels: [...labels.keys()].map((label) => JSON.parse(label) as Columns['labels'][number]),
    days: [...days.keys()],
  };
  return JSON.stringify(columns);
}

/** The findings of `encodeFindings`, in their order. */
export function decodeFindings(text: string): readonly OpenFinding[] {
  const { shared, rest, label, labels, since, days } = JSON.parse(text) as Columns;
  let previous = '';
  return rest.map((ending, index) => {
    const id = previous.slice(0, shared[index]) + ending;
    previous = id;
    const [state, image] = labels[label[index]!]!;
    return { id, since: days[since[index]!]!, state, image };
  });
}

function sharedLength(before: string, id: string): number {
  let length = 0;
  while (length < id.length && before[length] === id[length]) length += 1;
  return length;
}

/** The number of a value, a new one where it has none. */
function numberOf(known: Map<string, number>, value: string): number {
  const number = known.get(value) ?? known.size;
  known.set(value, number);
  return number;
}
