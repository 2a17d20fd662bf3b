import { type AnyCommand, type Command, defineCommand } from '../src/command.ts';
import { type Help, helpView } from '../src/slack/views/help.ts';

/** The help command, made from the commands it explains. */
export function helpFor(commands: readonly AnyCommand[]): Command<{ readonly likely: string | undefined }, Help> {
  return defineCommand<{ readonly likely: string | undefined }, Help>({
    name: 'help',
    usage: 'help',
    summary: 'What you can ask',

    /** Whatever follows: who is lost should not be corrected. */
    parse(_words, { teams, channel }) {
      const own = channel === undefined ? undefined : teams.find((team) => team.channel === channel);
      const [only, ...more] = teams;
      return { likely: (own ?? (more.length === 0 ? only : undefined))?.name };
    },

    query: async ({ likely }) => ({ entries: commands, likely }),
    render: helpView,
  });
}
