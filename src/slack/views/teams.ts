import { folded, type Team } from '../../core/team.ts';
import { compareText } from '../../core/text.ts';
import { mrkdwn } from '../escape.ts';
import { ACTION, askStatus } from './asks.ts';
import { button, header, note, paragraph } from './blocks.ts';
import { type Detail, fitted } from './budget.ts';
import { figure } from './figures.ts';
import type { Message } from './message.ts';
import { matchPhrase } from './team-match.ts';

const MOST_TEAMS = 30;

/** The answer to `/golden teams`: each team with how its machines are found, and a button to its status. */
export function teamsView(teams: readonly Team[]): Message {
  const byName = teams.toSorted((a, b) => compareText(folded(a.name), folded(b.name)));
  return fitted(Math.min(MOST_TEAMS, teams.length), (detail) => build(byName, detail));
}

function build(teams: readonly Team[], { rows, characters }: Detail): Message {
  const shown = teams.slice(0, rows);
  const hidden = teams.length - shown.length;
  const title = teams.length === 1 ? '1 team' : `${figure(teams.length)} teams`;
  const names = shown
    .slice(0, 20)
    .map(({ name }) => mrkdwn(name, 60))
    .join(', ');
  return {
    text: `${title}${names === '' ? '' : `: ${names}${teams.length > 20 ? ' and more' : ''}`}.`,
    blocks: [
      header(title),
      ...(teams.length === 0 ? [paragraph('golden.yml names no team yet: add one under "teams".')] : []),
      ...shown.map((team, index) => {
        const status = button('Status', `${ACTION.run}:${index}`, askStatus(team.name), `Status of ${team.name}`);
        const sentence = `${team.name.slice(0, 80)}. ${matchPhrase(team.match)}`;
        return paragraph(sentence.slice(0, characters * 2), status);
      }),
      ...(hidden > 0
        ? [note(`${figure(hidden)} more teams are not shown: ask "/golden status <team>" with the team’s name.`)]
        : []),
    ],
  };
}
