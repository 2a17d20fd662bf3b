import { catalogueQuery } from '../azure/catalogue-query.ts';
import { clientOptions } from '../azure/credential.ts';
import { NothingReadable } from '../azure/failures.ts';
import { openAzure } from '../azure/index.ts';
import { localQuota } from '../azure/limiter.ts';
import { type AskOptions, ResourceGraph } from '../azure/resource-graph.ts';
import { subscriptionScopes } from '../azure/scopes.ts';
import type { AzureScope, Config } from '../config.ts';
import { findGallery } from '../core/catalogue.ts';
import { galleryEntries } from '../core/policy.ts';
import { resourceName } from '../core/resource-id.ts';
import type { Answers } from '../ports.ts';
import { type Finding, PROBE_MS, type Probe } from './probe.ts';

const READER = 'Give the identity the Reader role there.';
const IDENTITY =
  'Give the process an identity: a managed identity, workload identity, AZURE_TENANT_ID + AZURE_CLIENT_ID + AZURE_CLIENT_SECRET, or `az login`; and look at AZURE_CLOUD.';

/** Nothing is shared: every look asks Azure itself, in the way in which the bot does. */
const alone: Answers = { share: async (_key, ask) => ({ value: await ask(), reused: false }) };
const silent = { request: () => {}, quota: () => {} };

/** Looks at Azure: the token, every configured scope, every approved gallery. */
export function azureProbes(config: Config): readonly Probe[] {
  const { azure, policy, teams } = config;
  const quota = localQuota(Date.now);
  const client = clientOptions(azure);
  const graph = new ResourceGraph(client, { quota, log: silent, timeoutMs: PROBE_MS });
  const { galleries } = openAzure(azure, {
    policy,
    teams,
    answers: alone,
    quota,
    clock: { now: () => new Date() },
    log: silent,
    timeoutMs: PROBE_MS,
  });

  const token: Probe = {
    name: 'Azure token',
    remedy: IDENTITY,
    async look(signal) {
      const answer = await client.credential.getToken(azure.tokenScope, { abortSignal: signal });
      if (!answer) throw new Error(`no token for ${azure.tokenScope}`);
      return [
        {
          name: 'Azure token',
          state: 'ok',
          detail: azure.accessToken === undefined ? azure.tokenScope : 'AZURE_ACCESS_TOKEN',
        },
      ];
    },
  };
  const galleryIds = [...new Set(galleryEntries(policy).map(({ gallery }) => gallery))];
  const approved: Probe = {
    name: 'Azure galleries',
    remedy: READER,
    async look(signal) {
      const { catalogue } = await galleries.read({ fresh: true, signal });
      return galleryIds.map((id): Finding => {
        const name = `Azure gallery ${resourceName(id)}`;
        const found = findGallery(catalogue, id);
        if (!found)
          return {
            name,
            state: 'missing',
            detail: `${id} cannot be seen`,
            remedy: `Correct the id in images.golden, or: ${READER}`,
          };
        const versions = found.definitions.reduce((sum, { versions: { length } }) => sum + length, 0);
        return { name, state: 'ok', detail: `${found.definitions.length} definitions, ${versions} versions` };
      });
    },
  };
  return [token, ...scopeProbes(graph, config), ...(galleryIds.length > 0 ? [approved] : [])];
}

function scopeProbes(graph: ResourceGraph, { azure: { scope }, teams }: Config): readonly Probe[] {
  const named = teams.flatMap(({ match }) => match.subscriptions);
  const configured = scope.kind === 'subscriptions' ? scope.ids : [];
  const subscriptions = [...new Set([...configured, ...named])];
  return [
    ...(scope.kind === 'everything' ? [wholeProbe(graph, 'Azure read access', scope, 'anywhere')] : []),
    ...(scope.kind === 'managementGroups'
      ? scope.ids.map((id) =>
          wholeProbe(graph, `Azure management group ${id}`, { kind: 'managementGroups', ids: [id] }, 'below it'),
        )
      : []),
    ...(subscriptions.length > 0 ? [subscriptionsProbe(graph, subscriptions)] : []),
  ];
}

/** Resource Graph leaves out in silence what the identity may not read, so that no subscription at all means no access. */
function wholeProbe(graph: ResourceGraph, name: string, scope: AzureScope, where: string): Probe {
  return {
    name,
    remedy: scope.kind === 'managementGroups' ? `Correct the id in azure.managementGroups, or: ${READER}` : READER,
    async look(signal) {
      const count = (await visible(graph, [], { scope, signal })).size;
      if (count === 0)
        return [{ name, state: 'missing', detail: `no subscription can be read ${where}`, remedy: READER }];
      return [{ name, state: 'ok', detail: `${count} subscription${count === 1 ? '' : 's'} can be read` }];
    },
  };
}

function subscriptionsProbe(graph: ResourceGraph, ids: readonly string[]): Probe {
  return {
    name: 'Azure subscriptions',
    remedy: READER,
    async look(signal) {
      const readable = new Map<string, string>();
      for (const scope of subscriptionScopes(ids)) {
        for (const [id, name] of await visible(graph, ids, { scope, signal })) readable.set(id, name);
      }
      return ids.map((id): Finding => {
        const name = `Azure subscription ${id}`;
        const called = readable.get(id.toLowerCase());
        return called === undefined
          ? { name, state: 'missing', detail: 'cannot be read', remedy: `Correct the id in golden.yml, or: ${READER}` }
          : { name, state: 'ok', detail: called };
      });
    },
  };
}

/** The subscriptions that can be seen within a scope, id to name. */
async function visible(
  graph: ResourceGraph,
  ids: readonly string[],
  options: AskOptions,
): Promise<ReadonlyMap<string, string>> {
  try {
    const { rows } = await graph.ask(catalogueQuery([], ids), options);
    return new Map(rows.map((row) => [String(row.subscriptionId).toLowerCase(), String(row.name)]));
  } catch (error) {
    // Where none of the subscriptions can be read, Azure refuses the query instead.
    if (error instanceof NothingReadable) return new Map();
    throw error;
  }
}
