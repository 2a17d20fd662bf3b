import { type Fault, shown, shownSecret } from './faults.ts';

/** The process's environment, as Node gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Every variable that is ours. The many `AZURE_*` of @azure/identity are read by that library itself. */
export const VARIABLES = [
  'GOLDEN_CONFIG',
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SLACK_API_URL',
  'PORT',
  'REDIS_URL',
  'AZURE_CLOUD',
  'AZURE_RESOURCE_MANAGER_ENDPOINT',
  'AZURE_ACCESS_TOKEN',
  'AZURE_AUTHORITY_HOST',
  'HEALTH_HOST',
  'HEALTH_PORT',
  'LOG_LEVEL',
] as const;

export type Variable = (typeof VARIABLES)[number];

/** How a variable is read. */
export interface Reader<T> {
  /** To be read after "is not". */
  readonly expected: string;
  readonly remedy: string;
  readonly secret?: boolean;
  /** The value as the program uses it, or undefined where it is not what is expected. */
  readonly read: (text: string) => T | undefined;
}

/** Reads variables and gathers what is wrong with them instead of stopping at the first. */
export class Variables {
  readonly faults: Fault[] = [];
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  /** The variable's text without surrounding space (secrets read from files end in a line break); blank is not set. */
  text(name: Variable): string | undefined {
    const text = this.#env[name]?.trim();
    return text === '' ? undefined : text;
  }

  /** The variable as its reader takes it; undefined where it is not set or wrong. */
  optional<T>(name: Variable, reader: Reader<T>): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = reader.read(text);
    if (value === undefined) {
      this.faults.push({
        path: name,
        problem: `is not ${reader.expected}`,
        found: reader.secret ? shownSecret(text) : shown(text),
        remedy: reader.remedy,
      });
    }
    return value;
  }

  /** As `optional`, but not to be set is a fault too. */
  required<T>(name: Variable, reader: Reader<T>): T | undefined {
    if (this.text(name) === undefined) {
      this.faults.push({ path: name, problem: `is not set: it must be ${reader.expected}`, remedy: reader.remedy });
    }
    return this.optional(name, reader);
  }

  /** Names in the environment that are all but ours: most likely misspelt, and silently without effect. */
  reportMisspelt(): void {
    for (const [name, value] of Object.entries(this.#env)) {
      const meant = value === undefined ? undefined : misspelt(name);
      if (meant === undefined) continue;
      this.faults.push({
        path: name,
        problem: 'is not a variable that is known here',
        remedy: `Did you mean ${meant}? Rename it, or unset it if it belongs to something else.`,
      });
    }
  }
}

/** Variables of other programs that differ from ours by a letter or two. */
const FOREIGN: readonly string[] = ['SLACK_API_TOKEN'];

/**
 * The variable of ours that a name is one slip of the hand away from. Names that merely share a prefix are none of our
 * business: Kubernetes sets GOLDEN_PORT and GOLDEN_SERVICE_HOST for a service called golden.
 */
function misspelt(name: string): Variable | undefined {
  const known: readonly string[] = VARIABLES;
  if (known.includes(name) || FOREIGN.includes(name)) return undefined;
  // Short names (PORT) are near to too many others.
  return VARIABLES.find((candidate) => candidate.length >= 8 && isOneSlipAway(name.toUpperCase(), candidate));
}

/** One letter too many, too few, another, two swapped, `-` for `_`, or another case. */
function isOneSlipAway(name: string, known: string): boolean {
  const plain = name.replaceAll('-', '_');
  if (plain === known) return true;
  if (Math.abs(plain.length - known.length) > 1) return false;
  let head = 0;
  while (head < Math.min(plain.length, known.length) && plain[head] === known[head]) head += 1;
  const rest = (text: string, from: number) => text.slice(head + from);
  return (
    rest(plain, 1) === rest(known, 1) ||
    rest(plain, 1) === rest(known, 0) ||
    rest(plain, 0) === rest(known, 1) ||
    (plain[head] === known[head + 1] && plain[head + 1] === known[head] && rest(plain, 2) === rest(known, 2))
  );
}
