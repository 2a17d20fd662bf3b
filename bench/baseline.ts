import type { State } from '../src/core/classification.ts';
import type { Checks } from './checks.ts';
import { startChild } from './child.ts';
import type { Rig } from './rig.ts';

/** What the list-everything program says of itself. */
export interface BaselineSaid {
  readonly subscriptions: number;
  readonly listed: number;
  readonly pages: number;
  readonly counts: Readonly<Partial<Record<State, number>>>;
  readonly seconds: number;
  /** What the program holds before it begins; time and peak are beyond that. */
  readonly idleMb: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

/** What listing everything came to, with the requests as Azure counted them. */
export interface BaselineFigures extends BaselineSaid {
  readonly requests: number;
}

/** A million machines take some two minutes on two cores. */
const PATIENCE_MS = 15 * 60_000;
/** Requests beside the pages: the catalogue and the list of subscriptions. */
const OTHER_REQUESTS = 2;

/** Lists every VM of the rig's estate and classifies each, in a process of its own. */
export async function measureBaseline(rig: Rig, checks: Checks): Promise<BaselineFigures> {
  const { requests, result } = await rig.azure.counting(async () => {
    const child = await startChild<BaselineSaid>('./baseline-main.ts', [], { env: rig.env, patienceMs: PATIENCE_MS });
    await child.stop();
    return child.said;
  });
  checks.equal('virtual machines that the baseline listed', result.listed, rig.azure.virtualMachines);
  checks.equal('requests of the baseline', requests, result.pages + OTHER_REQUESTS);
  return { ...result, requests };
}
