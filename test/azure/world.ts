import type { ArmBody } from '../../sandbox/azure/arm.ts';
import { Estate } from '../../sandbox/azure/estate.ts';
import { type AzureOptions, type LocalAzure, startAzure } from '../../sandbox/azure/server.ts';
import { clientOptions } from '../../src/azure/credential.ts';
import { openAzure } from '../../src/azure/index.ts';
import { localQuota, QUOTA, type Quota } from '../../src/azure/limiter.ts';
import { ResourceGraph } from '../../src/azure/resource-graph.ts';
import { Compliance } from '../../src/compliance/compliance.ts';
import type { AzureScope, AzureSettings } from '../../src/config.ts';
import type { ImagePolicy } from '../../src/core/policy.ts';
import type { Team } from '../../src/core/team.ts';
import { Estate as Pass } from '../../src/estate/estate.ts';
import type { Answers, Census, Galleries } from '../../src/ports.ts';
import { SharedAnswers } from '../../src/store/answers.ts';
import { keysOf } from '../../src/store/keys.ts';
import { LocalSnapshots } from '../../src/store/snapshots.ts';
import { daysAgo, GALLERY, NOW, policyOf, SUBSCRIPTION, teamOf } from '../core/build.ts';
import { type Alter, startAltered } from './altered.ts';

/** An estate, a local Azure that serves it, and compliance read from there by the real SDK. */
export interface World {
  readonly azure: LocalAzure;
  readonly compliance: Compliance;
  readonly census: Census;
  readonly galleries: Galleries;
  /** All teams in one pass. */
  readonly estate: Pass;
  /** KQL of the requests so far. */
  queries(): readonly string[];
  close(): Promise<void>;
}

export const OTHER_SUBSCRIPTION = '22222222-2222-4222-8222-222222222222';

/** Starts a world of these resources. Time stands at NOW; the quota is off unless asked for. */
export async function openWorld(
  resources: readonly ArmBody[] | Estate,
  options: {
    readonly azure?: AzureOptions;
    readonly scope?: AzureScope;
    readonly policy?: ImagePolicy;
    readonly teams?: readonly Team[];
    readonly timeoutMs?: number;
    readonly answers?: Answers;
    /** Ours; absent: that of one process. */
    readonly quota?: Quota;
    /** Changes what Resource Graph answers on its way to us. */
    readonly alter?: Alter;
  } = {},
): Promise<World> {
  const estate = resources instanceof Estate ? resources : new Estate('tenant');
  if (!(resources instanceof Estate)) for (const resource of resources) estate.add(resource);
  const azure = await startAzure({ estate, quota: false, ...options.azure });
  const altered = options.alter ? await startAltered(azure.url, options.alter) : undefined;
  const clock = { now: () => NOW };
  const policy = options.policy ?? policyOf();
  const teams = options.teams ?? [teamOf()];
  const answers = options.answers ?? new SharedAnswers(undefined, keysOf('{x}'), 'test', () => NOW.getTime());
  const { inventory, census, galleries } = openAzure(settingsOf(altered?.url ?? azure.url, options.scope), {
    policy,
    teams,
    answers,
    clock,
    quota: options.quota ?? localQuota(Date.now),
    log: { request: () => {}, quota: () => {} },
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
  });
  return {
    azure,
    compliance: new Compliance({ inventory, galleries, answers, clock, policy, teams }),
    census,
    galleries,
    estate: new Pass({ census, galleries, snapshots: new LocalSnapshots(), answers, clock, policy, teams }),
    queries: () => azure.requests.flatMap(({ query }) => query ?? []),
    close: async () => {
      await altered?.close();
      await azure.close();
    },
  };
}

/** Resource Graph of a local Azure alone, without what is made of its rows. */
export function openGraph(url: string): ResourceGraph {
  const log = { request: () => {}, quota: () => {} };
  return new ResourceGraph(clientOptions(settingsOf(url)), { quota: localQuota(Date.now), log, timeoutMs: 20_000 });
}

