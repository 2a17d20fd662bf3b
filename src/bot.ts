import { commands } from '../commands/index.ts';
import { assemble } from './assemble.ts';
import type { RunningPart } from './cli/serve.ts';
import type { Config } from './config.ts';
import { openChat, openPeople, type SlackPeople, startSlack } from './slack/index.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

/** Starts the bot: every command of commands/index.ts, in Slack. @throws TypeError without Slack's settings. */
export async function startBot(config: Config, telemetry: Telemetry): Promise<RunningPart> {
  const { slack } = config;
  if (slack === undefined) throw new TypeError("The bot needs Slack's settings; loadConfig asks for them.");
  const { log, metrics } = telemetry;
  const people: { of?: SlackPeople } = {};
  const { services, store } = await assemble(config, telemetry, {
    talk: (pace) => {
      people.of = openPeople(slack, { pace, logger: log });
      return { chat: openChat(slack, { pace, logger: log }), people: people.of };
    },
  });
  const connection = await startSlack(slack, {
    commands,
    services,
    once: store.once,
    logger: log,
    metrics: {
      onAck: (ms) => metrics.acknowledged(ms / 1000),
      onCommand: (name, outcome, ms) => metrics.commandAnswered(name, outcome, ms / 1000),
    },
  });
  return {
    dependencies: [
      { name: 'redis', ready: () => store.ready() },
      { name: 'slack', ready: () => connection.ready() },
    ],
    async close(graceMs) {
      await connection.stop(graceMs);
      await store.close();
    },
  };
}
