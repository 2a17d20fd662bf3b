import type { Screen } from '../../src/command.ts';
import type { Team } from '../../src/core/team.ts';
import { matchPhrase } from '../../src/slack/views/team-match.ts';
import { bold, safe, wrapped } from './paint.ts';

/** What `golden teams` prints. */
export function teamsText(teams: readonly Team[], screen: Screen): string {
  if (teams.length === 0) return 'golden.yml names no team yet: add one under "teams".';
  return teams
    .map((team) => `${bold(safe(team.name), screen)}\n${wrapped(safe(matchPhrase(team.match)), screen.width, 2)}`)
    .join('\n');
}