function settingsOf(url: string, scope: AzureScope = { kind: 'everything' }): AzureSettings {
  return {
    cloud: 'public',
    endpoint: url,
    tokenScope: 'https://management.azure.com/.default',
    authorityHost: 'https://login.microsoftonline.com',
    portal: 'https://portal.azure.com',
    accessToken: 'sandbox',
    scope,
  };
}

/** A quota that lets everything through, for tests that ask much. */
export const unlimited: Quota = { take: () => Promise.resolve(0), note: () => Promise.resolve() };

/** The limit of requests that a world's quota lets through at once. */
export const BURST = QUOTA.requests;

/** A subscription as ARM shows it. */
export function subscription(id: string = SUBSCRIPTION, tags: object | null = null): ArmBody {
  return { id: `/subscriptions/${id}`, name: id, type: 'Microsoft.Resources/subscriptions', subscriptionId: id, tags };
}

export function resourceGroup(name = 'rg-x', part: object = {}, of: string = SUBSCRIPTION): ArmBody {
  return {
    id: `/subscriptions/${of}/resourceGroups/${name}`,
    name,
    type: 'Microsoft.Resources/subscriptions/resourceGroups',
    tags: null,
    ...part,
  };
}

/** A VM of team-x; `image` is its image reference, absent for an attached disk. */
export function vm(
  name: string,
  image: object | undefined,
  part: { readonly [member: string]: unknown } = {},
): ArmBody {
  const { properties, group = 'rg-x', of = SUBSCRIPTION, ...rest } = part;
  return {
    id: `/subscriptions/${String(of)}/resourceGroups/${String(group)}/providers/Microsoft.Compute/virtualMachines/${name}`,
    name,
    type: 'Microsoft.Compute/virtualMachines',
    location: 'westeurope',
    tags: { team: 'team-x' },
    properties: {
      hardwareProfile: { vmSize: 'Standard_D2s_v5' },
      storageProfile: { osDisk: { osType: 'Linux' }, ...(image ? { imageReference: image } : {}) },
      instanceView: { statuses: [{ code: 'PowerState/running' }] },
      ...(properties as object),
    },
    ...rest,
  };
}

export function gallery(id: string = GALLERY): ArmBody {
  return {
    id,
    name: 'corp',
    type: 'Microsoft.Compute/galleries',
    location: 'westeurope',
    properties: { identifier: { uniqueName: `${SUBSCRIPTION}-CORP` } },
  };
}

/** An image definition and its versions, each so many days old, replicated to West Europe. */
export function definition(name: string, versions: Readonly<Record<string, number>>, of: string = GALLERY): ArmBody[] {
  const id = `${of}/images/${name}`;
  return [
    {
      id,
      name,
      type: 'Microsoft.Compute/galleries/images',
      location: 'westeurope',
      properties: { osType: 'Linux', osState: 'Generalized', hyperVGeneration: 'V2', architecture: 'x64' },
    },
    ...Object.entries(versions).map(([version, daysOld]) => ({
      id: `${id}/versions/${version}`,
      name: version,
      type: 'Microsoft.Compute/galleries/images/versions',
      location: 'westeurope',
      properties: {
        provisioningState: 'Succeeded',
        publishingProfile: {
          publishedDate: daysAgo(daysOld),
          excludeFromLatest: false,
          targetRegions: [{ name: 'West Europe', regionalReplicaCount: 1 }],
        },
      },
    })),
  ];
}

/** The usual estate: a gallery with ubuntu-22 1.0.0 (90 days), 1.1.0 (30 days). */
export function usual(): ArmBody[] {
  return [subscription(), resourceGroup(), gallery(), ...definition('ubuntu-22', { '1.0.0': 90, '1.1.0': 30 })];
}

/** A reference to a version of ubuntu-22. */
export function ubuntu(version: string): object {
  return { id: `${GALLERY}/images/ubuntu-22/versions/${version}`, exactVersion: version };
}

export const MARKETPLACE = {
  publisher: 'canonical',
  offer: 'jammy',
  sku: '22_04',
  version: 'latest',
  exactVersion: '22.04.1',
};
