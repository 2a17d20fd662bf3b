import type { KnownBlock, TableBlock } from '@slack/types';
import type { ListReport } from '../../compliance/compliance.ts';
import { STATES, type State } from '../../core/classification.ts';
import type { Finding } from '../../core/report.ts';
import { nextStepOf, reasonOf, STATE_NAMES } from '../../core/wording.ts';
import { mrkdwn, plain } from '../escape.ts';
import { ACTION, askList, askStatus, MAX_OPTION_VALUE } from './asks.ts';
import { actions, button, header, menu, note } from './blocks.ts';
import { type Detail, fitted } from './budget.ts';
import { attentionPhrase, figure, kindPhrase, machines, READING_ORDER } from './figures.ts';
import type { Message } from './message.ts';
import { asOfNote, asOfSentence, unreadBlocks, unreadSentence } from './parts.ts';

/** One page of a team's machines, and when it is said. */
export interface ListAnswer {
  readonly report: ListReport;
  readonly now: Date;
}

/** The answer to `/golden list`: a table, with the other pages and states one click away. */
export function listView(answer: ListAnswer): Message {
  return fitted(answer.report.findings.length, (detail) => build(answer, detail));
}

/** What the list is of: `12 machines are outdated`. */
export function listTitle({ states, matching }: Pick<ListReport, 'states' | 'matching'>): string {
  const verb = matching === 1 ? 'is' : 'are';
  const [state] = states ?? [];
  if (state === undefined) return attentionPhrase(matching, 'finding');
  return states?.length === 1
    ? `${machines(matching)} ${verb} ${STATE_NAMES[state]}`
    : `${machines(matching)} in all states`;
}

/** `Page 2 of 3`; a page that is not there is answered with how many there are. */
export function pagePhrase({ page, pages }: Pick<ListReport, 'page' | 'pages'>): string {
  if (page <= pages) return `Page ${figure(page)} of ${figure(pages)}.`;
  return pages === 1 ? 'There is only one page.' : `There are only ${figure(pages)} pages.`;
}

function build({ report, now }: ListAnswer, { rows, characters }: Detail): Message {
  const { team, findings, page, pages, matching, unread, asOf } = report;
  const filter = filterOf(report);
  const previous = Math.min(page - 1, pages);
  const ask = askList(team.name, filter, Math.min(page, pages));
  const shown = findings.slice(0, rows);
  const hidden = findings.length - shown.length;
  const title = listTitle(report);
  return {
    text: `${mrkdwn(team.name, 100)}: ${title}. ${pagePhrase(report)}${unreadSentence(unread)}${asOfSentence(asOf)}`,
    blocks: [
      header(`${team.name.slice(0, 60)}: ${title}`),
      ...unreadBlocks(unread, Math.min(characters, 160)),
      ...(shown.length > 0 ? [table(shown, characters)] : emptyNote(report)),
      ...(hidden > 0 ? [note(`${figure(hidden)} more of this page did not fit into a message.`)] : []),
      ...(matching > 0 ? [note(pagePhrase(report))] : []),
      asOfNote(asOf, now),
      ...actions([
        page > 1 && matching > 0
          ? button(
              page > pages ? 'Last page' : 'Previous page',
              `${ACTION.run}:previous`,
              askList(team.name, filter, previous),
              `Page ${previous} of ${pages}`,
            )
          : undefined,
        page < pages
          ? button(
              `Next page`,
              `${ACTION.run}:next`,
              askList(team.name, filter, page + 1),
              `Page ${page + 1} of ${pages}`,
            )
          : undefined,
        stateMenu(report),
      ]),
      ...actions([
        button('Summary', `${ACTION.run}:status`, askStatus(team.name), `Status of ${team.name}`),
        button('Refresh', ACTION.refresh, ask, 'Ask Azure again for this list'),
        button('Share in channel', ACTION.share, ask, 'Post this page in the channel'),
      ]),
    ],
  };
}

/** Which states the list is limited to, as the words that ask for it: absent for what needs attention. */
function filterOf({ states }: ListReport): State | 'all' | undefined {
  if (states === undefined) return undefined;
  return states.length === 1 ? states[0] : 'all';
}

function table(findings: readonly Finding[], characters: number): TableBlock {
  const cell = (text: string, limit = characters) => ({ type: 'raw_text' as const, text: plain(text, limit) });
  return {
    type: 'table',
    column_settings: Array(4).fill({ is_wrapped: true }),
    rows: [
      [cell('Machine'), cell('State'), cell('Why'), cell('Next step')],
      ...findings.map((finding) => [
        cell(finding.name, Math.min(characters, 80)),
        cell(`${STATE_NAMES[finding.verdict.state]} (${kindPhrase(finding)})`, 60),
        cell(reasonOf(finding.verdict)),
        cell(nextStepOf(finding)),
      ]),
    ],
  };
}

/** Why there is no table; a page that is not there needs no words beyond those of `pagePhrase`. */
function emptyNote({ states, matching, page, pages }: ListReport): readonly KnownBlock[] {
  if (matching > 0) return page > pages ? [] : [note('Azure lists none of them any more: refresh.')];
  const [state] = states ?? [];
  if (state === undefined) return [note('Nothing needs attention.')];
  return [note(states?.length === 1 ? `No machine is ${STATE_NAMES[state]}.` : 'No machines.')];
}

function stateMenu(report: ListReport) {
  const name = report.team.name;
  const options = [
    { text: 'What needs attention', value: askList(name) },
    ...READING_ORDER.map((state) => ({ text: `Only ${STATE_NAMES[state]}`, value: askList(name, state) })),
    { text: `All ${STATES.length} states`, value: askList(name, 'all') },
  ];
  if (options.some(({ value }) => value.length > MAX_OPTION_VALUE)) return undefined;
  return menu('Show …', `${ACTION.run}:state`, options, askList(name, filterOf(report)));
}
