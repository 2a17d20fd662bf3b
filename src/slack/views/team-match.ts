import type { TeamMatch } from '../../core/team.ts';

/** How a team's machines are found, as one sentence: any of it makes a machine the team's. */
export function matchPhrase(match: TeamMatch): string {
  const parts = [
    ...Object.entries(match.tags).map(([name, value]) => `tag ${name} = ${value}`),
    ...list('subscription', match.subscriptions),
    ...list('resource group', match.resourceGroups),
  ];
  return parts.length === 0
    ? 'Nothing tells which machines are this team’s.'
    : `Its machines are those with ${parts.join(', or ')}.`;
}

function list(noun: string, values: readonly string[]): string[] {
  if (values.length === 0) return [];
  const shown = values.slice(0, 5).join(', ');
  const hidden = values.length - 5;
  return [`${noun}${values.length === 1 ? '' : 's'} ${shown}${hidden > 0 ? ` and ${hidden} more` : ''}`];
}
