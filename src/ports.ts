import type { Catalogue } from './core/catalogue.ts';
import type { Week } from './core/digest.ts';
import type { Day, DayRecord, OpenFinding } from './core/history.ts';
import type { Machine, MachineGroup } from './core/machine.ts';
import type { Exemption } from './core/policy.ts';
import type { Unread } from './core/report.ts';
import type { EstateSnapshot, TeamSnapshot } from './core/snapshot.ts';
import type { OwnedMembers } from './core/snapshot-of.ts';
import type { Ownership, Team } from './core/team.ts';

/** What we need of the outside, in our own words. Adapters implement it; the core never sees more than its values. */

/** Machines of a team, counted by Azure in groups that share a verdict. */
export interface GroupReading {
  readonly groups: readonly MachineGroup[];
  readonly unread: readonly Unread[];
  /** Resource Graph requests made. */
  readonly requests: number;
}

/** A group's key, how many rows stand behind it, and how urgent it is: 0 comes first. */
export interface KeyRank {
  readonly key: string;
  readonly count: number;
  readonly rank: number;
}

/** One page of a team's machines. */
export interface MachineReading {
  readonly machines: readonly Machine[];
  /** All machines of the team, counted independently of the groups. */
  readonly total: number;
  readonly requests: number;
}

/** A machine together with what its owner is decided on. */
export interface OwnedMachine {
  readonly machine: Machine;
  readonly ownership: Ownership;
}

/** Reads machines: VMs, instances of uniform scale sets, and the sets' models. */
export interface Inventory {
  /** @throws RetryableError, FatalError */
  groups(team: Team, exemptions: readonly Exemption[], signal?: AbortSignal): Promise<GroupReading>;
  /**
   * Rows of a team's machines that carry one of the keys: by rank, pets before cattle, then by name and id.
   *
   * @param page.keys Keys of machine groups, the most urgent first.
   * @param page.skip Rows to leave out.
   * @param page.top Rows to return at the most.
   * @throws RetryableError, FatalError
   */
  machines(
    team: Team,
    exemptions: readonly Exemption[],
    page: { readonly keys: readonly KeyRank[]; readonly skip: number; readonly top: number },
    signal?: AbortSignal,
  ): Promise<MachineReading>;
  /** Machines of this name or resource id, wherever they are; at most 50. */
  named(
    nameOrId: string,
    exemptions: readonly Exemption[],
    signal?: AbortSignal,
  ): Promise<{
    readonly machines: readonly OwnedMachine[];
    readonly unread: readonly Unread[];
    readonly requests: number;
  }>;
}

/** The approved galleries as far as they could be read. */
export interface CatalogueReading {
  readonly catalogue: Catalogue;
  readonly asOf: Date;
  /** Galleries and configured subscriptions that could not be read. */
  readonly unread: readonly Unread[];
  /** Requests made for this reading: 0 when it was shared. */
  readonly requests: number;
}

/** Reads the catalogue of approved images, shared between processes for its lifetime. */
export interface Galleries {
  /** @throws RetryableError, FatalError */
  read(options?: { readonly fresh?: boolean; readonly signal?: AbortSignal }): Promise<CatalogueReading>;
}

/** Lets equal questions share one answer, in this process and over all replicas. */
export interface Answers {
  /**
   * The answer to `key`: one in flight, one not older than its lifetime, or a new one. Values must survive JSON.
   *
   * @param options.fresh asks anew, unless the same question is being asked right now.
   */
  share<T>(
    key: string,
    ask: () => Promise<T>,
    options: { readonly lifetimeMs: number; readonly fresh?: boolean },
  ): Promise<{ readonly value: T; readonly reused: boolean }>;
}

export interface Clock {
  now(): Date;
}

/** Machines of the same owners that share a verdict. */
export interface OwnedGroup {
  /** Names of the teams they belong to; none for what is nobody's. */
  readonly teams: readonly string[];
  readonly group: MachineGroup;
}

/** Reads the machines of all teams in one pass: the number of requests depends neither on the teams nor on the fleet. */
export interface Census {
  /** @throws RetryableError, FatalError */
  groups(
    exemptions: readonly Exemption[],
    signal?: AbortSignal,
  ): Promise<{
    readonly groups: readonly OwnedGroup[];
    /** All machines in the scope, counted independently of the groups. */
    readonly total: number;
    readonly unread: readonly Unread[];
    readonly requests: number;
  }>;
  /**
   * Who is behind these keys.
   *
   * @param others All other keys, so that a query may name whichever are fewer.
   * @throws RetryableError, FatalError
   */
  members(
    exemptions: readonly Exemption[],
    keys: readonly KeyRank[],
    others: readonly string[],
    signal?: AbortSignal,
  ): Promise<{
    readonly members: readonly OwnedMembers[];
    readonly requests: number;
  }>;
}

