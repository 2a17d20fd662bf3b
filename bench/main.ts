import { availableParallelism, loadavg, totalmem } from 'node:os';
import { type AckFigures, measureAcks, measureAcksWhileHanging, type OutageFigures } from './acks.ts';
import { type BaselineFigures, measureBaseline } from './baseline.ts';
import { type Check, Checks } from './checks.ts';
import { type DigestFigures, measureDigests } from './digests.ts';
import { type BenchOptions, benchOptions, USAGE } from './options.ts';
import { type Asked, measureQuestions, measureSharedBurst, type QuestionFigures } from './questions.ts';
import { closeRigs, withRig } from './rig.ts';
import { tables } from './tables.ts';

/**
 * `npm run bench`: what a question costs the bot, whatever the size of the fleet, next to listing everything; how soon
 * commands are acknowledged; and what it takes to post the digests of many teams at once. Ends with code 1 when a count is not what was promised, 2 when it could not measure; never
 * because of a time. Everything is on this machine, and ends with it. docs/performance.md tells what the figures mean.
 */

/** The shape of the machine; its name is nobody's business. */
interface Machine {
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly platform: string;
  /** Processes that wanted a core in the minute before the run: more than 0 and something else was running too. */
  readonly loadBefore: number;
}

/** Everything that a run measured. */
export interface Figures {
  readonly options: Omit<BenchOptions, 'parts' | 'json'>;
  readonly machine: Machine;
  /** By fleet, the smallest first. */
  readonly questions: readonly QuestionFigures[];
  readonly sharedBurst: Asked | undefined;
  readonly baseline: BaselineFigures | undefined;
  readonly acks: (OutageFigures & { readonly answering: AckFigures }) | undefined;
  /** With one worker, then with two. */
  readonly digests: readonly DigestFigures[];
  readonly checks: readonly Check[];
}

/** Smaller fleets that the largest one is compared with. */
const SMALLER_FLEETS = [1000, 100_000];
/** Acknowledging has nothing to do with the fleet: a small one leaves the processor to what is timed. */
const SMALL = { vms: 1000, subscriptions: 10 };
/** What the digests of a team are about. */
const OF_A_TEAM = { machines: 200, subscriptions: 2 };
/** Two workers share the work as they do for many teams; Slack's pace makes more of them take minutes. */
const TEAMS_OF_TWO_WORKERS = 100;

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const options = benchOptions(process.argv.slice(2));
    if (options === 'help') {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => void closeRigs().finally(() => process.exit(130)));
    const figures = await measure(options);
    const text = `${tables(figures)}\n`;
    if (options.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
    (options.json ? process.stderr : process.stdout).write(text);
    return figures.checks.every(({ holds }) => holds) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

async function measure(options: BenchOptions): Promise<Figures> {
  const { vms, subscriptions, burst, rate, seconds, teams, parts } = options;
  const machine = thisMachine();
  const checks = new Checks();
  const questions: QuestionFigures[] = [];
  let baseline: BaselineFigures | undefined;
  if (parts.has('questions') || parts.has('baseline')) {
    const fleets = parts.has('questions') ? [...SMALLER_FLEETS.filter((size) => size < vms), vms] : [vms];
    for (const size of fleets) {
      const fleet = {
        vms: size,
        subscriptions: Math.max(SMALL.subscriptions, Math.round((subscriptions * size) / vms)),
      };
      await withRig(fleet, async (rig) => {
        if (parts.has('questions')) {
          say(`Asking over ${size.toLocaleString('en')} machines ...`);
          questions.push(await measureQuestions(rig, { subscriptions: fleet.subscriptions, burst }, checks));
        }
        if (parts.has('baseline') && size === vms) {
          say('Listing everything ...');
          baseline = await measureBaseline(rig, checks);
        }
      });
    }
    for (const fleet of questions)
      checks.equal(
        'requests of the first answer, compared with the smallest fleet',
        fleet.cold.requests,
        questions[0]?.cold.requests ?? 0,
      );
  }
  const load = { rate, seconds };
  const askTwo = async () => {
    say('Asking two bots at once ...');
    return withRig({ ...SMALL, replicas: 2 }, (rig) => measureSharedBurst(rig, burst, checks));
  };
  const acknowledge = async () => {
    say('Timing acknowledgements while Azure answers ...');
    const answering = await withRig(SMALL, (rig) => measureAcks(rig, load, checks));
    say('Timing acknowledgements while Azure hangs ...');
    const outage = await withRig(SMALL, (rig) => measureAcksWhileHanging(rig, load, checks));
    return { answering, ...outage };
  };
  const post = async () => {
    const figures: DigestFigures[] = [];
    for (const [workers, most] of [
      [1, teams],
      [2, Math.min(teams, TEAMS_OF_TWO_WORKERS)],
    ] as const) {
      say(`Posting the digests of ${most} teams from ${workers === 1 ? 'one worker' : 'two workers'} ...`);
      const size = { machines: most * OF_A_TEAM.machines, subscriptions: most * OF_A_TEAM.subscriptions };
      figures.push(await measureDigests({ teams: most, workers, ...atLeast(size) }, checks));
    }
    const [alone, together] = figures.map(({ load, heads, details }) => [
      load.teams,
      heads.messages + details.messages,
    ]);
    if (alone?.[0] === together?.[0])
      checks.equal('messages of two workers, compared with one', together?.[1] ?? 0, alone?.[1] ?? 0);
    return figures;
  };
  return {
    options: { vms, subscriptions, burst, rate, seconds, teams },
    machine,
    questions,
    sharedBurst: parts.has('questions') ? await askTwo() : undefined,
    baseline,
    acks: parts.has('acks') ? await acknowledge() : undefined,
    digests: parts.has('digests') ? await post() : [],
    checks: checks.all,
  };
}

/** The generated estate has hand-made machines and subscriptions that it cannot do without. */
function atLeast({ machines, subscriptions }: { machines: number; subscriptions: number }) {
  return { machines: Math.max(SMALL.vms, machines), subscriptions: Math.max(SMALL.subscriptions, subscriptions) };
}

function thisMachine(): Machine {
  return {
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    loadBefore: loadavg()[0] ?? 0,
  };
}

/** Progress, for whoever watches; stdout is for the figures. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
