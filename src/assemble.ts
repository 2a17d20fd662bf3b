import { createHash, randomUUID } from 'node:crypto';
import { openAzure } from './azure/index.ts';
import { localQuota, QUOTA } from './azure/limiter.ts';
import type { Services } from './command.ts';
import { Compliance } from './compliance/compliance.ts';
import type { Config } from './config.ts';
import { UserError } from './core/errors.ts';
import { Digests } from './digest/digests.ts';
import { Memory } from './digest/memory.ts';
import { type SayingTimes, SayOnce } from './digest/say-once.ts';
import { type ProblemView, tellProblem } from './digest/tell.ts';
import { Trends } from './digest/trends.ts';
import { PLATFORM, Weekly, type WeeklyParts } from './digest/weekly.ts';
import { Estate } from './estate/estate.ts';
import type { Answers, Chat, Clock, Galleries, Pace, People } from './ports.ts';
import { digestMessages } from './slack/views/digest.ts';
import { undeliveredNotice, unsureNotice } from './slack/views/digest-notices.ts';
import { platformDigestMessages } from './slack/views/platform-digest.ts';
import { openStore, type Store } from './store/index.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

/** The parts that bot, worker and command line have in common, wired. */
export interface Assembly {
  readonly services: Services;
  readonly galleries: Galleries;
  readonly estate: Estate;
  readonly memory: Memory;
  readonly digests: Digests;
  readonly store: Store;
}

/** How long a delivery waits for whoever may be at it; tests do not wait so long. */
export interface DeliveryTimes {
  readonly leaseMs: number;
  readonly saying: SayingTimes;
}

/** Slack, for whoever talks there by itself. */
export interface Talk {
  readonly chat: Chat;
  readonly people: People;
}

/**
 * Builds the adapters and what stands on them.
 *
 * @param options.talk Opens Slack at a pace that all replicas keep together; without it nothing can be said there.
 * @param options.privateAnswers Only the quota is shared with the installation, as it belongs to whoever asks.
 * @param options.redisWaitMs How long to wait for a Redis that is configured before going on without it.
 */
export async function assemble(
  config: Config,
  { log, metrics }: Telemetry,
  options: {
    readonly talk?: (pace: Pace) => Talk;
    readonly redisWaitMs?: number;
    readonly privateAnswers?: boolean;
    readonly times?: DeliveryTimes;
  } = {},
): Promise<Assembly> {
  const clock: Clock = { now: () => new Date() };
  const { policy, teams, platform } = config;
  const store = await openStore({
    url: config.redisUrl,
    scope: fingerprint(config),
    log,
    ...(options.redisWaitMs === undefined ? {} : { waitMs: options.redisWaitMs }),
    ...(options.privateAnswers === undefined ? {} : { privateAnswers: options.privateAnswers }),
  });
  const { history, ledger, notes, mutes, follows, posts } = store;
  const answers = counted(store.answers, (reused) => metrics.answered(reused));
  const { inventory, census, galleries } = openAzure(config.azure, {
    policy,
    teams,
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
  const compliance = new Compliance({ inventory, galleries, answers, clock, policy, teams });
  const estate = new Estate({ census, galleries, snapshots: store.snapshots, answers, clock, policy, teams });
  const memory = new Memory({ estate, history, mutes, clock, teams, platform });
  const { chat, people } = options.talk?.(store.pace) ?? silent;
  const { times } = options;
  const once = new SayOnce({ chat, posts, clock, draw: randomUUID, ...(times && { times: times.saying }) });
  const tell: WeeklyParts['tell'] = (recipient, week, problem) =>
    tellProblem(
      {
        once,
        people,
        platform,
        teams,
        view: problemView,
        onUntold: (details) => log.error(details, 'Nobody could be told that a digest is not where it belongs'),
      },
      recipient,
      week,
      problem,
    );
  const lease = times && { leaseMs: times.leaseMs };
  const weekly = new Weekly({ ledger, notes, mutes, once, clock, draw: randomUUID, tell, ...lease });
  const digests = new Digests({
    weekly,
    once,
    memory,
    ledger,
    mutes,
    clock,
    teams,
    platform,
    views: {
      team: (digest, how, lateSince) =>
        digestMessages(digest, how === 'weekly' ? { mention: true, lateSince } : { mention: false, preview: 'now' }),
      platform: platformDigestMessages,
    },
  });
  const trends = new Trends({ memory, estate, clock });
  const portal = config.azure.portal;
  const services = { compliance, digests, trends, people, mutes, follows, teams, portal, clock };
  return { services, galleries, estate, memory, digests, store };
}

function problemView(
  { recipient, week, channel }: Parameters<ProblemView>[0],
  problem: Parameters<ProblemView>[1],
): ReturnType<ProblemView> {
  const place = { team: recipient === PLATFORM ? undefined : recipient, week, channel };
  return problem.kind === 'unsure' ? unsureNotice(place) : undeliveredNotice({ ...place, ...problem });
}

/** For a process without Slack: whatever needs it says so. */
const silent: Talk = {
  chat: { say: inSlackOnly, find: inSlackOnly },
  people: { approvers: inSlackOnly, isApprover: inSlackOnly, timeZone: inSlackOnly },
};

function inSlackOnly(): Promise<never> {
  return Promise.reject(new UserError('This needs Slack.', 'Ask there: "/golden help".'));
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