/** Where the last pass over Azure is kept for all processes. */
export interface Snapshots {
  /** Keeps a pass; teams that are not in it any more are forgotten. */
  keep(estate: EstateSnapshot, teams: readonly TeamSnapshot[]): Promise<void>;
  /** The last pass, however old; undefined before the first. */
  estate(): Promise<EstateSnapshot | undefined>;
  team(name: string): Promise<TeamSnapshot | undefined>;
  /** Several at once; those nobody ever saw are left out. */
  teams(names: readonly string[]): Promise<readonly TeamSnapshot[]>;
}

/** What is remembered of every team and day, for two years. */
export interface History {
  /**
   * Remembers a day. The first complete reading of a day stands: whoever comes later changes nothing. An incomplete one is
   * replaced by a later one of the same day, and any by the one that a digest tells. All or nothing, whatever dies in between.
   *
   * @param reading.open The findings of the day with what they are.
   * @param reading.hides Whether a finding that is not among them may only be out of sight; such a one stays open.
   * @returns whether this reading is what is remembered of the day
   */
  record(
    team: string,
    record: DayRecord,
    open: readonly Omit<OpenFinding, 'since'>[],
    hides: (id: string) => boolean,
  ): Promise<boolean>;
  /** The records from a day on, oldest first. */
  days(team: string, from: Day): Promise<readonly DayRecord[]>;
  /** What was open at the end of a day (the last recorded one not after it); undefined where nothing is remembered. */
  openOn(team: string, day: Day): Promise<readonly OpenFinding[] | undefined>;
  /** The last recorded day. */
  lastDay(team: string): Promise<Day | undefined>;
}

/** How the digest of a week ended. */
export type WeekOutcome =
  | { readonly state: 'posted'; readonly channel: string; readonly ts: string; readonly late: boolean }
  /** It may be in the channel; nobody could look. */
  | { readonly state: 'unsure'; readonly channel: string }
  | { readonly state: 'skipped'; readonly why: string }
  | { readonly state: 'muted'; readonly untilMs: number }
  | { readonly state: 'undelivered'; readonly why: string; readonly remedy: string };

/** What the ledger knows of a week. */
export interface WeekEntry {
  readonly week: Week;
  readonly outcome: WeekOutcome | undefined;
  /** Why it could not be delivered so far; stands beside an outcome that is still open. */
  readonly trouble: { readonly why: string; readonly remedy: string } | undefined;
  /** When it ended, or the trouble was noted; milliseconds since 1970. */
  readonly atMs: number | undefined;
}

/** Which weeks' digests are done. Outside the queue, so that an emptied queue repeats nothing. */
export interface Ledger {
  /** Since when a team has digests: `nowMs` the first time it is asked. Weeks due before that are nobody's fault. */
  since(team: string, nowMs: number): Promise<number>;
  weeks(team: string, weeks: readonly Week[]): Promise<readonly WeekEntry[]>;
  /**
   * Takes a week to work on it, for `leaseMs`; again by the same token to keep it.
   *
   * @returns `taken`, `busy` while somebody else holds it, or how it ended
   */
  take(
    team: string,
    week: Week,
    lease: { readonly token: string; readonly nowMs: number; readonly leaseMs: number },
  ): Promise<'taken' | 'busy' | WeekOutcome>;
  /** Gives it back without an outcome, with the trouble there was. */
  giveBack(
    team: string,
    week: Week,
    token: string,
    trouble?: { why: string; remedy: string; atMs: number },
  ): Promise<void>;
  /** Ends a week. The first outcome stands. @returns whether this one does */
  settle(team: string, week: Week, outcome: WeekOutcome, atMs: number): Promise<boolean>;
}

/** A message to be said once and never twice. */
export type Begun =
  /** Ours to send, by this token. */
  | { readonly kind: 'go'; readonly token: string }
  | { readonly kind: 'sent'; readonly channel: string; readonly ts: string }
  /** Somebody began `sinceMs` (milliseconds since 1970) and never said how it ended. */
  | { readonly kind: 'pending'; readonly token: string; readonly sinceMs: number }
  /** Given up: it may have been said. */
  | { readonly kind: 'unsure' };

/** The record of what was said: written before and after each message, so that a process may die at any point. */
export interface Posts {
  /** How far it is; undefined where nobody began. Changes nothing. */
  look(key: string): Promise<Exclude<Begun, { kind: 'go' }> | undefined>;
  /** Begins, or tells how far it is. */
  begin(key: string, token: string, nowMs: number): Promise<Begun>;
  /** Begins anew in place of whoever began as `old`; tells how far it is where somebody was faster. */
  retake(key: string, old: string, token: string, nowMs: number): Promise<Begun>;
  /** It was said. Stands against whatever was recorded before. */
  sent(key: string, where: { readonly channel: string; readonly ts: string }): Promise<void>;
  /** It was certainly not said by this token: whoever comes next may begin. */
  release(key: string, token: string): Promise<void>;
  /** Nobody can tell whether this token said it: nobody says it again. */
  giveUp(key: string, token: string): Promise<void>;
}

