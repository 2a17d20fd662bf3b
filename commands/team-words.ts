import type { Asking } from '../src/command.ts';
import { UserError } from '../src/core/errors.ts';
import { nearest } from '../src/core/nearest.ts';
import { findTeam, type Team } from '../src/core/team.ts';

/**
 * Takes the team from the front of a command's words: by name (which may hold spaces), by a mention of its channel, or, with
 * no words at all in a team's own channel, that team.
 *
 * @throws UserError naming the nearest team.
 */
export function takeTeam(
  words: readonly string[],
  asking: Asking,
): { readonly team: Team; readonly rest: readonly string[] } {
  const { teams, channel } = asking;
  const [first] = words;
  if (first === undefined) {
    const own = channel === undefined ? undefined : teams.find((team) => team.channel === channel);
    if (own) return { team: own, rest: [] };
    throw new UserError('Which team?', `${suggestion(teams)} "/golden teams" lists them all.`);
  }

  const mention = /^<#([A-Z0-9]+)(?:\|([^>]*))?>$/.exec(first);
  if (mention) {
    const [, id, label = ''] = mention;
    const team = teams.find((candidate) => candidate.channel === id) ?? findTeam(teams, label);
    if (team) return { team, rest: words.slice(1) };
    throw new UserError(
      `No team has the channel ${label === '' ? id : `#${label}`}.`,
      'Ask "/golden teams" for the teams and their channels.',
    );
  }

  for (let length = words.length; length > 0; length -= 1) {
    const team = findTeam(teams, words.slice(0, length).join(' '));
    if (team) return { team, rest: words.slice(length) };
  }
  throw unknownTeam(first, teams);
}

/**
 * Refuses what is left behind a team.
 *
 * @param ask What would have been understood, after "/golden".
 * @throws UserError
 */
export function onlyTeam(rest: readonly string[], ask: string): void {
  if (rest.length === 0) return;
  throw new UserError(`I did not understand "${rest.join(' ')}".`, `One team at a time, please: "/golden ${ask}".`);
}

function unknownTeam(word: string, teams: readonly Team[]): UserError {
  const guess = nearest(
    word,
    teams.map(({ name }) => name),
  );
  return new UserError(
    `There is no team "${word}".`,
    guess === undefined ? 'Ask "/golden teams" for the teams there are.' : `Did you mean "${guess}"?`,
  );
}

function suggestion([team]: readonly Team[]): string {
  return team ? `Name one, for example ${team.name}.` : 'No team is configured yet.';
}
