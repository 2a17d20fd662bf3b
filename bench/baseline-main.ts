import { ComputeManagementClient, type VirtualMachine } from '@azure/arm-compute';
import { clientOptions } from '../src/azure/credential.ts';
import { openAzure } from '../src/azure/index.ts';
import { localQuota } from '../src/azure/limiter.ts';
import { loadConfig } from '../src/config.ts';
import { classify, type State } from '../src/core/classification.ts';
import { parseImageReference } from '../src/core/image-reference.ts';
import type { PlatformOwner, Subject } from '../src/core/machine.ts';
import { normalizeRegion } from '../src/core/region.ts';
import type { BaselineSaid } from './baseline.ts';
import { listSubscriptions, withLoopbackToken } from './listing.ts';

/**
 * What most tools do: list every VM of every subscription and look at each. It keeps counts alone, which is the least such
 * a program can hold; one that answers questions about single machines would have to keep those as well.
 */

/** Subscriptions listed at the same time. */
const AT_ONCE = 8;

process.once('disconnect', () => process.exit());
const config = loadConfig({ env: process.env, needs: { slack: 'unused', redis: 'unused' } });
const startedAt = performance.now();
const cpuBefore = process.cpuUsage();
const idleMb = process.memoryUsage.rss() / 1024 ** 2;

const at = new Date();
const { galleries } = openAzure(config.azure, {
  policy: config.policy,
  teams: config.teams,
  answers: { share: async (_key, ask) => ({ value: await ask(), reused: false }) },
  quota: localQuota(Date.now),
  clock: { now: () => at },
  log: { request: () => {}, quota: () => {} },
});
const { catalogue } = await galleries.read();

const client = clientOptions(config.azure);
const open = await listSubscriptions(config.azure);
const subscriptions = open.length;
const counts: Partial<Record<State, number>> = {};
let listed = 0;
let pages = 0;
await Promise.all(Array.from({ length: AT_ONCE }, listOn));

const cpu = process.cpuUsage(cpuBefore);
process.send?.({
  subscriptions,
  listed,
  pages,
  counts,
  seconds: (performance.now() - startedAt) / 1000,
  idleMb,
  cpuSeconds: (cpu.user + cpu.system) / 1e6,
  // maxRSS is in kilobytes on every system; the peak of the start is below that of the work.
  peakMb: process.resourceUsage().maxRSS / 1024 - idleMb,
} satisfies BaselineSaid);

/** Lists one subscription after the other until none is left. */
async function listOn(): Promise<void> {
  for (let subscription = open.pop(); subscription !== undefined; subscription = open.pop()) {
    const compute = withLoopbackToken(
      new ComputeManagementClient(client.credential, subscription, client.options as object),
    );
    for await (const page of compute.virtualMachines.listAll().byPage()) {
      pages++;
      for (const machine of page) {
        const { state } = classify(subjectOf(machine), catalogue, config.policy, at);
        counts[state] = (counts[state] ?? 0) + 1;
        listed++;
      }
    }
  }
}

function subjectOf(machine: VirtualMachine): Subject {
  return {
    image: parseImageReference(machine.storageProfile?.imageReference),
    region: normalizeRegion(machine.location),
    platform: ownerOf(machine),
  };
}

/** As far as the machine alone tells; the resource group, which tells the rest, would take another list. */
function ownerOf({ managedBy }: VirtualMachine): PlatformOwner | undefined {
  if (!managedBy) return undefined;
  return /\/microsoft\.databricks\//i.test(managedBy) ? 'databricks' : 'managedBy';
}
