import { addDays } from 'date-fns/addDays';
import type { Digest, PlatformDigest, SkippedWeek, Trouble, Week } from '../core/digest.ts';
import { digestOf } from '../core/digest-of.ts';
import { hidesOf } from '../core/hidden.ts';
import { type Day, type DayRecord, dayOf } from '../core/history.ts';
import { platformDigestOf } from '../core/platform-digest.ts';
import type { EstateSnapshot, TeamSnapshot } from '../core/snapshot.ts';
import type { Platform, Team, TeamDigest } from '../core/team.ts';
import { dayRecordOf, estateDayRecordOf } from '../core/trend.ts';
import { dueAt } from '../core/week.ts';
import type { Estate } from '../estate/estate.ts';
import type { Clock, History, Mutes, WeekEntry } from '../ports.ts';

/** The platform's name in the history: all machines, each counted once. */
const ALL = '@platform';

/** What a trend of twelve weeks and a week before it take. */
const DAYS_READ = 13 * 7;
/** Where no digest was posted before, the comparison is with how it was a week ago. */
const BEFORE_DAYS = 7;

export interface MemoryParts {
  readonly estate: Pick<Estate, 'refresh' | 'current' | 'teams'>;
  readonly history: History;
  readonly mutes: Pick<Mutes, 'all'>;
  readonly clock: Clock;
  readonly teams: readonly Team[];
  readonly platform: Platform;
}

/** Remembers how every team stood, and tells it with what stands today. */
export class Memory {
  readonly #parts: MemoryParts;

  constructor(parts: MemoryParts) {
    this.#parts = parts;
  }

  /**
   * Remembers today of every team and of the whole. Safe to repeat: the first complete reading of a day stands.
   *
   * @param options.fresh reads Azure anew instead of taking a reading of the last minutes.
   * @returns what is worth a log line @throws RetryableError, FatalError
   */
  async record(
    options: { readonly fresh?: boolean } = {},
  ): Promise<{ readonly teams: number; readonly recorded: number; readonly requests: number }> {
    const { estate, teams } = this.#parts;
    const whole = await estate.refresh(options);
    const snapshots = await estate.teams(teams.map(({ name }) => name));
    let recorded = 0;
    for (const snapshot of snapshots) if (await this.#remember(snapshot)) recorded += 1;
    await this.#rememberAll(whole);
    return { teams: teams.length, recorded, requests: whole.requests };
  }

  /**
   * What a team's digest of a week says now; remembers today on the way.
   *
   * @param options.told It is the weekly one: the next is compared with this very reading. @throws RetryableError, FatalError
   */
  async digestOf(
    team: Team,
    week: Week,
    earlier: readonly WeekEntry[],
    options: { readonly told?: boolean } = {},
  ): Promise<Digest> {
    const { estate, history, clock } = this.#parts;
    const snapshot = await estate.current(team.name);
    await this.#remember(snapshot, options.told);
    const now = clock.now();
    const days = await history.days(team.name, dayOf(addDays(now, -daysToRead(team))));
    const before = beforeDay(earlier, days, now);
    const [openBefore, openNow] = await Promise.all([
      history.openOn(team.name, before),
      history.openOn(team.name, dayOf(now)),
    ]);
    return digestOf({
      team,
      week,
      snapshot,
      openBefore,
      openNow,
      days,
      beforeDay: openBefore === undefined ? undefined : before,
      hides: hidesOf(snapshot.unread),
      skipped: team.digest === undefined ? [] : skippedOf(earlier, week, team.digest),
      now,
    });
  }

  /** What the platform's digest of a week says now. @throws RetryableError, FatalError */
  async platformDigestOf(week: Week, troubles: readonly Trouble[]): Promise<PlatformDigest> {
    const { estate, history, mutes, clock, teams, platform } = this.#parts;
    const whole = await estate.refresh();
    await this.#rememberAll(whole);
    const now = clock.now();
    const snapshots = new Map(
      (await estate.teams(teams.map(({ name }) => name))).map((snapshot) => [snapshot.team, snapshot]),
    );
    const [days, muted, befores] = await Promise.all([
      history.days(ALL, dayOf(addDays(now, -DAYS_READ))),
      mutes.all(now.getTime()),
      Promise.all(teams.map((team) => this.#recordBefore(team, now))),
    ]);
    return platformDigestOf({
      week,
      estate: whole,
      teams: teams.map((team, index) => ({ team, snapshot: snapshots.get(team.name), before: befores[index] })),
      mutes: muted,
      troubles,
      days,
      timezone: platform.digest.timezone,
      now,
    });
  }

  /** The records of a team for a trend. @throws RetryableError, UserError where nothing is kept */
  days(team: Team, weeks: number): Promise<readonly DayRecord[]> {
    const { history, clock } = this.#parts;
    return history.days(team.name, dayOf(addDays(clock.now(), -7 * (weeks + 1))));
  }

  /** How a team stood a week ago. */
  async #recordBefore(team: Team, now: Date): Promise<DayRecord | undefined> {
    const until = dayOf(addDays(now, -BEFORE_DAYS));
    const days = await this.#parts.history.days(team.name, dayOf(addDays(now, -2 * BEFORE_DAYS)));
    return days.findLast(({ day }) => day <= until);
  }

  #remember(snapshot: TeamSnapshot, told = false): Promise<boolean> {
    const open = snapshot.cases.flatMap(({ ids, state, image }) => ids.map((id) => ({ id, state, image })));
    const record = { ...dayRecordOf(snapshot, snapshot.unread.length === 0), ...(told && { told }) };
    return this.#parts.history.record(snapshot.team, record, open, hidesOf(snapshot.unread));
  }

  #rememberAll(whole: EstateSnapshot): Promise<boolean> {
    const complete = whole.unread.length === 0;
    return this.#parts.history.record(ALL, estateDayRecordOf(whole, complete), [], () => false);
  }
}

/** Back to the trend's first week, to the last digest, and to as many weeks as it takes to call a team stuck. */
function daysToRead({ digest }: Team): number {
  return Math.max(DAYS_READ, 7 * ((digest?.escalateAfterWeeks ?? 0) + 2));
}

/**
 * The day a digest is compared with: that of the reading which the last posted one told. It may be the day before, where
 * that was posted just after midnight, or had to wait for Slack.
 */
function beforeDay(earlier: readonly WeekEntry[], days: readonly DayRecord[], now: Date): Day {
  const atMs = earlier.findLast(({ outcome }) => outcome?.state === 'posted')?.atMs;
  if (atMs === undefined) return dayOf(addDays(now, -BEFORE_DAYS));
  const told = days.findLast((record) => record.told && record.asOfMs <= atMs);
  const isItsOwn = told !== undefined && told.asOfMs > addDays(atMs, -BEFORE_DAYS).getTime();
  return isItsOwn ? told.day : dayOf(new Date(atMs));
}

/** The weeks since the last posted one whose digest nobody got. */
function skippedOf(earlier: readonly WeekEntry[], week: Week, time: TeamDigest): readonly SkippedWeek[] {
  const posted = earlier.findLastIndex((entry) => entry.outcome?.state === 'posted');
  return earlier
    .slice(posted + 1)
    .flatMap(({ week: missed, outcome }) =>
      missed < week && (outcome?.state === 'skipped' || outcome?.state === 'undelivered')
        ? [{ week: missed, due: dueAt(time, missed), why: outcome.why }]
        : [],
    );
}
