import type { KnownBlock } from '@slack/types';
import type { Digest } from '../../core/digest.ts';
import { isQuiet } from '../../core/digest-of.ts';
import { mrkdwn, plain } from '../escape.ts';
import { ACTION, askDigest, askList, askStatus, askTrend } from './asks.ts';
import { actions, button, header, link, note, oursAloud, paragraph } from './blocks.ts';
import { type Detail, fitted } from './budget.ts';
import { chartBlocks } from './chart.ts';
import { statesChart, statesSentence } from './charts.ts';
import { zoned } from './dates.ts';
import { endingBlocks, fixedBlocks, groupBlocks, MOST, warningBlocks } from './digest-sections.ts';
import { digestThread } from './digest-thread.ts';
import {
  beforePhrase,
  changePhrase,
  hiddenSentence,
  movementPhrase,
  projectionSentence,
  skippedSentence,
} from './digest-words.ts';
import { attentionPhrase, countsInWords, figure } from './figures.ts';
import { mentionsOf } from './mentions.ts';
import type { Message, MessageBlock } from './message.ts';
import { asOfNote, asOfSentence, unreadBlocks, unreadSentence } from './parts.ts';
import { headline } from './status.ts';

/** How a digest is said. */
export interface DigestOptions {
  /** Whether approvers may be mentioned where a team is stuck. */
  readonly mention: boolean;
  /** `preview`: for the asker alone. `now`: posted because somebody asked, besides the weekly one. Absent: the weekly one. */
  readonly preview?: 'preview' | 'now';
  /** When it should have come, where it comes late. */
  readonly lateSince?: Date | undefined;
  /** Whether the asker of a preview may post it. */
  readonly mayPost?: boolean;
}

/** A digest as it is posted: one message in the channel, and what is below it in its thread. */
export interface DigestMessages {
  readonly head: Message;
  readonly thread: readonly Message[];
}

const MOST_GROUPS = 6;
const MOST_SKIPPED = 3;

/** What a team's digest says in Slack. One line where there is nothing to say. */
export function digestMessages(digest: Digest, options: DigestOptions): DigestMessages {
  if (isQuiet(digest)) return { head: quietHead(digest, options), thread: [] };
  const most = Math.min(MOST_GROUPS, digest.fresh.length + digest.open.length);
  let shown = 0;
  const head = fitted(most, (detail) => {
    shown = detail.rows;
    return build(digest, options, detail, true);
  });
  const groups = digest.fresh.length + digest.open.length;
  const thread = isAllSaid(digest, shown, groups) ? [] : digestThread(digest);
  return { head: thread.length > 0 ? head : fitted(shown, (detail) => build(digest, options, detail, false)), thread };
}

function quietHead(digest: Digest, options: DigestOptions): Message {
  const said = `${headline({ report: digest })}; nothing changed and nothing is left to do.`;
  return {
    text: `${mrkdwn(digest.team.name, 100)}: ${said}${asOfSentence(digest.asOf)}`,
    blocks: [
      ...introBlocks(options, digest),
      paragraph(`${plain(digest.team.name, 60)}: ${said}`),
      ...actions([postButton(digest, options)]),
    ],
  };
}

function isAllSaid(digest: Digest, shown: number, groups: number): boolean {
  const { fresh, open, fixed, ending, warnings } = digest;
  return (
    shown >= groups &&
    fixed.length <= MOST.fixed &&
    ending.length <= MOST.ending &&
    warnings.length <= MOST.warnings &&
    [...fresh, ...open, ...fixed].every(({ ids }) => ids.length <= MOST.names)
  );
}

function build(digest: Digest, options: DigestOptions, { rows, characters }: Detail, more: boolean): Message {
  const { team, asOf, before, unread, weeks, fresh, open } = digest;
  const when = before === undefined ? '' : beforePhrase(before, asOf);
  const summary = `${headline({ report: digest })}${changePhrase(digest.share, before?.share, when)}`;
  const [newRows, openRows] = split(rows, fresh.length, open.length);
  const facts = factSentences(digest);
  return {
    text:
      `${mrkdwn(team.name, 100)}: ${summary}.${stuckSentence(digest, options.mention)} ${facts.join(' ')}` +
      `${weeks.length > 1 ? ` ${statesSentence(weeks)}` : ''}${unreadSentence(unread)}${asOfSentence(asOf)}`,
    blocks: [
      ...introBlocks(options, digest),
      header(`${plain(team.name, 60)}: ${summary}`),
      ...stuckBlocks(digest, options.mention),
      ...unreadBlocks(unread, Math.min(characters, 160)),
      ...(facts.length > 0 ? [paragraph(facts.join(' '))] : []),
      ...chartBlocks(statesChart(weeks.slice(-12)), 'table'),
      ...groupBlocks(digest, newTitle(digest), fresh, newRows, characters, 'new'),
      ...fixedBlocks(digest, characters, when),
      ...groupBlocks(digest, 'Still open, oldest first', open, openRows, characters, 'open'),
      ...endingBlocks(digest.ending, MOST.ending, characters),
      ...warningBlocks(digest, characters),
      ...notes(digest),
      ...(more
        ? [
            note(
              options.preview === 'preview' ? 'When it is posted, there is more in its thread.' : 'More in the thread.',
            ),
          ]
        : []),
      asOfNote(asOf),
      ...buttons(digest, options),
    ],
  };
}

