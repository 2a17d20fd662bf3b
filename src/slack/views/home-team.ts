import type { KnownBlock, RichTextElement } from '@slack/types';
import type { WeekPoint } from '../../core/digest.ts';
import { shareOf } from '../../core/report.ts';
import type { TeamSnapshot } from '../../core/snapshot.ts';
import type { Team } from '../../core/team.ts';
import { attentionOf, sparkline } from '../../core/trend.ts';
import { plain } from '../escape.ts';
import { ACTION, askDigest, askList, askStatus, askTrend, askUnfollow, HOME_ACTION } from './asks.ts';
import { actions, bullets, button, columns, header, line, note, paragraph, rich, words } from './blocks.ts';
import { caseItem } from './case-groups.ts';
import { momentLeaf } from './dates.ts';
import { attentionPhrase, countsInWords, figure, percent } from './figures.ts';
import { unreadSentence } from './parts.ts';
import { headline } from './status.ts';

/** One of a person's teams, as far as it is known. */
export interface HomeTeam {
  readonly team: Team;
  /** The last reading; absent where there was none yet. */
  readonly snapshot: TeamSnapshot | undefined;
  /** One for each week, oldest first. */
  readonly points: readonly WeekPoint[];
  /** The next digest; absent where the team gets none. */
  readonly next: { readonly due: Date } | undefined;
  /** Nothing is posted before this instant. */
  readonly mutedUntil?: Date | undefined;
  /** Why it is shown. */
  readonly mine: 'approver' | 'chosen';
}

const MOST_CASES = 3;
const NAMES = 3;
const CHARACTERS = 160;
const MOST_WEEKS = 12;

/** A team with its figures, its worst cases and what one can ask. At most 7 blocks. */
export function fullTeam(
  { team, snapshot, points, next, mutedUntil, mine }: HomeTeam,
  index: number,
  { now, timezone }: { readonly now: Date; readonly timezone: string | undefined },
): readonly KnownBlock[] {
  const trend = trendText(points);
  return [
    header(`${plain(team.name, 60)}: ${summaryOf(snapshot)}`),
    ...(snapshot ? [paragraph(factsOf(snapshot))] : [paragraph(NOT_READ)]),
    ...(trend === '' ? [] : [columns(trend)]),
    ...caseBlocks(snapshot, now),
    rich(line(...nextDigest(next, mutedUntil, timezone))),
    ...(mine === 'approver' ? [note('You are an approver of this team.')] : []),
    ...actions([
      button('Status', `${ACTION.run}:status-${index}`, askStatus(team.name), `Status of ${team.name}`),
      button('Findings', `${ACTION.run}:list-${index}`, askList(team.name), `Findings of ${team.name}`),
      button('Trend', `${ACTION.run}:trend-${index}`, askTrend(team.name), `Trend of ${team.name}`),
      button('Digest preview', `${ACTION.run}:digest-${index}`, askDigest(team.name), `Digest preview of ${team.name}`),
      mine === 'chosen'
        ? button(
            'Remove from my list',
            HOME_ACTION.unfollow,
            askUnfollow(team.name),
            `Remove ${team.name} from this page`,
          )
        : undefined,
    ]),
  ];
}

/** A team in a line. One block. */
export function shortTeam({ team, snapshot }: HomeTeam, index: number): KnownBlock {
  return paragraph(
    `${plain(team.name, 80)}: ${summaryOf(snapshot)}`,
    button('Status', `${ACTION.run}:status-${index}`, askStatus(team.name), `Status of ${team.name}`),
  );
}

const NOT_READ =
  'Nothing is known of this team yet: its machines are read with the next reading of Azure. "Status" reads them now.';

function summaryOf(snapshot: TeamSnapshot | undefined): string {
  return snapshot === undefined
    ? 'not read yet'
    : headline({ report: { ...snapshot, share: shareOf(snapshot.counts) } });
}

function factsOf(snapshot: TeamSnapshot): string {
  const attention = attentionOf(snapshot);
  const counts = snapshot.total > 0 ? `Of ${figure(snapshot.total)}: ${countsInWords(snapshot.counts)}. ` : '';
  const needing = attention === 0 ? 'Nothing needs attention' : attentionPhrase(attention, 'finding');
  return `${counts}${needing}.${unreadSentence(snapshot.unread)}`;
}

/** `▂▃▅▆  36 % to 78 % current in 12 weeks`: the picture, and beside it what it says. */
function trendText(points: readonly WeekPoint[]): string {
  const weeks = points.slice(-MOST_WEEKS);
  const shares = weeks.map(({ share }) => share);
  const known = shares.filter((share) => share !== undefined);
  const [first] = known;
  const last = known.at(-1);
  if (known.length < 2 || first === undefined || last === undefined) return '';
  return `${sparkline(shares)}  ${percent(first)} to ${percent(last)} current in ${figure(weeks.length)} weeks`;
}

function caseBlocks(snapshot: TeamSnapshot | undefined, now: Date): readonly KnownBlock[] {
  if (snapshot === undefined || snapshot.cases.length === 0) return [];
  const items = snapshot.cases
    .slice(0, MOST_CASES)
    .map((each) => caseItem({ case: each, ids: each.ids, since: undefined }, NAMES, CHARACTERS, now));
  return [bullets('Worst first', items)];
}

function nextDigest(
  next: HomeTeam['next'],
  mutedUntil: Date | undefined,
  timezone: string | undefined,
): readonly RichTextElement[] {
  if (next === undefined) return [words('No digest: golden.yml names no channel or no time for this team.')];
  if (mutedUntil !== undefined && mutedUntil > next.due) {
    return [words('Digests are muted until '), momentLeaf(mutedUntil, timezone), words('.')];
  }
  return [words('Next digest: '), momentLeaf(next.due, timezone)];
}
