import type { AckFigures } from './acks.ts';
import type { BaselineFigures } from './baseline.ts';
import type { Check } from './checks.ts';
import type { DigestFigures } from './digests.ts';
import type { Figures } from './main.ts';
import type { Asked, QuestionFigures } from './questions.ts';
import type { Cost } from './usage.ts';

/** The figures as Markdown tables: as readable in a terminal as they are in docs/performance.md. */
export function tables(figures: Figures): string {
  const { machine, questions, sharedBurst, baseline, acks, digests } = figures;
  return [
    `${machine.cores} cores, ${machine.memoryGb} GB of memory, Node ${machine.node}, ${machine.platform}, load before the run ${machine.loadBefore.toFixed(1)}`,
    ...(questions.length > 0
      ? ['Questions: `/golden status <team>` in Slack', questionTable(questions, sharedBurst)]
      : []),
    ...(baseline ? ['Next to listing everything', baselineTable(baseline, questions.at(-1))] : []),
    ...(acks ? ['Acknowledgements', ackTable(acks), elsewhere(acks.answersElsewhere)] : []),
    ...(digests.length > 0
      ? ['Digests of all teams and of the platform, due in the same minute', postTable(digests), workerTable(digests)]
      : []),
    'Counts that have to be right',
    checkTable(figures.checks),
  ].join('\n\n');
}

function questionTable(fleets: readonly QuestionFigures[], shared: Asked | undefined): string {
  const rows = fleets.flatMap((fleet) => {
    const machines = whole(fleet.virtualMachines + fleet.instances);
    const row = (what: string, asked: Asked) => [
      machines,
      what,
      whole(asked.commands),
      whole(asked.answered),
      whole(asked.requests),
      fixed(asked.cost.cpuSeconds, 2),
      fixed(fleet.idleMb, 0),
      fixed(asked.cost.peakMb, 0),
      fixed(asked.cost.seconds, 1),
    ];
    return [
      row('first question (cold)', fleet.cold),
      row('same team again', fleet.reused),
      row('another team (warm)', fleet.warm),
      row('a third team, at once', fleet.burst),
    ];
  });
  const two = shared && [
    '1,000',
    'at once, two bots',
    whole(shared.commands),
    whole(shared.answered),
    whole(shared.requests),
    '',
    '',
    '',
    fixed(shared.cost.seconds, 1),
  ];
  return table(
    ['machines', 'asked', 'commands', 'answered', 'requests', 'bot CPU s', 'idle MB', 'peak +MB', 'seconds'],
    two ? [...rows, two] : rows,
  );
}

function baselineTable(baseline: BaselineFigures, fleet: QuestionFigures | undefined): string {
  const row = (what: string, requests: number, idleMb: number | undefined, cost: Cost) => [
    what,
    whole(requests),
    fixed(cost.cpuSeconds, 2),
    fixed(idleMb, 0),
    fixed(cost.peakMb, 0),
    fixed(cost.seconds, 1),
  ];
  const cold = fleet?.cold;
  const listing = row(`list and classify ${whole(baseline.listed)} VMs`, baseline.requests, baseline.idleMb, baseline);
  return table(
    ['', 'requests', 'CPU s', 'idle MB', 'peak +MB', 'seconds'],
    cold
      ? [
          row('first answer of the bot', cold.requests, fleet.idleMb, cold.cost),
          listing,
          [
            'ratio',
            ratio(baseline.requests, cold.requests),
            ratio(baseline.cpuSeconds, cold.cost.cpuSeconds),
            '',
            ratio(baseline.peakMb, cold.cost.peakMb),
            ratio(baseline.seconds, cold.cost.seconds),
          ],
        ]
      : [listing],
  );
}

function ackTable(acks: NonNullable<Figures['acks']>): string {
  const row = (what: string, figures: AckFigures) => [
    what,
    whole(figures.commands),
    whole(figures.acknowledged),
    fixed(figures.rate, 1),
    fixed(figures.p50Ms, 1),
    fixed(figures.p99Ms, 1),
    fixed(figures.mostMs, 1),
    whole(figures.noticed),
    whole(figures.answered),
    whole(figures.refused),
    fixed(figures.cost.cpuSeconds, 2),
  ];
  return table(
    [
      'Azure',
      'commands',
      'acknowledged',
      'a second',
      'p50 ms',
      'p99 ms',
      'most ms',
      'told to wait',
      'answered',
      'told it failed',
      'bot CPU s',
    ],
    [row('answers', acks.answering), row('hangs', acks.hanging), row('recovers', acks.recovering)],
  );
}

function elsewhere(answers: number): string {
  return `${whole(answers)} answers came as ordinary ephemeral messages, because their response URL was given up.`;
}

function postTable(runs: readonly DigestFigures[]): string {
  const rows = runs.flatMap(({ load, requests, rateLimited, heads, details }) =>
    Object.entries({ 'in channels': heads, 'in threads': details }).map(([where, posted]) => [
      whole(load.teams),
      whole(load.machines),
      whole(load.workers),
      whole(requests),
      where,
      whole(posted.messages),
      fixed(posted.firstSeconds, 1),
      fixed(posted.seconds, 1),
      fixed(posted.floorSeconds, 1),
      whole(rateLimited),
    ]),
  );
  return table(
    ['teams', 'machines', 'workers', 'requests', 'messages', 'posted', 'first s', 'last s', "Slack's floor s", '429s'],
    rows,
  );
}

function workerTable(runs: readonly DigestFigures[]): string {
  const rows = runs.flatMap(({ load, costs, redisMb }) =>
    costs.map(({ cpuSeconds, peakMb, idleMb }, index) => [
      whole(load.teams),
      `${index + 1} of ${load.workers}`,
      fixed(cpuSeconds, 1),
      fixed(idleMb, 0),
      fixed(peakMb, 0),
      ...[redisMb.before, redisMb.most, redisMb.after].map((mb) => (index === 0 ? fixed(mb, 1) : '')),
    ]),
  );
  return table(['teams', 'worker', 'CPU s', 'idle MB', 'peak +MB', 'Redis MB before', 'at most', 'after'], rows);
}

function checkTable(checks: readonly Check[]): string {
  return table(
    ['count', 'promised', 'counted', ''],
    checks.map(({ what, promised, counted, holds }) => [what, promised, whole(counted), holds ? 'ok' : 'WRONG']),
  );
}

/** A Markdown table with columns as wide as they need; the first ones hold words, and numbers are at the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = head.map((_, index) => [head, ...rows].map((row) => row[index] ?? ''));
  const widths = columns.map((cells) => Math.max(3, ...cells.map((cell) => cell.length)));
  const isNumber = columns.map(([, ...cells]) => cells.every((cell) => /^[\d.,× –]*$/.test(cell)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => (isNumber[index] ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, index) => `${'-'.repeat(width - 1)}${isNumber[index] ? ':' : '-'}`).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

const whole = (value: number): string => value.toLocaleString('en');

/** A dash where the system does not tell. */
const fixed = (value: number | undefined, digits: number): string =>
  value === undefined ? '–' : value.toFixed(digits);

function ratio(more: number, less: number | undefined): string {
  return less === undefined || less <= 0 ? '–' : `${whole(Number((more / less).toPrecision(2)))}×`;
}
