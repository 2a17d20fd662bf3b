import { setTimeout as delay } from 'node:timers/promises';
import { answersElsewhere, askStatus, TEAMS, type TeamName, type Typed, told, typeStatus } from './asking.ts';
import type { Checks } from './checks.ts';
import type { Rig } from './rig.ts';
import { percentile } from './statistics.ts';
import { type Cost, costOf } from './usage.ts';

/** What acknowledging came to. */
export interface AckFigures {
  readonly commands: number;
  readonly acknowledged: number;
  /** Commands a second as they were really sent. */
  readonly rate: number;
  /** From typing to the ack, of the commands that got one. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly mostMs: number;
  /**
   * Commands whose asker was told that an answer follows, those answered in full through their response URL in the end, and
   * those told there that Azure did not answer.
   */
  readonly noticed: number;
  readonly answered: number;
  readonly refused: number;
  /** Of the first bot, while commands came in. */
  readonly cost: Cost;
}

/** Commands a second, and for how long. */
export interface Load {
  readonly rate: number;
  readonly seconds: number;
}

/** Commands at a steady rate while Azure answers. */
export async function measureAcks(rig: Rig, load: Load, checks: Checks): Promise<AckFigures> {
  // A bot lives for weeks: what its first command compiles is not what people wait for.
  await askStatus(rig.slack, 'payments');
  const { cost, result: typed } = await costOf(rig.pid, rig.idle, () => typeSteadily(rig, load));
  const figures = await figuresOf(rig, typed, cost);
  checks.equal('commands acknowledged while Azure answers', figures.acknowledged, figures.commands);
  checks.equal('commands answered, asked while Azure answers', figures.answered, figures.commands);
  return figures;
}

/** What acknowledging came to around an outage. */
export interface OutageFigures {
  readonly hanging: AckFigures;
  /** From the moment Azure answers again until everybody who waited was answered. */
  readonly recovering: AckFigures;
  /** Answers of either that came by the Web API, because the response URL was given up. */
  readonly answersElsewhere: number;
}

/**
 * The same while Azure takes every request and answers none; then while it recovers, and everybody who waited is told so
 * or answered at once: that must not keep the bot from acknowledging those who ask meanwhile.
 */
export async function measureAcksWhileHanging(rig: Rig, load: Load, checks: Checks): Promise<OutageFigures> {
  await rig.slack.slash({ user: 'U0ALICE', channel: 'C0PAYMENTS', text: 'help' });
  await rig.azure.plant({ action: { kind: 'hang' } });
  const { cost, result: typed } = await costOf(rig.pid, rig.idle, () => typeSteadily(rig, load));
  await rig.azure.clearFaults();

  const answered = new AbortController();
  const figures = figuresOf(rig, typed, cost).finally(() => answered.abort());
  const meanwhile = { rate: load.rate, seconds: RECOVERS_WITHIN_SECONDS };
  const { cost: later, result: more } = await costOf(rig.pid, rig.idle, () =>
    typeSteadily(rig, meanwhile, answered.signal),
  );
  const hanging = await figures;
  checks.equal('commands acknowledged while Azure hangs', hanging.acknowledged, hanging.commands);
  checks.equal('askers told how it ended, while Azure hangs', hanging.answered + hanging.refused, hanging.commands);
  const recovering = await figuresOf(rig, more, later);
  checks.equal('commands acknowledged while Azure recovers', recovering.acknowledged, recovering.commands);
  checks.equal(
    'askers told how it ended, while Azure recovers',
    recovering.answered + recovering.refused,
    recovering.commands,
  );
  return { hanging, recovering, answersElsewhere: answersElsewhere(rig.slack) };
}

/** A request that Azure never answers is given up after 20 s. */
const RECOVERS_WITHIN_SECONDS = 30;
/** Longer than a bot is speechless between the last notice and the first answer. */
const SILENCE_MS = 20_000;

/** Waits until everybody was answered, or nobody is any more. */
async function figuresOf({ slack }: Rig, typed: readonly Typed[], cost: Cost): Promise<AckFigures> {
  const ids = typed.map(({ id }) => id);
  const { answers, notices, others } = await told(slack, ids, SILENCE_MS);
  const ackMs = typed.flatMap((each) => each.ackMs ?? []).sort((a, b) => a - b);
  return {
    commands: typed.length,
    acknowledged: ackMs.length,
    rate: typed.length / cost.seconds,
    p50Ms: percentile(ackMs, 50),
    p99Ms: percentile(ackMs, 99),
    mostMs: percentile(ackMs, 100),
    noticed: notices.size,
    answered: answers.size,
    refused: others.size,
    cost,
  };
}

/** Types commands at a steady rate whether or not earlier ones are acknowledged, as people do. */
async function typeSteadily({ slack }: Rig, { rate, seconds }: Load, until?: AbortSignal): Promise<readonly Typed[]> {
  const startedAt = performance.now();
  const typed: Promise<Typed>[] = [];
  for (let index = 0; index < rate * seconds && !until?.aborted; index++) {
    const waitMs = startedAt + (index * 1000) / rate - performance.now();
    if (waitMs > 0) await delay(waitMs);
    typed.push(typeStatus(slack, TEAMS[index % TEAMS.length] as TeamName));
  }
  return Promise.all(typed);
}
