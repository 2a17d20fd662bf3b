import type { CaseGroup, Digest, FixedGroup, Projection, SkippedWeek, Week, WeekPoint } from './digest.ts';
import { endingVersions } from './ending.ts';
import type { Day, DayRecord, OpenFinding } from './history.ts';
import { projectionOf, stuckWeeks } from './projection.ts';
import { shareOf } from './report.ts';
import type { TeamSnapshot } from './snapshot.ts';
import type { Team } from './team.ts';
import { compareText } from './text.ts';
import { attentionOf, dayRecordOf, pointOf, weekPoints } from './trend.ts';
import { weeksBetween } from './week.ts';

/** What a digest is made of. */
export interface DigestEvidence {
  readonly team: Team;
  readonly week: Week;
  readonly snapshot: TeamSnapshot;
  /** What was open at the end of `beforeDay`; undefined for a first digest. */
  readonly openBefore: readonly OpenFinding[] | undefined;
  /** What was open when it was last remembered: tells since when; without it `openBefore` does. */
  readonly openNow: readonly OpenFinding[] | undefined;
  /** What is remembered, oldest first: back to `beforeDay`, to the trend's 12 weeks and to `escalateAfterWeeks`. */
  readonly days: readonly DayRecord[];
  /** The day that the digest is compared with; undefined for a first digest. */
  readonly beforeDay: Day | undefined;
  /** Whether a finding that is not in the snapshot may only be out of sight; asked with the id as it was first spelt. */
  readonly hides: (id: string) => boolean;
  readonly skipped: readonly SkippedWeek[];
  readonly now: Date;
}

/** What became of the findings. */
type Movement = Pick<Digest, 'fresh' | 'open' | 'fixed' | 'hidden'>;

const TREND_WEEKS = 12;

/**
 * Puts a team's digest together, in time linear in its findings. Without a day to compare with, or a record of it, the
 * digest is a first one: everything is new, and nothing fixed.
 */
export function digestOf(evidence: DigestEvidence): Digest {
  const { team, week, snapshot, openBefore, openNow, days, beforeDay, hides, skipped, now } = evidence;
  const timezone = team.digest?.timezone ?? 'UTC';
  const patience = team.digest?.escalateAfterWeeks;
  const record = beforeDay === undefined ? undefined : days.findLast(({ day }) => day <= beforeDay);
  const isFirst = openBefore === undefined || record === undefined;
  const points = weekPoints(days, timezone, dayRecordOf(snapshot, true), Math.max(TREND_WEEKS, (patience ?? 0) + 1));
  const lastWeek = points.at(-1)!.week;
  const weeks = points.filter((point) => weeksBetween(point.week, lastWeek) < TREND_WEEKS);
  return {
    team,
    week,
    asOf: new Date(snapshot.asOfMs),
    total: snapshot.total,
    counts: snapshot.counts,
    share: shareOf(snapshot.counts),
    attention: attentionOf(snapshot),
    before: isFirst ? undefined : pointOf(record, timezone),
    weeks,
    ...(isFirst ? firstMovement(snapshot) : movementOf(snapshot, openBefore, openNow ?? [], hides)),
    ending: endingVersions(snapshot.versions, now),
    projection: projectionOfRead(snapshot, weeks, now),
    stuckWeeks: patience === undefined ? undefined : stuckWeeks(points, patience),
    skipped,
    unread: snapshot.unread,
    warnings: snapshot.warnings,
  };
}

/** Whether a digest has nothing that anybody would have to know or do: one line says it. */
export function isQuiet(digest: Digest): boolean {
  const { attention, hidden, fresh, open, fixed, ending, unread, warnings, skipped } = digest;
  const lists = [fresh, open, fixed, ending, unread, warnings, skipped];
  return attention === 0 && hidden === 0 && lists.every((list) => list.length === 0);
}

/** Where something could not be read, nobody can say that a team is done. */
function projectionOfRead({ unread }: TeamSnapshot, weeks: readonly WeekPoint[], now: Date): Projection {
  const projection = projectionOf(weeks, now);
  return projection.kind === 'done' && unread.length > 0 ? { kind: 'unknown' } : projection;
}

function firstMovement({ cases }: TeamSnapshot): Movement {
  return { fresh: cases.map((one) => ({ case: one, ids: one.ids, since: undefined })), open: [], fixed: [], hidden: 0 };
}

function movementOf(
  { cases }: TeamSnapshot,
  openBefore: readonly OpenFinding[],
  openNow: readonly OpenFinding[],
  hides: (id: string) => boolean,
): Movement {
  const before = new Map(openBefore.map((finding) => [finding.id.toLowerCase(), finding]));
  const since = new Map(openNow.map((finding) => [finding.id.toLowerCase(), finding.since]));
  const fresh: CaseGroup[] = [];
  const open: (CaseGroup & { readonly since: Day })[] = [];
  const seen = new Set<string>();
  for (const one of cases) {
    const newIds: string[] = [];
    const oldIds: string[] = [];
    let oldest: Day | undefined;
    for (const id of one.ids) {
      const key = id.toLowerCase();
      seen.add(key);
      const known = before.get(key);
      if (known) {
        const day = since.get(key) ?? known.since;
        if (oldest === undefined || day < oldest) oldest = day;
        oldIds.push(id);
      } else {
        newIds.push(id);
      }
    }
    if (newIds.length > 0) fresh.push({ case: one, ids: newIds, since: undefined });
    if (oldest !== undefined) open.push({ case: one, ids: oldIds, since: oldest });
  }
  const gone = [...before].filter(([key]) => !seen.has(key)).map(([, finding]) => finding);
  const fixed = gone.filter(({ id }) => !hides(id));
  return {
    fresh,
    open: open.sort((a, b) => compareText(a.since, b.since)), // stable: cases come worst first
    fixed: fixedGroups(fixed),
    hidden: gone.length - fixed.length,
  };
}

/** By what they were, the largest group first. */
function fixedGroups(fixed: readonly OpenFinding[]): readonly FixedGroup[] {
  const groups = new Map<string, FixedGroup & { readonly ids: string[] }>();
  for (const { id, state, image } of fixed) {
    const key = JSON.stringify([state, image]);
    const group = groups.get(key);
    if (group) group.ids.push(id);
    else groups.set(key, { state, image, ids: [id] });
  }
  return [...groups]
    .sort(([a, one], [b, other]) => other.ids.length - one.ids.length || compareText(a, b))
    .map(([, group]) => group);
}
