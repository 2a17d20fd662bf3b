/** One thing that is wrong with the settings, and what to do about it. */
export interface Fault {
  /** A variable's name, or the path of a key: `teams.team-x.digest.timezone`, `images.golden[0].gallery`. */
  readonly path: string;
  /** Where in the file: `golden.yml:12:5`; absent for variables and for what is missing as a whole. */
  readonly place?: string | undefined;
  /** The value as it may be shown; absent where there is none, and never a secret. */
  readonly found?: string | undefined;
  /** What is wrong, to be read after the path: `is not an IANA time zone`. */
  readonly problem: string;
  /** What to do, as a sentence. */
  readonly remedy: string;
}

/** The settings cannot be used. Carries every fault there is, so that nobody has to mend them one run at a time. */
export class ConfigError extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(faultText).join('\n'));
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** A fault as one line: path, place, what is wrong, the value found, the remedy. */
export function faultText({ path, place, found, problem, remedy }: Fault): string {
  const where = place === undefined ? path : `${path} (${place})`;
  const value = found === undefined ? '' : ` (found ${found})`;
  return oneLine(`${where} ${problem}${value}. ${remedy}`);
}

const LONGEST = 80;

/** A value that may be shown, short and on one line; an address without its user and password. */
export function shown(value: unknown): string {
  const written = value instanceof Date ? value.toISOString() : (JSON.stringify(value) ?? String(value));
  const text = written.replace(/:\/\/[^\s/]*@/g, '://[hidden]@');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** What may be said of a secret: its public prefix (`xoxb-`, which names its kind) and how long it is. */
export function shownSecret(value: string): string {
  const prefix = /^x[a-z]{3}-/.exec(value)?.[0];
  const size = `${value.length} character${value.length === 1 ? '' : 's'}`;
  return prefix === undefined ? size : `${prefix}…, ${size}`;
}

/** A path as people write it: `teams.team-x.match`, `images.golden[0]`, `teams["team x"]`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const name = String(part);
    if (!/^[\w-]+$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a fault must not steer the terminal it is printed on
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ');
}
