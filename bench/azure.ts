import type { Fault } from '../sandbox/azure/faults.ts';
import type { RecordedRequest } from '../sandbox/azure/server.ts';
import { startChild } from './child.ts';

/** What the local Azure's process says when it is ready. */
export interface AzureSaid {
  readonly url: string;
  /** The golden.yml that fits its estate. */
  readonly config: string;
  readonly virtualMachines: number;
  /** Of uniform scale sets. */
  readonly instances: number;
}

/** A local Azure in a process of its own, so that its work is not measured as the bot's. */
export interface RemoteAzure extends AzureSaid {
  readonly pid: number;
  /** Every request since the start, as Azure saw it. */
  requests(): Promise<readonly RecordedRequest[]>;
  /** How many requests `work` led to, and what it came to. */
  counting<T>(work: () => Promise<T>): Promise<{ readonly requests: number; readonly result: T }>;
  plant(fault: Fault): Promise<void>;
  clearFaults(): Promise<void>;
  stop(): Promise<void>;
}

const GENERATED_WITHIN_MS = 60_000;

/** Starts a local Azure over a generated estate, of three teams unless told otherwise. */
export async function startRemoteAzure(vms: number, subscriptions: number, teams?: number): Promise<RemoteAzure> {
  const numbers = [vms, subscriptions, ...(teams === undefined ? [] : [teams])];
  const child = await startChild<AzureSaid>('./azure-main.ts', numbers.map(String), {
    patienceMs: GENERATED_WITHIN_MS,
  });
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${child.said.url}/__sandbox${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`the local Azure refused ${method} ${path}: HTTP ${response.status}`);
    return response.json();
  };
  const requests = async () => (await control('GET', '/requests')) as readonly RecordedRequest[];
  return {
    ...child.said,
    pid: child.pid,
    requests,
    async counting(work) {
      const before = (await requests()).length;
      const result = await work();
      return { requests: (await requests()).length - before, result };
    },
    plant: async (fault) => void (await control('POST', '/faults', fault)),
    clearFaults: async () => void (await control('DELETE', '/faults')),
    stop: () => child.stop(),
  };
}
