import type { AzureSettings } from '../config.ts';
import { galleryEntries, type ImagePolicy } from '../core/policy.ts';
import type { Team } from '../core/team.ts';
import type { Answers, Census, Clock, Galleries, Inventory } from '../ports.ts';
import { ResourceGraphCensus } from './census.ts';
import { clientOptions } from './credential.ts';
import { ResourceGraphGalleries } from './galleries.ts';
import { ResourceGraphInventory } from './inventory.ts';
import type { Quota } from './limiter.ts';
import { MachineParts } from './machine-parts.ts';
import { type RequestLog, ResourceGraph } from './resource-graph.ts';

/** A single request to Azure is given up after this time, in milliseconds. */
const REQUEST_TIMEOUT_MS = 20_000;

/** What reading Azure takes beside its settings. */
export interface AzureParts {
  readonly policy: ImagePolicy;
  readonly teams: readonly Team[];
  readonly answers: Answers;
  readonly quota: Quota;
  readonly clock: Clock;
  readonly log: RequestLog;
  readonly timeoutMs?: number;
}

/** Connects the ports to Azure. Makes no request. */
export function openAzure(
  settings: AzureSettings,
  parts: AzureParts,
): { readonly inventory: Inventory; readonly census: Census; readonly galleries: Galleries } {
  const graph = new ResourceGraph(clientOptions(settings), {
    quota: parts.quota,
    log: parts.log,
    timeoutMs: parts.timeoutMs ?? REQUEST_TIMEOUT_MS,
  });
  const machines = new MachineParts(settings.scope);
  const configured = settings.scope.kind === 'subscriptions' ? settings.scope.ids : [];
  const named = parts.teams.flatMap((team) => team.match.subscriptions);
  return {
    inventory: new ResourceGraphInventory(graph, machines),
    census: new ResourceGraphCensus(graph, machines, parts.teams),
    galleries: new ResourceGraphGalleries({
      graph,
      answers: parts.answers,
      clock: parts.clock,
      galleries: [...new Set(galleryEntries(parts.policy).map((entry) => entry.gallery))],
      subscriptions: [...new Set([...configured, ...named].map((id) => id.toLowerCase()))],
    }),
  };
}
