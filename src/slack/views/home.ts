import type { HomeView } from '@slack/types';
import type { Team } from '../../core/team.ts';
import { ACTION } from './asks.ts';
import { actions, button, header, paragraph } from './blocks.ts';
import { teamsView } from './teams.ts';
import { withoutChart } from './without-chart.ts';

/** The Home tab: what Golden is for, and each team's status one click away. */
export function homeView(teams: readonly Team[]): HomeView {
  return {
    type: 'home',
    blocks: [
      header('Golden images'),
      paragraph(
        'Which of your team’s Azure VMs run an approved image, which do not, and what to do next. In a channel, type "/golden".',
      ),
      ...withoutChart(teamsView(teams)).blocks,
      ...actions([button('What can I ask?', `${ACTION.run}:help`, 'help')]),
    ],
  };
}
