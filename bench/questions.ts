import { askStatus } from './asking.ts';
import type { Checks } from './checks.ts';
import type { Rig } from './rig.ts';
import { type Cost, costOf, usageOf } from './usage.ts';

/** What a number of equal questions came to. */
export interface Asked {
  readonly commands: number;
  /** Commands that were answered in full. */
  readonly answered: number;
  /** Different texts among the answers. */
  readonly answers: number;
  /** Requests to Resource Graph, as the local Azure counted them. */
  readonly requests: number;
  /** Beyond the bot's idling. */
  readonly cost: Cost;
}

/** What questions cost over one fleet. */
export interface QuestionFigures {
  readonly virtualMachines: number;
  readonly instances: number;
  readonly subscriptions: number;
  readonly idleMb: number | undefined;
  /** Nothing known: the first question of a bot that has just started. */
  readonly cold: Asked;
  /** The same team again. */
  readonly reused: Asked;
  /** Another team: the catalogue is known, the team is not. */
  readonly warm: Asked;
  /** A third team, asked for many times at once. */
  readonly burst: Asked;
  /** CPU seconds of the local Azure's process meanwhile. */
  readonly simulatorCpuSeconds: number | undefined;
}

/** The contract: requests of an answer with nothing known. */
const COLD_AT_MOST = 3;

/** Asks a bot that was never asked before, for one team after the other. */
export async function measureQuestions(
  rig: Rig,
  options: { readonly subscriptions: number; readonly burst: number },
  checks: Checks,
): Promise<QuestionFigures> {
  const before = usageOf(rig.azure.pid);
  const cold = await ask(rig, 'payments', 1);
  const reused = await ask(rig, 'payments', 1);
  const warm = await ask(rig, 'checkout', 1);
  const burst = await ask(rig, 'data-platform', options.burst);
  const after = usageOf(rig.azure.pid);
  const { virtualMachines, instances } = rig.azure;

  const where = `over ${(virtualMachines + instances).toLocaleString('en')} machines`;
  checks.atMost(`requests of the first answer ${where}`, cold.requests, COLD_AT_MOST);
  checks.equal(`requests of an answer given again ${where}`, reused.requests, 0);
  checks.equal(`requests with a known catalogue ${where}`, warm.requests, cold.requests - 1);
  checkBurst(burst, warm.requests, where, checks);
  for (const [name, asked] of Object.entries({ cold, reused, warm }))
    checks.equal(`answers (${name}) ${where}`, asked.answered, asked.commands);
  return {
    virtualMachines,
    instances,
    subscriptions: options.subscriptions,
    idleMb: rig.idle?.residentMb,
    cold,
    reused,
    warm,
    burst,
    simulatorCpuSeconds: before && after && after.cpuSeconds - before.cpuSeconds,
  };
}

/** Replicas share answers through Redis: many commands, dealt out to several bots, cost what one command costs. */
export async function measureSharedBurst(rig: Rig, commands: number, checks: Checks): Promise<Asked> {
  const warm = await ask(rig, 'checkout', 1).then(() => ask(rig, 'payments', 1));
  const burst = await ask(rig, 'data-platform', commands);
  checkBurst(burst, warm.requests, `from ${rig.replicas.length} bots`, checks);
  return burst;
}

function checkBurst(burst: Asked, requests: number, where: string, checks: Checks): void {
  checks.equal(`requests of ${burst.commands} commands at once ${where}`, burst.requests, requests);
  checks.equal(`answers to ${burst.commands} commands at once ${where}`, burst.answered, burst.commands);
}

async function ask(rig: Rig, team: Parameters<typeof askStatus>[1], commands: number): Promise<Asked> {
  const { requests, result } = await rig.azure.counting(() =>
    costOf(rig.pid, rig.idle, () => askStatus(rig.slack, team, commands)),
  );
  return {
    commands,
    answered: result.result.length,
    answers: new Set(result.result).size,
    requests,
    cost: result.cost,
  };
}
