import type { RichTextSection } from '@slack/types';
import type { PlatformDigest, RankedTeam, Trouble } from '../../core/digest.ts';
import { dayOf } from '../../core/history.ts';
import { resourceGroupOf } from '../../core/resource-id.ts';
import { plain } from '../escape.ts';
import { columns, leaf, line, note, words } from './blocks.ts';
import { nameOf } from './case-groups.ts';
import { fullDay, weekPhrase } from './dates.ts';
import { endingItem } from './digest-sections.ts';
import { pointsPhrase } from './digest-words.ts';
import { figure, percent } from './figures.ts';
import type { Message } from './message.ts';
import { type Piece, threadOf } from './thread.ts';

/** Lines of 60 characters at the most leave room in a message even where each character takes three bytes. */
const TEAMS_IN_A_MESSAGE = 60;
const MOST_PAGES = 12;
const CHARACTERS = 200;
const MOST = { troubles: 60, ending: 30, examples: 30 } as const;

/** All teams in columns, then what the message in the channel has no room for. */
export function platformThread(digest: PlatformDigest): readonly Message[] {
  return [...teamMessages(digest), ...details(digest)];
}

/** How a team's digest is: `muted until 3 Dec 2026`, `none`. */
export function stateOfTeam(team: RankedTeam, asOf: Date): string {
  const { mutedUntil, hasDigest, channel } = team;
  if (mutedUntil !== undefined && isMuted(team, asOf)) return `muted until ${fullDay(dayOf(mutedUntil))}`;
  if (hasDigest) return 'weekly';
  return channel === undefined ? 'none: no channel' : 'none';
}

function isMuted({ mutedUntil }: RankedTeam, asOf: Date): boolean {
  return mutedUntil !== undefined && mutedUntil > asOf;
}

/** A digest that is not where it belongs, why, and what helps. */
export function troubleItem({ team, week, why, remedy }: Trouble, characters: number): RichTextSection {
  return line(
    leaf(team, 60, { bold: true }),
    words(`, ${plain(weekPhrase(week), 20)}: `),
    leaf(why, characters),
    words('\nNext: '),
    leaf(remedy, characters),
  );
}

/** A machine of nobody's by what its owners know it by: its name, and the resource group in which they find it. */
export function unownedItem(id: string, characters: number): RichTextSection {
  const group = resourceGroupOf(id);
  return line(
    leaf(nameOf(id), characters, { bold: true }),
    ...(group === undefined ? [] : [words(' in '), leaf(group, characters)]),
  );
}

function teamMessages({ teams, asOf }: PlatformDigest): readonly Message[] {
  const shown = teams.slice(0, TEAMS_IN_A_MESSAGE * MOST_PAGES);
  const pages = Math.ceil(shown.length / TEAMS_IN_A_MESSAGE);
  return Array.from({ length: pages }, (_, page): Message => {
    const from = page * TEAMS_IN_A_MESSAGE;
    const slice = shown.slice(from, from + TEAMS_IN_A_MESSAGE);
    const title = `Teams ${figure(from + 1)} to ${figure(from + slice.length)} of ${figure(teams.length)}, worst first`;
    const last = page === pages - 1 && teams.length > shown.length;
    return {
      text: `${title}.`,
      blocks: [
        note(title),
        columns(teamLines(slice, asOf)),
        ...(last ? [note(`${figure(teams.length - shown.length)} more teams have no room here.`)] : []),
      ],
    };
  });
}

/** The figures first: the name may be long, and what follows it may break into the next line. */
function teamLines(teams: readonly RankedTeam[], asOf: Date): string {
  const rows = teams.map((team) => [
    team.share === undefined ? '–' : percent(team.share),
    pointsPhrase(team),
    figure(team.attention),
    figure(team.total),
  ]);
  const head = ['now', '+/-', 'open', 'of'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const padded = (row: readonly string[]) => row.map((text, column) => text.padStart(widths[column] ?? 0)).join(' ');
  return [
    `${padded(head)}  team`,
    ...teams.map((team, index) => {
      const aside = isMuted(team, asOf) ? ' (muted)' : team.hasDigest ? '' : ' (no digest)';
      return `${padded(rows[index] ?? [])}  ${plain(team.team, 30)}${aside}`;
    }),
  ].join('\n');
}

function details({ troubles, ending, unowned }: PlatformDigest): readonly Message[] {
  const pieces: readonly Piece[] = [
    ...troubles.slice(0, MOST.troubles).map((trouble) => ({
      section: 'Digests that could not be delivered',
      item: troubleItem(trouble, CHARACTERS),
    })),
    ...ending
      .slice(0, MOST.ending)
      .map((version) => ({ section: 'Image versions in use that end soon', item: endingItem(version, CHARACTERS) })),
    ...unowned.examples
      .slice(0, MOST.examples)
      .map((id) => ({ section: 'Machines of no team', item: unownedItem(id, CHARACTERS) })),
  ];
  const beyond =
    troubles.length + ending.length - Math.min(troubles.length, MOST.troubles) - Math.min(ending.length, MOST.ending);
  return threadOf(
    pieces,
    (page, pages) => `Details${pages > 1 ? ` ${page} of ${pages}` : ''} of the platform’s digest.`,
    (left) =>
      left.length + beyond > 0 ? [note(`${figure(left.length + beyond)} more entries have no room here.`)] : [],
  ).messages;
}
