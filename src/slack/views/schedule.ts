import type { RichTextSection } from '@slack/types';
import type { Week } from '../../core/digest.ts';
import { mrkdwn, plain } from '../escape.ts';
import { ACTION } from './asks.ts';
import { actions, bullets, button, header, leaf, line, note, paragraph, words } from './blocks.ts';
import { type Detail, fitted } from './budget.ts';
import { momentLeaf, weekPhrase, zoned } from './dates.ts';
import { figure } from './figures.ts';
import { channelLeaf } from './mentions.ts';
import type { Message } from './message.ts';

/** When a team's next digest is due. */
export interface ScheduleEntry {
  readonly team: string;
  /** Slack channel id. */
  readonly channel: string | undefined;
  readonly week: Week;
  readonly due: Date;
  /** Nothing is posted before this instant. */
  readonly mutedUntil?: Date | undefined;
  /** False where the team gets none, whatever the time. */
  readonly hasDigest: boolean;
}

/** What `/golden schedule` found. */
export interface ScheduleAnswer {
  readonly entries: readonly ScheduleEntry[];
  /** The asker's own, IANA; undefined where Slack does not tell: times are said in UTC then. */
  readonly timezone: string | undefined;
  /** The platform's digest, where there is one. */
  readonly platform?: { readonly channel: string; readonly due: Date } | undefined;
}

const MOST_ENTRIES = 30;
const MOST_SAID = 5;
const MOST_WITHOUT = 10;

/** The answer to `/golden schedule`: the next digests, soonest first, in the asker's own time. */
export function scheduleView(answer: ScheduleAnswer): Message {
  const runs = answer.entries
    .filter(({ hasDigest }) => hasDigest)
    .toSorted((a, b) => a.due.getTime() - b.due.getTime());
  const without = answer.entries.filter(({ hasDigest }) => !hasDigest);
  return fitted(Math.min(MOST_ENTRIES, runs.length), (detail) => build(answer, runs, without, detail));
}

function build(
  { timezone, platform }: ScheduleAnswer,
  runs: readonly ScheduleEntry[],
  without: readonly ScheduleEntry[],
  { rows, characters }: Detail,
): Message {
  const title =
    runs.length === 0
      ? 'No team gets a digest'
      : `The next digest${runs.length === 1 ? '' : `s of ${figure(runs.length)} teams`}`;
  const shown = runs.slice(0, rows);
  const hidden = runs.length - shown.length;
  const said = runs
    .slice(0, MOST_SAID)
    .map(
      ({ team, due, mutedUntil }) =>
        `${mrkdwn(team, 60)} ${zoned(due, timezone)}${isMuted(due, mutedUntil) ? ' (muted)' : ''}`,
    );
  const more = runs.length > said.length ? ` and ${figure(runs.length - said.length)} more` : '';
  return {
    text: `${title}${said.length > 0 ? `: ${said.join('; ')}${more}` : ''}.`,
    blocks: [
      header(title),
      ...(runs.length === 0
        ? [paragraph('A team gets one as soon as golden.yml names its channel and the time under "digest".')]
        : []),
      ...(shown.length > 0
        ? [
            bullets(
              'Soonest first, in your own time',
              shown.map((entry) => item(entry, characters, timezone)),
            ),
          ]
        : []),
      ...(hidden > 0 ? [note(`${figure(hidden)} more teams come later and are not shown here.`)] : []),
      ...(platform
        ? [
            bullets('All teams together', [
              line(channelLeaf(platform.channel), words(': '), momentLeaf(platform.due, timezone)),
            ]),
          ]
        : []),
      ...(without.length > 0 ? [note(withoutPhrase(without))] : []),
      ...(timezone === undefined
        ? [note('Slack does not tell your time zone; where it cannot show your own time, it is UTC.')]
        : []),
      ...actions([button('Refresh', ACTION.refresh, 'schedule', 'Look at the schedule again')]),
    ],
  };
}

function item(
  { team, channel, week, due, mutedUntil }: ScheduleEntry,
  characters: number,
  timezone: string | undefined,
): RichTextSection {
  const muted = isMuted(due, mutedUntil);
  return line(
    leaf(team, Math.min(characters, 60), { bold: true }),
    words(': '),
    momentLeaf(due, timezone),
    ...(channel === undefined ? [] : [words(' in '), channelLeaf(channel)]),
    words(`, ${plain(weekPhrase(week), 20)}`),
    ...(muted && mutedUntil ? [words(', not posted: muted until '), momentLeaf(mutedUntil, timezone)] : []),
  );
}

function isMuted(due: Date, mutedUntil: Date | undefined): boolean {
  return mutedUntil !== undefined && mutedUntil > due;
}

function withoutPhrase(without: readonly ScheduleEntry[]): string {
  const names = without.slice(0, MOST_WITHOUT).map(({ team }) => plain(team, 40));
  const hidden = without.length - names.length;
  return `No digest: ${names.join(', ')}${hidden > 0 ? ` and ${figure(hidden)} more` : ''}. They have no channel or no time in golden.yml.`;
}
