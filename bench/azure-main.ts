import { visibility } from '../sandbox/azure/access.ts';
import type { Estate } from '../sandbox/azure/estate.ts';
import { generateEstate, sandboxConfig } from '../sandbox/azure/generate.ts';
import { startAzure } from '../sandbox/azure/server.ts';
import type { AzureSaid } from './azure.ts';

/** The local Azure as a process: `azure-main.ts <machines> <subscriptions> [teams]`. */

const [vms, subscriptions, teams] = process.argv.slice(2).map(Number);
if (vms === undefined || subscriptions === undefined) throw new Error('how many machines, in how many subscriptions?');

process.once('disconnect', () => process.exit());
const estate = generateEstate({
  seed: 1,
  vms,
  subscriptions,
  now: new Date(),
  ...(teams === undefined ? {} : { teams }),
});
const azure = await startAzure({ estate });
process.send?.({
  url: azure.url,
  config: sandboxConfig(estate, teams),
  virtualMachines: rowsOf(estate, 'resources', 'microsoft.compute/virtualmachines'),
  instances: rowsOf(estate, 'computeresources', 'microsoft.compute/virtualmachinescalesets/virtualmachines'),
} satisfies AzureSaid);

/** Counted row by row, by no query: what the benchmark holds answers against. */
function rowsOf(counted: Estate, table: string, type: string): number {
  let rows = 0;
  for (const extent of counted.extents(table, new Set([type]), visibility(counted, {}))) {
    for (let index = extent.from; index < extent.to; index++) if (!extent.isHidden?.(index)) rows++;
  }
  return rows;
}
