import type { State } from './classification.ts';
import type { Day } from './history.ts';
import type { Counts, Unread } from './report.ts';
import type { Case } from './snapshot.ts';
import type { Team } from './team.ts';

/** An ISO week: `2026-W47`. */
export type Week = string;

/** One point of a trend. */
export interface WeekPoint {
  readonly week: Week;
  /** The day it was recorded on. */
  readonly day: Day;
  readonly total: number;
  readonly counts: Counts;
  readonly share: number | undefined;
  readonly attention: number;
  readonly medianAgeDays: number | undefined;
  readonly p90AgeDays: number | undefined;
}

/** Machines of one case, with how long the oldest of them is open. */
export interface CaseGroup {
  readonly case: Case;
  /** Those of `case.ids` that this group is about. */
  readonly ids: readonly string[];
  /** Absent for what is new. */
  readonly since: Day | undefined;
}

/** Findings that are gone, by what they were. */
export interface FixedGroup {
  readonly state: State;
  readonly image: string;
  readonly ids: readonly string[];
}

/** An image version that machines use and that ends soon. */
export interface EndingVersion {
  readonly definition: string;
  readonly version: string;
  readonly machines: number;
  readonly endsAt: Date;
  readonly daysLeft: number;
}

/** When a team is done if it goes on as it does. `perWeek`: how its findings change in a week, negative where they become fewer. */
export type Projection =
  | { readonly kind: 'done' }
  | { readonly kind: 'on'; readonly date: Date; readonly perWeek: number }
  /** Its findings do not become fewer. */
  | { readonly kind: 'never'; readonly perWeek: number }
  /** Too few weeks to tell. */
  | { readonly kind: 'unknown' };

/** A week whose digest was not posted in time. */
export interface SkippedWeek {
  readonly week: Week;
  readonly due: Date;
  readonly why: string;
}

/** What a team's weekly digest says. */
export interface Digest {
  readonly team: Team;
  readonly week: Week;
  readonly asOf: Date;
  readonly total: number;
  readonly counts: Counts;
  readonly share: number | undefined;
  readonly attention: number;
  /** What it is compared with: the last digest's day, else the record a week old; absent for the first. */
  readonly before: WeekPoint | undefined;
  /** At most 12, oldest first; the last one is now. */
  readonly weeks: readonly WeekPoint[];
  /** New since `before`, worst first; everything is new to a first digest, which says so instead. */
  readonly fresh: readonly CaseGroup[];
  /** Still open, oldest first. */
  readonly open: readonly CaseGroup[];
  readonly fixed: readonly FixedGroup[];
  /** Findings of `before` that cannot be seen now because something could not be read. */
  readonly hidden: number;
  /** Within 30 days, soonest first. */
  readonly ending: readonly EndingVersion[];
  readonly projection: Projection;
  /** Weeks without progress where that is too many; absent where nobody needs to be called. */
  readonly stuckWeeks: number | undefined;
  readonly skipped: readonly SkippedWeek[];
  readonly unread: readonly Unread[];
  readonly warnings: readonly string[];
}

/** A team's line in the platform's digest. */
export interface RankedTeam {
  readonly team: string;
  readonly channel: string | undefined;
  readonly total: number;
  readonly share: number | undefined;
  readonly attention: number;
  /** Share then, a week ago. */
  readonly shareBefore: number | undefined;
  /** Digests are not posted before this instant. */
  readonly mutedUntil: Date | undefined;
  readonly hasDigest: boolean;
}

/** A digest that could not be delivered. */
export interface Trouble {
  readonly team: string;
  readonly week: Week;
  readonly why: string;
  readonly remedy: string;
}

/** What the platform's weekly digest says. */
export interface PlatformDigest {
  readonly week: Week;
  readonly asOf: Date;
  readonly total: number;
  readonly counts: Counts;
  readonly share: number | undefined;
  /** The lowest share first, then the most findings; teams without machines last. */
  readonly teams: readonly RankedTeam[];
  readonly unowned: { readonly total: number; readonly counts: Counts; readonly examples: readonly string[] };
  readonly ending: readonly EndingVersion[];
  readonly troubles: readonly Trouble[];
  readonly weeks: readonly WeekPoint[];
  readonly unread: readonly Unread[];
}
