import { defineCommand } from '../src/command.ts';
import { WINDOW_ROWS } from '../src/compliance/compliance.ts';
import type { Team } from '../src/core/team.ts';
import { type ListAnswer, listView } from '../src/slack/views/list.ts';
import { type Selection, selectionOf } from './state-words.ts';
import { takeTeam } from './team-words.ts';
import { listExitCode, listJson } from './terminal/json.ts';
import { listText } from './terminal/list-text.ts';

/** Rows of a page where whoever asks does not say; Slack (`inSlack`) and the command line always do. */
const ROWS = 50;

export const list = defineCommand<{ readonly team: Team; readonly selection: Selection }, ListAnswer>({
  name: 'list',
  usage: 'list <team> [state] [page N]',
  summary: 'All findings of a team, or its machines in one state, page by page',
  inSlack: { limit: 20 },

  parse(words, asking) {
    const { team, rest } = takeTeam(words, asking);
    return { team, selection: selectionOf(rest) };
  },

  async query({ team, selection: { states, page } }, { compliance, clock }, { limit = ROWS, fresh }) {
    const report = await compliance.list(team, {
      page,
      pageSize: pageSizeOf(limit),
      ...(states === undefined ? {} : { states }),
      ...(fresh === undefined ? {} : { fresh }),
    });
    return { report, now: clock.now() };
  },

  render: listView,
  terminal: { json: listJson, text: listText, exitCode: listExitCode },
});

/** The largest page of at most `limit` rows that windows of rows divide into. */
export function pageSizeOf(limit: number): number {
  const most = Math.min(Math.max(1, Math.floor(limit)), WINDOW_ROWS);
  for (let size = most; size > 1; size -= 1) if (WINDOW_ROWS % size === 0) return size;
  return 1;
}
