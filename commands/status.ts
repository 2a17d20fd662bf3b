import { defineCommand } from '../src/command.ts';
import type { Team } from '../src/core/team.ts';
import { type StatusAnswer, statusView } from '../src/slack/views/status.ts';
import { onlyTeam, takeTeam } from './team-words.ts';
import { statusExitCode, statusJson } from './terminal/json.ts';
import { statusText } from './terminal/status-text.ts';

/** Findings to read where whoever asks does not say; Slack (`inSlack`) and the command line always do. */
const FINDINGS = 1000;

export const status = defineCommand<{ readonly team: Team }, StatusAnswer>({
  name: 'status',
  usage: 'status <team>',
  summary: 'Which machines of a team are not on a current golden image, and what to do about each',
  // A message shows the worst few; reading some more keeps "worst first" true within a state.
  inSlack: { limit: 100 },

  parse(words, asking) {
    const { team, rest } = takeTeam(words, asking);
    onlyTeam(rest, `status ${team.name}`);
    return { team };
  },

  async query({ team }, { compliance, clock }, { limit = FINDINGS, fresh }) {
    const report = await compliance.status(team, { limit, ...(fresh === undefined ? {} : { fresh }) });
    return { team, report, now: clock.now() };
  },

  render: statusView,
  terminal: { json: statusJson, text: statusText, exitCode: statusExitCode },
});
