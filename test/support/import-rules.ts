/** What the files of one part of the tree may import, and why. Patterns are globs from the root of the repository. */
export interface Zone {
  files: readonly string[];
  /** Files of ours. */
  own: readonly string[];
  /** Files of ours of which only types may be imported. */
  types?: readonly string[];
  /** Packages and modules of Node: `name`, or `name#a,b` for nothing but these names; `any` for all that are installed. */
  packages: 'any' | readonly string[];
  because: string;
}

const CORE = 'src/core/**';
const PORTS = 'src/ports.ts';
const VIEWS = 'src/slack/views/**';
const ESCAPE = 'src/slack/escape.ts';
const COMMAND = 'src/command.ts';
const MACHINERY = ['src/{command,step,job}.ts'];
const USE_CASES = ['src/{compliance,rebuild,publish,estate,digest,home}/**'];
const SETTINGS = ['src/config.ts', 'src/config/**', 'src/config-*.ts'];

/** Libraries that compute and nothing else. Hashing is pure; the rest of node:crypto draws random numbers. */
const PURE = ['date-fns', '@date-fns/tz', 'fastest-levenshtein', 'node:crypto#createHash,hash'];

/** The table. The first zone that holds a file decides; a file of no zone is a fault, so that new folders get a rule. */
export const zones: readonly Zone[] = [
  {
    files: [CORE],
    own: [CORE],
    packages: PURE,
    because: 'core is pure: it can be tested and trusted without Azure, Slack, Redis, a clock or a network',
  },
  {
    files: [PORTS],
    own: [CORE],
    packages: [],
    because: 'ports say what we need in the words of core, and favour no adapter',
  },
  {
    files: [VIEWS],
    own: [CORE, VIEWS, ESCAPE],
    types: USE_CASES, // a report is a plain value, whoever made it
    packages: ['@slack/types'],
    because: 'a view makes blocks of a value and asks nobody anything',
  },
  {
    files: ['src/slack/{bolt,dispatch,ports}.ts'],
    own: [CORE, PORTS, COMMAND, 'src/slack/**'],
    types: SETTINGS,
    packages: 'any',
    because: 'the Bolt wiring gets commands handed in: it knows their form and not one of them',
  },
  adapter('src/azure'),
  adapter('src/slack'),
  adapter('src/store'),
  adapter('src/telemetry'),
  {
    files: SETTINGS,
    own: [CORE, ...SETTINGS],
    packages: 'any',
    because: 'settings are read before anything is built of them',
  },
  {
    files: USE_CASES,
    own: [CORE, PORTS, ...MACHINERY, ...USE_CASES],
    types: SETTINGS,
    packages: PURE,
    because: 'what a job or a command observes and does is said in terms of the ports',
  },
  {
    files: MACHINERY,
    own: [CORE, PORTS, VIEWS, ...MACHINERY, ...USE_CASES],
    types: SETTINGS,
    packages: [...PURE, '@slack/types'],
    because: 'the form of commands and jobs depends on no command, job or adapter',
  },
  {
    files: ['commands/terminal/**'],
    own: ['commands/**', CORE, PORTS, COMMAND, VIEWS, ESCAPE],
    types: [...USE_CASES, ...SETTINGS],
    packages: [...PURE, 'string-width', 'node:util#styleText'],
    because: 'the terminal shows the value that a command found, and asks nobody anything',
  },
  {
    files: ['commands/**'],
    own: ['commands/**', CORE, PORTS, COMMAND, VIEWS, ...USE_CASES],
    types: SETTINGS,
    packages: PURE,
    because: 'a command parses, asks the ports and renders: it must run against any adapter',
  },
  {
    files: ['jobs/**'],
    own: ['jobs/**', CORE, PORTS, 'src/{step,job}.ts', VIEWS, ...USE_CASES],
    types: SETTINGS,
    packages: PURE,
    because: 'a job is a table of steps over the ports: it must run against any adapter',
  },
  {
    files: ['src/*.ts', 'src/{cli,check}/**'],
    own: ['src/**', 'commands/**', 'jobs/**'],
    packages: 'any',
    because: 'mains wire the parts that ship, and only those',
  },
  {
    files: ['bin/**'],
    own: ['bin/**', 'src/*.ts'],
    packages: ['node:child_process', 'node:fs', 'node:url'],
    because: 'the executable finds the right Node and starts a main; an older Node must be able to read it',
  },
  {
    files: ['sandbox/**'],
    own: ['sandbox/**'],
    packages: 'any',
    because: 'sandbox and bot meet over HTTP alone: a shared mistake would hide itself',
  },
  {
    files: ['bench/**'],
    own: ['bench/**', 'src/**', 'commands/**', 'jobs/**', 'sandbox/**'],
    packages: 'any',
    because: 'a benchmark measures what ships, without the help of tests',
  },
  {
    files: ['test/**'],
    own: ['**'],
    packages: 'any',
    because: 'a test may look at everything',
  },
];

function adapter(folder: string): Zone {
  return {
    files: [`${folder}/**`],
    own: [`${folder}/**`, CORE, PORTS],
    types: SETTINGS,
    packages: 'any',
    because: 'an adapter can be replaced: it knows the ports and core, and no other adapter, command or job',
  };
}

/** Parts that reach production, where devDependencies are not installed. */
export const shipped: readonly string[] = ['src/**', 'commands/**', 'jobs/**', 'bin/**'];

/** Parts whose files may not import one another in a circle. */
export const acyclic: readonly string[] = [CORE];
