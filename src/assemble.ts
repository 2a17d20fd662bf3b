import { createHash } from 'node:crypto';
import { openAzure } from './azure/index.ts';
import { localQuota, QUOTA } from './azure/limiter.ts';
import type { Services } from './command.ts';
import { Compliance } from './compliance/compliance.ts';
import type { Config } from './config.ts';
import type { Answers, Clock, Galleries } from './ports.ts';
import { openStore, type Store } from './store/index.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

/** The parts that bot, worker and command line have in common, wired. */
export interface Assembly {
  readonly services: Services;
  readonly galleries: Galleries;
  readonly store: Store;
}

/**
 * Builds the adapters and what stands on them.
 *
 * @param options.privateAnswers Only the quota is shared with the installation, as it belongs to whoever asks.
 * @param options.redisWaitMs How long to wait for a Redis that is configured before going on without it.
 */
export async function assemble(
  config: Config,
  { log, metrics }: Telemetry,
  options: { readonly redisWaitMs?: number; readonly privateAnswers?: boolean } = {},
): Promise<Assembly> {
  const clock: Clock = { now: () => new Date() };
  const store = await openStore({
    url: config.redisUrl,
    scope: fingerprint(config),
    log,
    ...(options.redisWaitMs === undefined ? {} : { waitMs: options.redisWaitMs }),
    ...(options.privateAnswers === undefined ? {} : { privateAnswers: options.privateAnswers }),
  });
  const answers = counted(store.answers, (reused) => metrics.answered(reused));
  const { inventory, galleries } = openAzure(config.azure, {
    policy: config.policy,
    teams: config.teams,
    answers,
    quota: store.quota(QUOTA, localQuota(Date.now)),
    clock,
    log: {
      request: (request) => {
        metrics.resourceGraphAsked(request);
        const { requestId: azureRequestId, ...rest } = request;
        log[request.ok ? 'debug' : 'warn']({ ...rest, azureRequestId }, 'Resource Graph asked');
      },
      quota: (remaining) => metrics.resourceGraphQuota(remaining),
    },
  });
  const compliance = new Compliance({
    inventory,
    galleries,
    answers,
    clock,
    policy: config.policy,
    teams: config.teams,
  });
  return { services: { compliance, teams: config.teams, portal: config.azure.portal, clock }, galleries, store };
}

/** Names what answers depend on: replicas with another golden.yml (a rolling update) must not share answers with these. */
function fingerprint({ azure, policy, teams }: Config): string {
  const { accessToken: _, ...reached } = azure;
  return createHash('sha256')
    .update(JSON.stringify({ azure: reached, policy, teams }))
    .digest('hex')
    .slice(0, 16);
}

function counted(answers: Answers, onAnswer: (reused: boolean) => void): Answers {
  return {
    async share(key, ask, options) {
      const answer = await answers.share(key, ask, options);
      onAnswer(answer.reused);
      return answer;
    },
  };
}
