import type { WeekPoint } from '../core/digest.ts';
import { GoldenError } from '../core/errors.ts';
import type { TeamSnapshot } from '../core/snapshot.ts';
import { folded, type Team } from '../core/team.ts';
import { attentionOf, weekPoints } from '../core/trend.ts';
import { nextDue } from '../core/week.ts';
import { hasDigest } from '../digest/digests.ts';
import type { Memory } from '../digest/memory.ts';
import { type Estate, PASS_LIFETIME_MS } from '../estate/estate.ts';
import type { Clock, Follows, Memberships, Mutes, People } from '../ports.ts';

/** What a person's Home tab tells. */
export interface Home {
  readonly user: string;
  readonly teams: readonly {
    readonly team: Team;
    readonly snapshot: TeamSnapshot | undefined;
    readonly points: readonly WeekPoint[];
    readonly next: { readonly due: Date } | undefined;
    readonly mutedUntil: Date | undefined;
    readonly mine: 'approver' | 'chosen';
  }[];
  readonly others: readonly Team[];
  readonly asOf: Date | undefined;
  readonly problem: string | undefined;
  readonly timezone: string | undefined;
  readonly now: Date;
}

export interface HomesParts {
  readonly estate: Pick<Estate, 'estate' | 'teams' | 'refresh'>;
  readonly memory: Pick<Memory, 'days'>;
  readonly follows: Pick<Follows, 'of'>;
  readonly mutes: Pick<Mutes, 'all'>;
  readonly people: Memberships & Pick<People, 'timeZone'>;
  readonly clock: Clock;
  readonly teams: readonly Team[];
  /** How long somebody who opens the tab waits for Slack to say which teams are theirs, in milliseconds. */
  readonly patienceMs?: number;
}

const WEEKS = 12;
const PATIENCE_MS = 1500;
/** As many as the tab shows; the rest is told by number. */
const MOST_TEAMS = 40;

/** Tells people how their teams stand, from the last reading of Azure. */
export class Homes {
  readonly #parts: HomesParts;

  constructor(parts: HomesParts) {
    this.#parts = parts;
  }

  /** What is known within a moment: Azure is not asked, and Slack not for long. */
  async known(user: string): Promise<Home> {
    return this.#tell(user, this.#parts.patienceMs ?? PATIENCE_MS);
  }

  /** After Azure was read anew where that is due, and with all that Slack says, however long that takes. */
  async fresh(user: string): Promise<Home> {
    const { estate, clock } = this.#parts;
    const last = await estate.estate();
    const isDue = last === undefined || clock.now().getTime() - last.asOfMs > PASS_LIFETIME_MS;
    const problem = isDue ? await whyNot(estate.refresh()) : undefined;
    return this.#tell(user, undefined, problem);
  }

  async #tell(user: string, patienceMs: number | undefined, failure?: string): Promise<Home> {
    const { estate, follows, mutes, people, clock, teams } = this.#parts;
    const now = clock.now();
    const problems = failure === undefined ? [] : [failure];
    const [approved, chosen, timezone, muted, last] = await Promise.all([
      within(patienceMs, people.teamsOf(user, teams)).catch((error: unknown) => {
        problems.push(sentenceOf(error));
        // Only for show: whoever decides is asked for anew, and nobody decides where Slack does not answer.
        return teams.filter(({ approvers }) => approvers.users.includes(user)) as readonly Team[];
      }),
      follows.of(user),
      within(patienceMs, people.timeZone(user)).catch(() => undefined),
      mutes.all(now.getTime()),
      estate.estate(),
    ]);
    const mine = teams.flatMap((team): { readonly team: Team; readonly mine: 'approver' | 'chosen' }[] => {
      if (approved.includes(team)) return [{ team, mine: 'approver' }];
      return chosen.includes(team.name) ? [{ team, mine: 'chosen' }] : [];
    });
    const snapshots = new Map((await estate.teams(mine.map(({ team }) => team.name))).map((each) => [each.team, each]));
    // Where there are more than the tab shows, those that need attention most.
    const needs = ({ team }: { readonly team: Team }) => attentionOf(snapshots.get(team.name) ?? { cases: [] });
    if (mine.length > MOST_TEAMS) mine.sort((a, b) => needs(b) - needs(a));
    const until = new Map(muted.map((mute) => [folded(mute.team), new Date(mute.untilMs)]));
    const told = await Promise.all(
      mine.map(async ({ team, mine: why }, index) => ({
        team,
        mine: why,
        snapshot: snapshots.get(team.name),
        points: index < MOST_TEAMS ? await this.#points(team) : [],
        next: hasDigest(team) ? nextDue(team.digest, now) : undefined,
        mutedUntil: until.get(folded(team.name)),
      })),
    );
    return {
      user,
      teams: told,
      others: teams.filter((team) => !mine.some((each) => each.team === team)),
      asOf: last && new Date(last.asOfMs),
      problem: problems.length === 0 ? undefined : problems.join(' '),
      timezone: timezone ?? undefined,
      now,
    };
  }

  async #points(team: Team): Promise<readonly WeekPoint[]> {
    const days = await this.#parts.memory.days(team, WEEKS);
    return weekPoints(days, team.digest?.timezone ?? 'UTC', undefined, WEEKS);
  }
}

async function whyNot(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return sentenceOf(error);
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof GoldenError) return `${error.message} ${error.hint}`;
  return error instanceof TookTooLong ? 'Slack has not said yet which teams are yours.' : 'Something went wrong here.';
}

class TookTooLong extends Error {}

/** Gives up waiting; what was asked goes on and is there for the next who asks. */
async function within<T>(ms: number | undefined, work: Promise<T>): Promise<T> {
  if (ms === undefined) return work;
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new TookTooLong()), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
