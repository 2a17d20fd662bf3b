import type { PlatformDigest, RankedTeam, Trouble, Week } from './digest.ts';
import { endingVersions } from './ending.ts';
import type { DayRecord } from './history.ts';
import { shareOf } from './report.ts';
import type { EstateSnapshot, TeamSnapshot } from './snapshot.ts';
import { folded, type Team } from './team.ts';
import { compareText } from './text.ts';
import { attentionOf, estateDayRecordOf, weekPoints } from './trend.ts';

/** A team as the platform's digest sees it. */
export interface TeamEvidence {
  readonly team: Team;
  /** Undefined before the first pass that knew the team. */
  readonly snapshot: TeamSnapshot | undefined;
  /** The record of a week ago. */
  readonly before: DayRecord | undefined;
}

/** What the platform's digest is made of. */
export interface PlatformEvidence {
  readonly week: Week;
  readonly estate: EstateSnapshot;
  readonly teams: readonly TeamEvidence[];
  /** Milliseconds since 1970. */
  readonly mutes: readonly { readonly team: string; readonly untilMs: number }[];
  readonly troubles: readonly Trouble[];
  /** What is remembered of all machines together, oldest first: 12 weeks. */
  readonly days: readonly DayRecord[];
  /** IANA name: the platform's, whose weeks are meant. */
  readonly timezone: string;
  readonly now: Date;
}

/** Puts the platform's digest together. */
export function platformDigestOf(evidence: PlatformEvidence): PlatformDigest {
  const { week, estate, teams, mutes, troubles, days, timezone, now } = evidence;
  const muted = new Map(
    mutes.filter(({ untilMs }) => untilMs > now.getTime()).map((mute) => [folded(mute.team), mute.untilMs]),
  );
  return {
    week,
    asOf: new Date(estate.asOfMs),
    total: estate.overall.total,
    counts: estate.overall.counts,
    share: shareOf(estate.overall.counts),
    teams: teams.map((one) => rankedTeam(one, muted.get(folded(one.team.name)))).sort(worstFirst),
    unowned: estate.unowned,
    ending: endingVersions(estate.versions, now),
    troubles,
    weeks: weekPoints(days, timezone, estateDayRecordOf(estate, true)),
    unread: estate.unread,
  };
}

function rankedTeam({ team, snapshot, before }: TeamEvidence, mutedUntilMs: number | undefined): RankedTeam {
  return {
    team: team.name,
    channel: team.channel,
    total: snapshot?.total ?? 0,
    share: snapshot && shareOf(snapshot.counts),
    attention: snapshot ? attentionOf(snapshot) : 0,
    shareBefore: before && shareOf(before.counts),
    mutedUntil: mutedUntilMs === undefined ? undefined : new Date(mutedUntilMs),
    hasDigest: team.digest !== undefined,
  };
}

/** Teams whose machines are all exempt or somebody else's have no share: they come after those that have one. */
function worstFirst(a: RankedTeam, b: RankedTeam): number {
  return (
    Number(a.total === 0) - Number(b.total === 0) ||
    Number(a.share === undefined) - Number(b.share === undefined) ||
    (a.share ?? 0) - (b.share ?? 0) ||
    b.attention - a.attention ||
    compareText(a.team, b.team)
  );
}
