import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { Estate } from '../../../sandbox/azure/estate.ts';
import { generateEstate } from '../../../sandbox/azure/generate.ts';
import type { QueryLimits } from '../../../sandbox/azure/kql/context.ts';
import { prepareQuery, runQuery } from '../../../sandbox/azure/kql/query.ts';
import { type AzureOptions, type LocalAzure, startAzure } from '../../../sandbox/azure/server.ts';

/** The instant that the estates and queries of these tests take for now. */
export const NOW = new Date('2026-11-21T12:00:00Z');

export const SUBSCRIPTION = '5ab5c000-0000-4000-8000-000000000001';

/** The usual estate of some sixty machines. */
export const estate = (vms = 60, subscriptions = 4) => generateEstate({ seed: 1, vms, subscriptions, now: NOW });

/** An estate of a subscription and the given machines, for tests that want to see all of it. */
export function estateOf(...machines: { name: string; [member: string]: unknown }[]): Estate {
  const small = new Estate('7e57a2e0-0000-4000-8000-000000000001');
  small.add({
    id: `/subscriptions/${SUBSCRIPTION}`,
    name: 'only',
    type: 'Microsoft.Resources/subscriptions',
    properties: {},
  });
  for (const machine of machines) {
    const id = `/subscriptions/${SUBSCRIPTION}/resourceGroups/RG-Web/providers/Microsoft.Compute/virtualMachines/${machine.name}`;
    small.add({ id, type: 'Microsoft.Compute/virtualMachines', location: 'westeurope', ...machine });
  }
  return small;
}

const ALL = { subscriptions: new Set([SUBSCRIPTION]), tenantScope: true, hiddenPrefixes: [] };

/** Runs a query over an estate without a server between; rows come back as objects. */
export async function answer(
  text: string,
  over = estateOf({ name: 'vm' }),
  limits?: QueryLimits,
): Promise<Record<string, unknown>[]> {
  const prepared = prepareQuery(text, over.tables, limits);
  const tables = {
    names: over.tables,
    extents: (table: string, types: ReadonlySet<string> | undefined) => over.extents(table, types, ALL),
  };
  const { columns, rows } = await runQuery(prepared, { tables, now: NOW.getTime() });
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column.name, row[index]])));
}

/** The value of one scalar expression. */
export async function evaluated(expression: string, over?: Estate): Promise<unknown> {
  const [row] = await answer(`resources | take 1 | project value = ${expression}`, over);
  return row?.value;
}

/** Runs `use` against a local Azure that is closed afterwards, whatever happens. */
export async function withAzure(options: AzureOptions, use: (azure: LocalAzure) => Promise<void>): Promise<void> {
  const azure = await startAzure({ estate: estate(), now: () => NOW.getTime(), ...options });
  try {
    await use(azure);
  } finally {
    await azure.close();
  }
}

/** The real SDK client, which would refuse to send its token over plain HTTP: a policy of ours does instead. */
export function graphClient(
  azure: LocalAzure,
  token: string | undefined = 'sandbox',
  retries = 0,
): ResourceGraphClient {
  const credential = {
    getToken: () => Promise.resolve({ token: 'unused', expiresOnTimestamp: NOW.getTime() + 3_600_000 }),
  };
  const client = new ResourceGraphClient(credential, {
    endpoint: azure.url,
    allowInsecureConnection: true,
    retryOptions: { maxRetries: retries, retryDelayInMs: 1 },
  });
  client.pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' });
  client.pipeline.addPolicy({
    name: 'sandboxToken',
    sendRequest: (request, next) => {
      if (token !== '') request.headers.set('authorization', `Bearer ${token}`);
      return next(request);
    },
  });
  return client;
}

/** A GET against ARM: status and body. */
export async function get(
  azure: LocalAzure,
  path: string,
  token = 'sandbox',
): Promise<{ status: number; body: Record<string, unknown> }> {
  const separator = path.includes('?') ? '&' : '?';
  const response = await fetch(`${azure.url}${path}${separator}api-version=2026-04-01`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
