import { follow, unfollow } from '../commands/follow.ts';
import { commands } from '../commands/index.ts';
import { assemble } from './assemble.ts';
import type { RunningPart } from './cli/serve.ts';
import { route } from './command.ts';
import type { Config } from './config.ts';
import { Homes } from './home/home.ts';
import { type HomeTab, openChat, openPeople, type SlackPeople, startSlack } from './slack/index.ts';
import { homeView } from './slack/views/home.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

/** Starts the bot: every command of commands/index.ts, in Slack. @throws TypeError without Slack's settings. */
export async function startBot(config: Config, telemetry: Telemetry): Promise<RunningPart> {
  const { slack } = config;
  if (slack === undefined) throw new TypeError("The bot needs Slack's settings; loadConfig asks for them.");
  const { log, metrics } = telemetry;
  let people: SlackPeople | undefined;
  const { services, estate, memory, store } = await assemble(config, telemetry, {
    talk: (pace) => {
      people = openPeople(slack, { pace, logger: log });
      return { chat: openChat(slack, { pace, logger: log }), people };
    },
  });
  const connection = await startSlack(slack, {
    commands,
    services,
    ...(people && { home: homeTab(people) }),
    onGroupsChanged: () => people?.forgetGroups(),
    once: store.once,
    logger: log,
    metrics: {
      onAck: (ms) => metrics.acknowledged(ms / 1000),
      onCommand: (name, outcome, ms) => metrics.commandAnswered(name, outcome, ms / 1000),
    },
  });
  function homeTab(memberships: SlackPeople): HomeTab {
    const { clock, follows, mutes, teams } = services;
    const homes = new Homes({ estate, memory, follows, mutes, people: memberships, clock, teams });
    return {
      known: async (user) => homeView(await homes.known(user)),
      fresh: async (user) => homeView(await homes.fresh(user)),
      choose: async (user, words) => {
        const { command, words: rest } = route(words, [follow, unfollow], teams);
        await command.query(command.parse(rest, { teams }), services, {}, { kind: 'person', user });
      },
    };
  }

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
