import { defineCommand } from '../src/command.ts';
import type { Team } from '../src/core/team.ts';
import { teamsView } from '../src/slack/views/teams.ts';
import { teamsJson } from './terminal/json.ts';
import { teamsText } from './terminal/teams-text.ts';

export const teams = defineCommand<Record<string, never>, readonly Team[]>({
  name: 'teams',
  usage: 'teams',
  summary: 'The teams there are, and which machines are theirs',

  parse: () => ({}),
  query: async (_input, services) => services.teams,

  render: teamsView,
  terminal: { json: teamsJson, text: teamsText, exitCode: () => 0 },
});
