import type { KnownBlock, TableBlock } from '@slack/types';
import type { PlatformDigest, RankedTeam } from '../../core/digest.ts';
import { dayOf } from '../../core/history.ts';
import { plain } from '../escape.ts';
import { ACTION } from './asks.ts';
import { actions, bullets, button, header, note, paragraph } from './blocks.ts';
import { type Detail, fitted } from './budget.ts';
import { chartBlocks } from './chart.ts';
import { attentionChart, statesSentence } from './charts.ts';
import { fullDay } from './dates.ts';
import type { DigestMessages } from './digest.ts';
import { endingBlocks, moreItem } from './digest-sections.ts';
import { beforePhrase, changePhrase, pointsPhrase } from './digest-words.ts';
import { countsInWords, figure, machines, percent } from './figures.ts';
import type { Message } from './message.ts';
import { asOfNote, asOfSentence, unreadBlocks, unreadSentence } from './parts.ts';
import { platformThread, stateOfTeam, troubleItem, unownedItem } from './platform-thread.ts';
import { headline } from './status.ts';

const MOST_TEAMS = 15;
const MOST_TROUBLES = 4;
const MOST_EXAMPLES = 5;
const MOST_ENDING = 4;

/** What the platform's digest says in Slack: the worst teams in the channel, all of them in the thread. */
export function platformDigestMessages(digest: PlatformDigest): DigestMessages {
  const most = Math.min(MOST_TEAMS, digest.teams.length);
  return { head: fitted(most, (detail) => build(digest, detail)), thread: platformThread(digest) };
}

function build(digest: PlatformDigest, { rows, characters }: Detail): Message {
  const { asOf, total, counts, share, weeks, unread, teams, troubles } = digest;
  const before = weeks.at(-2);
  const when = before === undefined ? '' : beforePhrase(before, asOf);
  const summary = `${headline({ report: digest })}${changePhrase(share, before?.share, when)}`;
  const facts = [
    ...(total > 0 ? [`Of ${figure(total)}: ${countsInWords(counts)}.`] : []),
    `${figure(teams.length)} team${teams.length === 1 ? '' : 's'}.`,
    ...(digest.unowned.total > 0 ? [`${machines(digest.unowned.total)} of no team.`] : []),
    ...(troubles.length > 0
      ? [`${figure(troubles.length)} digest${troubles.length === 1 ? '' : 's'} could not be delivered.`]
      : []),
  ];
  return {
    text:
      `All teams: ${summary}. ${facts.join(' ')}${weeks.length > 1 ? ` ${statesSentence(weeks)}` : ''}` +
      `${unreadSentence(unread)}${asOfSentence(asOf)}`,
    blocks: [
      header(`All teams: ${summary}`),
      ...unreadBlocks(unread, Math.min(characters, 160)),
      paragraph(facts.join(' ')),
      ...troubleBlocks(digest, characters),
      // In columns, since the teams are the one table that a message may have.
      ...chartBlocks(attentionChart(weeks.slice(-12)), 'columns'),
      ...teamBlocks(teams, rows, characters, asOf),
      ...mutedNote(teams, asOf),
      ...unownedBlocks(digest, characters),
      ...endingBlocks(digest.ending, MOST_ENDING, characters, ', in the thread'),
      ...(teams.length > 0 ? [note('All teams are in the thread.')] : []),
      asOfNote(asOf),
      ...actions([
        button('Teams', `${ACTION.run}:teams`, 'teams', 'How each team’s machines are found'),
        button('Schedule', `${ACTION.run}:schedule`, 'schedule', 'When the next digests are due'),
      ]),
    ],
  };
}

function teamBlocks(teams: readonly RankedTeam[], rows: number, characters: number, asOf: Date): readonly KnownBlock[] {
  const shown = teams.slice(0, rows);
  const hidden = teams.length - shown.length;
  return [
    ...(shown.length > 0 ? [table(shown, characters, asOf)] : []),
    ...(hidden > 0 ? [note(`${figure(hidden)} more team${hidden === 1 ? '' : 's'} further down, in the thread.`)] : []),
  ];
}

function table(teams: readonly RankedTeam[], characters: number, asOf: Date): TableBlock {
  const cell = (text: string) => ({ type: 'raw_text' as const, text: plain(text, Math.min(characters, 60)) });
  return {
    type: 'table',
    column_settings: [
      { is_wrapped: true },
      { align: 'right' },
      { align: 'right' },
      { align: 'right' },
      { is_wrapped: true },
    ],
    rows: [
      ['Team, worst first', 'Current', 'Change', 'Findings', 'Digest'].map(cell),
      ...teams.map((team) =>
        [
          team.team,
          team.share === undefined ? '–' : percent(team.share),
          pointsPhrase(team),
          `${figure(team.attention)} of ${figure(team.total)}`,
          stateOfTeam(team, asOf),
        ].map(cell),
      ),
    ],
  };
}

function troubleBlocks({ troubles }: PlatformDigest, characters: number): readonly KnownBlock[] {
  if (troubles.length === 0) return [];
  const items = troubles.slice(0, MOST_TROUBLES).map((trouble) => troubleItem(trouble, Math.min(characters, 200)));
  const hidden = troubles.length - items.length;
  return [bullets('Digests that could not be delivered', [...items, ...moreItem(hidden, ', in the thread')])];
}

function mutedNote(teams: readonly RankedTeam[], asOf: Date): readonly KnownBlock[] {
  const muted = teams.filter(({ mutedUntil }) => mutedUntil !== undefined && mutedUntil > asOf);
  if (muted.length === 0) return [];
  const shown = muted
    .slice(0, 5)
    .map(({ team, mutedUntil }) => `${plain(team, 40)} until ${fullDay(mutedUntil ? dayOf(mutedUntil) : '')}`);
  const hidden = muted.length - shown.length;
  return [note(`Muted: ${shown.join(', ')}${hidden > 0 ? ` and ${figure(hidden)} more` : ''}.`)];
}

function unownedBlocks({ unowned }: PlatformDigest, characters: number): readonly KnownBlock[] {
  if (unowned.total === 0) return [];
  const examples = unowned.examples.slice(0, MOST_EXAMPLES).map((id) => unownedItem(id, Math.min(characters, 80)));
  const hidden = unowned.total - examples.length;
  return [
    bullets(`${machines(unowned.total)} of no team: ${countsInWords(unowned.counts) || 'nothing is known of them'}`, [
      ...examples,
      ...moreItem(hidden),
    ]),
    note('Next: tag them with their team, or name their subscription or resource group under "teams" in golden.yml.'),
  ];
}
