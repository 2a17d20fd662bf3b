import { type Asker, defineCommand } from '../src/command.ts';
import { UserError } from '../src/core/errors.ts';
import type { Team } from '../src/core/team.ts';
import { followedView, unfollowedView } from '../src/slack/views/follow.ts';
import { onlyTeam, takeTeam } from './team-words.ts';

export const follow = defineCommand<{ readonly team: Team }, Team>({
  name: 'follow',
  usage: 'follow <team>',
  summary: 'Shows a team in your Home tab',

  parse(words, asking) {
    const { team, rest } = takeTeam(words, asking);
    onlyTeam(rest, `follow ${team.name}`);
    return { team };
  },

  async query({ team }, { follows }, _flags, asker) {
    await follows.add(person(asker), team.name);
    return team;
  },

  render: followedView,
});

export const unfollow = defineCommand<{ readonly team: Team }, Team>({
  name: 'unfollow',
  usage: 'unfollow <team>',
  summary: 'Takes a team you chose out of your Home tab',

  parse(words, asking) {
    const { team, rest } = takeTeam(words, asking);
    onlyTeam(rest, `unfollow ${team.name}`);
    return { team };
  },

  async query({ team }, { follows }, _flags, asker) {
    await follows.remove(person(asker), team.name);
    return team;
  },

  render: unfollowedView,
});

function person(asker: Asker): string {
  if (asker.kind === 'person') return asker.user;
  throw new UserError('A terminal has no Home tab.', 'Ask in Slack.');
}
