import { defineCommand } from '../src/command.ts';
import { UserError } from '../src/core/errors.ts';
import type { Team } from '../src/core/team.ts';
import type { TrendAnswer, TrendChart } from '../src/core/trend-answer.ts';
import { trendView } from '../src/slack/views/trend.ts';
import { takeTeam } from './team-words.ts';
import { trendExitCode, trendJson } from './terminal/trend-json.ts';
import { trendText } from './terminal/trend-text.ts';

const CHARTS: Readonly<Record<string, TrendChart>> = {
  states: 'states',
  state: 'states',
  weeks: 'states',
  ages: 'ages',
  age: 'ages',
  versions: 'versions',
  version: 'versions',
};

export const trend = defineCommand<{ readonly team: Team; readonly chart: TrendChart }, TrendAnswer>({
  name: 'trend',
  usage: 'trend <team> [states | ages | versions]',
  summary: 'How a team fared over the last weeks, how old its images are, and which versions it uses',

  parse(words, asking) {
    const { team, rest } = takeTeam(words, asking);
    const chart = rest.length === 0 ? 'states' : rest.length === 1 ? CHARTS[rest[0]?.toLowerCase() ?? ''] : undefined;
    if (chart === undefined) {
      throw new UserError(
        `There is no chart "${rest.join(' ')}".`,
        `Ask "/golden trend ${team.name}" for the weeks, or add "ages" or "versions".`,
      );
    }
    return { team, chart };
  },

  query: ({ team, chart }, { trends }) => trends.of(team, chart),

  render: trendView,
  terminal: { json: trendJson, text: trendText, exitCode: trendExitCode },
});