/** Says of a message that is not the weekly one what it is. */
function introBlocks({ preview, lateSince }: DigestOptions, { team }: Digest): readonly KnownBlock[] {
  if (preview === 'preview') return [note('Preview: only you see this. The weekly digest comes as scheduled.')];
  if (preview === 'now')
    return [note('Posted because an approver asked for it; the weekly digest comes as scheduled.')];
  if (lateSince !== undefined) return [note(`Late: it was due ${zoned(lateSince, team.digest?.timezone)}.`)];
  return [];
}

/** The movement and the counts in sentences. */
function factSentences(digest: Digest): readonly string[] {
  const { total, counts, attention, hidden, unread } = digest;
  const movement = movementPhrase(digest);
  const nothing = unread.length === 0 ? 'Nothing needs attention' : 'Nothing that could be read needs attention';
  const needing = attention === 0 ? nothing : attentionPhrase(attention, 'finding');
  return [
    ...(total > 0 ? [`Of ${figure(total)}: ${countsInWords(counts)}.`] : []),
    `${needing}${movement === '' ? '' : `: ${movement}`}.`,
    ...(hidden > 0 ? [hiddenSentence(hidden)] : []),
  ];
}

/** Rows for what is new and for what is open: half each, and what one does not need is the other's. */
function split(rows: number, fresh: number, open: number): readonly [number, number] {
  const half = Math.min(fresh, Math.ceil(rows / 2));
  const rest = Math.min(open, rows - half);
  return [Math.min(fresh, rows - rest), rest];
}

function newTitle({ before, asOf }: Digest): string {
  return before === undefined
    ? 'What needs attention, worst first (this is the first digest)'
    : `New since ${beforePhrase(before, asOf)}, worst first`;
}

function notes({ projection, skipped, asOf }: Digest): readonly MessageBlock[] {
  const when = projectionSentence(projection);
  return [
    ...(when === '' ? [] : [note(when)]),
    ...skipped.slice(-MOST_SKIPPED).map((week) => note(skippedSentence(week, asOf))),
  ];
}

/** Said to everybody; the approvers are called only where that is allowed. */
function stuckSentence({ team, stuckWeeks }: Digest, mention: boolean): string {
  if (stuckWeeks === undefined) return '';
  const called = mention ? mentionsOf(team.approvers) : '';
  const plea = 'please decide who takes care of the findings below, or have them exempted.';
  return ` No progress for ${figure(stuckWeeks)} week${stuckWeeks === 1 ? '' : 's'}. ${called === '' ? `Approvers: ${plea}` : `${called}: ${plea}`}`;
}

function stuckBlocks(digest: Digest, mention: boolean): readonly KnownBlock[] {
  const said = stuckSentence(digest, mention);
  return said === '' ? [] : [oursAloud(said.trim())];
}

function buttons(digest: Digest, options: DigestOptions): readonly KnownBlock[] {
  const { team, attention } = digest;
  return actions([
    postButton(digest, options),
    attention > 0 ? button('All findings', `${ACTION.run}:list`, askList(team.name)) : undefined,
    button('Trend', `${ACTION.run}:trend`, askTrend(team.name), `Trend of ${team.name}`),
    button('Status', `${ACTION.run}:status`, askStatus(team.name), `Status of ${team.name} as Azure sees it now`),
    team.wiki ? link('Team wiki', `${ACTION.open}:wiki`, team.wiki, `Open the wiki of ${team.name}`) : undefined,
  ]);
}

function postButton({ team }: Digest, { preview, mayPost }: DigestOptions) {
  if (preview !== 'preview' || mayPost !== true) return undefined;
  return button(
    'Post now',
    `${ACTION.run}:post`,
    askDigest(team.name, true),
    `Post this in the channel of ${team.name}`,
  );
}
