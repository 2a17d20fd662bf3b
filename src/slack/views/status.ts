import type { KnownBlock } from '@slack/types';
import { ATTENTION, type StatusReport } from '../../core/report.ts';
import type { Team } from '../../core/team.ts';
import { careText, STATE_NAMES, warningText } from '../../core/wording.ts';
import { mrkdwn } from '../escape.ts';
import { ACTION, askList, askStatus, askWhy, MAX_OPTION_VALUE } from './asks.ts';
import { actions, bullets, button, columns, header, leaf, line, link, menu, note, paragraph, words } from './blocks.ts';
import { type Detail, fitted } from './budget.ts';
import { attentionPhrase, bar, countsInWords, figure, isNotJudged, percent, READING_ORDER } from './figures.ts';
import type { Message } from './message.ts';
import { type Alike, alike, alikeItem, asOfNote, asOfSentence, unreadBlocks, unreadSentence } from './parts.ts';
import { matchPhrase } from './team-match.ts';

/** What `/golden status` found, and what it takes to say it. */
export interface StatusAnswer {
  readonly team: Team;
  readonly report: StatusReport;
  /** When it is said: an answer may be shared and a minute old. */
  readonly now: Date;
}

const MOST_GROUPS = 8;
const MOST_OPTIONS = 20;
const MOST_WARNINGS = 3;

/** The answer to `/golden status`. */
export function statusView(answer: StatusAnswer): Message {
  const groups = alike(answer.report.findings);
  return fitted(Math.min(MOST_GROUPS, groups.length), (detail) => build(answer, groups.slice(0, detail.rows), detail));
}

/** The share in words. What could not be read is part of it: nobody should take half an answer for a whole one. */
export function headline({
  report,
}: {
  readonly report: Pick<StatusReport, 'total' | 'counts' | 'share' | 'unread'>;
}): string {
  const { total, counts, share, unread } = report;
  const judged = total - counts.exempt - counts.platformManaged;
  const read = unread.length > 0 ? 'readable ' : '';
  if (total === 0) return unread.length > 0 ? 'no machine could be read' : 'no machines found';
  if (share === undefined) return `nothing to judge among ${figure(total)} ${read}machine${total === 1 ? '' : 's'}`;
  if (judged === 1) return `its one ${read}machine is ${share === 1 ? '' : 'not '}on a current golden image`;
  const part = share === 1 ? 'all' : `${percent(share)} of`;
  return `${part} ${figure(judged)} ${read}machines are on current golden images`;
}

function build(answer: StatusAnswer, groups: readonly Alike[], { characters }: Detail): Message {
  const { team, report, now } = answer;
  const { total, counts, attention, unread, asOf } = report;
  const shown = groups.flatMap(({ findings }) => findings);
  const summary = headline(answer);
  const ask = askStatus(team.name);
  const sums = total === 0 ? '' : ` Of ${figure(total)}: ${countsInWords(counts)}.`;
  return {
    text:
      `${mrkdwn(team.name, 100)}: ${summary}.${sums}` +
      `${attention > 0 ? ` ${attentionPhrase(attention, nounOf(report))}.` : ''}${unreadSentence(unread)}${asOfSentence(asOf)}`,
    blocks: [
      header(`${team.name.slice(0, 60)}: ${summary}`),
      ...unreadBlocks(unread, characters),
      ...(total === 0 ? emptyBlocks(answer) : [columns(countLines(report))]),
      ...careBlocks(report),
      ...findingBlocks(attention, groups, characters),
      ...warningBlocks(report, characters),
      ...(total > 0 && attention === 0 && unread.length === 0 ? [note('Nothing to do.')] : []),
      asOfNote(asOf, now),
      ...actions([
        attention > 0 ? button('All findings', `${ACTION.run}:list`, askList(team.name)) : undefined,
        button('Refresh', ACTION.refresh, ask, `Ask Azure again about ${team.name}`),
        button('Share in channel', ACTION.share, ask, `Post this answer about ${team.name} in the channel`),
        team.wiki ? link('Team wiki', `${ACTION.open}:wiki`, team.wiki, `Open the wiki of ${team.name}`) : undefined,
        whyMenu(shown.slice(0, MOST_OPTIONS)),
      ]),
    ],
  };
}

/** What the findings are: the models of scale sets are among them, and in no count of machines. */
function nounOf({ attention, counts }: StatusReport): 'finding' | 'machine' {
  return attention === ATTENTION.reduce((sum, state) => sum + counts[state], 0) ? 'machine' : 'finding';
}

/** One line for each state there are machines in: the number and the word first, the bar for those who see it. */
function countLines({ counts, total }: StatusReport): string {
  const present = READING_ORDER.filter((state) => counts[state] > 0);
  const digits = Math.max(...present.map((state) => figure(counts[state]).length));
  return present
    .map((state) => {
      const number = figure(counts[state]).padStart(digits);
      const name = STATE_NAMES[state].padEnd(16);
      return `${number} ${name} ${isNotJudged(state) ? '(not judged)' : bar(counts[state], total)}`;
    })
    .join('\n');
}

function careBlocks({ care }: StatusReport): readonly KnownBlock[] {
  const text = careText(care);
  return text === undefined ? [] : [note(text)];
}

function emptyBlocks({ team, report }: StatusAnswer): readonly KnownBlock[] {
  const reason =
    report.unread.length > 0
      ? 'None of the machines that could be read is this team’s.'
      : 'Azure has no machine of this team. If that is wrong, mend how golden.yml finds them:';
  return [paragraph(`${reason} ${matchPhrase(team.match)}`)];
}

function findingBlocks(attention: number, groups: readonly Alike[], characters: number): readonly KnownBlock[] {
  if (attention === 0) return [];
  const hidden = attention - groups.reduce((sum, { findings }) => sum + findings.length, 0);
  const items = groups.map((group) => alikeItem(group, characters));
  const more = `${figure(hidden)} more ${hidden === 1 ? 'finding is' : 'findings are'} not shown here: press “All findings”.`;
  return [
    ...(items.length > 0 ? [bullets(`What needs attention${items.length > 1 ? ', worst first' : ''}`, items)] : []),
    ...(hidden > 0 ? [note(more)] : []),
  ];
}

function warningBlocks({ warnings }: StatusReport, characters: number): readonly KnownBlock[] {
  if (warnings.length === 0) return [];
  const shown = warnings.slice(0, MOST_WARNINGS).map((warning) => line(leaf(warningText(warning), characters)));
  const hidden = warnings.length - shown.length;
  return [bullets('About the images', [...shown, ...(hidden > 0 ? [line(words(`and ${figure(hidden)} more`))] : [])])];
}

/** Asks "why" about one of the machines shown. A name too long for an option can still be typed. */
function whyMenu(findings: StatusReport['findings']) {
  const options = new Map<string, string>();
  for (const { name, verdict } of findings) {
    const value = askWhy(name);
    if (value.length <= MAX_OPTION_VALUE) options.set(value, `${name.slice(0, 50)} (${STATE_NAMES[verdict.state]})`);
  }
  if (options.size === 0) return undefined;
  return menu(
    'Why is …',
    `${ACTION.run}:why`,
    [...options].map(([value, text]) => ({ value, text })),
  );
}