/** Values that have to outlast a process for a while: what is about to be said, who muted what, whose teams. */
export interface Notes {
  /** @param lifetimeMs Forgotten after this. */
  put(key: string, value: unknown, lifetimeMs?: number): Promise<void>;
  get(key: string): Promise<unknown>;
  remove(key: string): Promise<void>;
}

/** A team's digests are silent until an instant. */
export interface Mute {
  readonly team: string;
  /** Milliseconds since 1970. */
  readonly untilMs: number;
  /** Slack user id. */
  readonly by: string;
}

/** Mutes; each ends by itself. */
export interface Mutes {
  put(mute: Mute): Promise<void>;
  remove(team: string): Promise<void>;
  /** Those in force. */
  all(nowMs: number): Promise<readonly Mute[]>;
}

/** Which teams a person chose to see. */
export interface Follows {
  of(user: string): Promise<readonly string[]>;
  add(user: string, team: string): Promise<void>;
  remove(user: string, team: string): Promise<void>;
}

/** Lets all replicas keep one pace. */
export interface Pace {
  /**
   * Reserves the next turn of each bucket.
   *
   * @returns milliseconds until then: 0 to go at once. Where that is more than `patienceMs`, nothing is reserved.
   */
  reserve(
    buckets: readonly { readonly key: string; readonly everyMs: number; readonly burst: number }[],
    patienceMs: number,
  ): Promise<number>;
  /** Nobody goes before this many milliseconds are over. */
  hold(key: string, ms: number): Promise<void>;
}

/** A message as Slack takes it: `text` is escaped mrkdwn, `blocks` Block Kit. */
export interface ChatMessage {
  readonly text: string;
  readonly blocks: readonly object[];
}

/** How saying something ended. */
export type Said =
  | { readonly kind: 'said'; readonly channel: string; readonly ts: string }
  /** Certainly not said. `channel`: the place is the trouble, and somebody there can mend it. */
  | { readonly kind: 'refused'; readonly about: 'channel' | 'other'; readonly why: string; readonly remedy: string }
  /** Certainly not said; Slack, or our own pace, asks to wait. */
  | { readonly kind: 'busy'; readonly waitMs: number }
  /** The answer was lost: it may have been said. */
  | { readonly kind: 'unsure'; readonly why: string };

/** Talks in Slack by itself, not in answer to somebody. */
export interface Chat {
  /**
   * Says it, at the pace that Slack allows over all replicas; joins a public channel where that is missing; leaves out the
   * chart, then the table, where Slack refuses them. Never tries again by itself where it may have been said.
   *
   * @param post.channel A channel's id, or a user's for a direct message.
   * @param post.key Goes with the message as metadata, so that `find` finds it again.
   * @param post.stillOurs Asked right before the request: a process that was suspended in between must not send any more.
   */
  say(post: {
    readonly channel: string;
    readonly thread?: string;
    readonly message: ChatMessage;
    readonly key: string;
    readonly stillOurs?: () => boolean;
  }): Promise<Said>;
  /**
   * Looks for what was said with a key at `sinceMs` or later.
   *
   * @returns where it is, `absent` where it certainly is not, `unreadable` where the bot may not look
   */
  find(place: {
    readonly channel: string;
    readonly thread?: string;
    readonly key: string;
    readonly sinceMs: number;
  }): Promise<
    | { readonly kind: 'found'; readonly channel: string; readonly ts: string }
    | { readonly kind: 'absent' }
    | { readonly kind: 'unreadable' }
    | { readonly kind: 'busy'; readonly waitMs: number }
  >;
}

/** Who may decide for a team, as Slack says. */
export interface People {
  /** Humans of this workspace who are approvers of the team, known for at most a minute. @throws RetryableError */
  approvers(team: Team): Promise<readonly string[]>;
  /** Whether a person is one of them at this moment. Asked for every decision. @throws RetryableError where Slack cannot say: nobody may decide then. */
  isApprover(team: Team, user: string): Promise<boolean>;
  /** A person's time zone, IANA; undefined where Slack does not tell. */
  timeZone(user: string): Promise<string | undefined>;
}

/** Whose teams are whose, for showing; nobody decides by it. */
export interface Memberships {
  /** Those of the teams whose approver a person is, known for at most a minute. @throws RetryableError, FatalError */
  teamsOf(user: string, teams: readonly Team[]): Promise<readonly Team[]>;
}
