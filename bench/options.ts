import { parseArgs } from 'node:util';

/** What can be measured; a run does all of it unless told otherwise. */
export const PARTS = ['questions', 'baseline', 'acks', 'digests'] as const;
export type Part = (typeof PARTS)[number];

/** What a run does. */
export interface BenchOptions {
  /** Machines of the largest fleet, and the subscriptions they are spread over. */
  readonly vms: number;
  readonly subscriptions: number;
  /** Commands asked at once. */
  readonly burst: number;
  /** Commands a second, and for how long, while acknowledgements are timed. */
  readonly rate: number;
  readonly seconds: number;
  /** Teams whose digests are due in the same minute. */
  readonly teams: number;
  readonly parts: ReadonlySet<Part>;
  /** One JSON object on stdout; the tables go to stderr then. */
  readonly json: boolean;
}

export const USAGE = `npm run bench -- [options]
  --vms <n>            machines of the largest fleet (1000000)
  --subscriptions <n>  subscriptions they are spread over (1000)
  --burst <n>          commands asked at once (100)
  --rate <n>           commands a second while acknowledgements are timed (50)
  --seconds <n>        for how long (20)
  --teams <n>          teams whose digests are due in the same minute (500)
  --only <part>        ${PARTS.join(', ')}; may be given more than once
  --quick              100,000 machines in 100 subscriptions, 5 s of acknowledgements, and 50 teams
  --json               one object on stdout, the tables on stderr`;

/** @throws Error that says which argument is wrong */
export function benchOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      vms: { type: 'string' },
      subscriptions: { type: 'string' },
      burst: { type: 'string', default: '100' },
      rate: { type: 'string', default: '50' },
      seconds: { type: 'string' },
      teams: { type: 'string' },
      only: { type: 'string', multiple: true, default: [...PARTS] },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const { quick } = values;
  return {
    // The fleet's hand-made machines and subscriptions set the lower ends; the upper ones keep a slip bounded.
    vms: count('vms', values.vms ?? (quick ? '100000' : '1000000'), 1000, 2_000_000),
    // A Resource Graph query covers at most 1,000 subscriptions by list; ours asks by management group.
    subscriptions: count('subscriptions', values.subscriptions ?? (quick ? '100' : '1000'), 4, 10_000),
    burst: count('burst', values.burst, 1, 1000),
    rate: count('rate', values.rate, 1, 1000),
    seconds: count('seconds', values.seconds ?? (quick ? '5' : '20'), 1, 120),
    // What Slack takes sets the upper end: two messages a team, five a second.
    teams: count('teams', values.teams ?? (quick ? '50' : '500'), 1, 2000),
    parts: new Set(values.only.map(part)),
    json: values.json,
  };
}

function count(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`--${name} is a whole number from ${least} to ${most}, not "${text}"`);
}

function part(text: string): Part {
  const found = PARTS.find((each) => each === text);
  if (found === undefined) throw new Error(`--only is one of ${PARTS.join(', ')}, not "${text}"`);
  return found;
}
