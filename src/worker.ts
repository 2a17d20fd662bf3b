import { jobs } from '../jobs/index.ts';
import { assemble, type DeliveryTimes } from './assemble.ts';
import type { RunningPart } from './cli/serve.ts';
import type { Config } from './config.ts';
import { type StallTimes, startJobs } from './queue.ts';
import { openChat, openPeople } from './slack/index.ts';
import { DEFAULT_PREFIX } from './store/keys.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

/**
 * Starts the worker: every job of jobs/index.ts, on its schedule.
 *
 * @param times How soon the work of a killed worker is taken over; the defaults are right for Slack.
 * @throws TypeError without the addresses of Redis and Slack
 */
export async function startWorker(
  config: Config,
  telemetry: Telemetry,
  times?: DeliveryTimes & { readonly stall: StallTimes },
): Promise<RunningPart> {
  const { redisUrl, posting } = config;
  if (redisUrl === undefined) throw new TypeError('The worker needs REDIS_URL; loadConfig asks for it.');
  if (posting === undefined) throw new TypeError('The worker needs SLACK_BOT_TOKEN; loadConfig asks for it.');
  const { log, metrics } = telemetry;
  const { galleries, digests, store } = await assemble(config, telemetry, {
    ...(times && { times }),
    talk: (pace) => ({
      chat: openChat(posting, { pace, logger: log }),
      people: openPeople(posting, { pace, logger: log }),
    }),
  });
  const running = await startJobs({
    redisUrl,
    prefix: DEFAULT_PREFIX,
    jobs,
    services: { galleries, digests },
    scheduled: { digests },
    // What was missed while nothing ran is not left until the next sweep.
    atStart: ['sweep-digests'],
    log,
    ...(times && { stallTimes: times.stall }),
    onDone: (name, outcome) => metrics.jobEnded(name, outcome),
  });
  return {
    dependencies: [
      { name: 'redis', ready: () => store.ready() },
      { name: 'jobs', ready: () => running.ready() },
    ],
    async close(graceMs) {
      await running.close(graceMs);
      await store.close();
    },
  };
}
