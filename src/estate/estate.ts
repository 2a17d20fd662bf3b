import { FatalError } from '../core/errors.ts';
import { activeExemptions, type ImagePolicy } from '../core/policy.ts';
import { attentionKeys, judge } from '../core/report.ts';
import type { EstateSnapshot, TeamSnapshot } from '../core/snapshot.ts';
import { snapshotsOf } from '../core/snapshot-of.ts';
import type { Team } from '../core/team.ts';
import type { Answers, Census, Clock, Galleries, Snapshots } from '../ports.ts';

/** How long a pass over Azure is good for, in milliseconds; what is made of it shows its age. */
export const PASS_LIFETIME_MS = 10 * 60_000;

/** All that the answers of a pass share: what it found is in the snapshots. */
interface PassDone {
  readonly asOfMs: number;
}

/** The whole estate as one pass over Azure found it, shared by everybody who needs more than one team. */
export class Estate {
  readonly #census: Census;
  readonly #galleries: Galleries;
  readonly #snapshots: Snapshots;
  readonly #answers: Answers;
  readonly #clock: Clock;
  readonly #policy: ImagePolicy;
  readonly #teams: readonly Team[];

  constructor(parts: {
    readonly census: Census;
    readonly galleries: Galleries;
    readonly snapshots: Snapshots;
    readonly answers: Answers;
    readonly clock: Clock;
    readonly policy: ImagePolicy;
    readonly teams: readonly Team[];
  }) {
    this.#census = parts.census;
    this.#galleries = parts.galleries;
    this.#snapshots = parts.snapshots;
    this.#answers = parts.answers;
    this.#clock = parts.clock;
    this.#policy = parts.policy;
    this.#teams = parts.teams;
  }

  /**
   * A pass that is not older than its lifetime: one that is there or under way in any process, else a new one.
   *
   * @param options.fresh makes a new one, unless one is under way.
   * @throws RetryableError, FatalError when Azure cannot be read; the last pass stays where it is
   */
  async refresh(options: { readonly fresh?: boolean } = {}): Promise<EstateSnapshot> {
    await this.#share(options.fresh ?? false);
    // What was shared may be gone from the store, or be another process's that the store never got.
    const kept = await this.estate();
    if (kept !== undefined) return kept;
    await this.#share(true);
    const made = await this.estate();
    if (made === undefined) throw notKept('the pass over Azure');
    return made;
  }

  /** The last pass, however old; undefined before the first. */
  estate(): Promise<EstateSnapshot | undefined> {
    return this.#snapshots.estate();
  }

  /** A team's part of the last pass, however old; undefined before the first. */
  team(name: string): Promise<TeamSnapshot | undefined> {
    return this.#snapshots.team(name);
  }

  /** Several teams' parts of the last pass; those it does not know are left out. */
  teams(names: readonly string[]): Promise<readonly TeamSnapshot[]> {
    return this.#snapshots.teams(names);
  }

  /**
   * A team's part of a pass that is not older than its lifetime.
   *
   * @param name A configured team's. @throws RetryableError, FatalError
   */
  async current(name: string): Promise<TeamSnapshot> {
    await this.refresh();
    const snapshot = await this.team(name);
    if (snapshot === undefined) throw notKept(`team ${name}`);
    return snapshot;
  }

  async #share(fresh: boolean): Promise<void> {
    await this.#answers.share<PassDone>('estate', () => this.#pass(fresh), { lifetimeMs: PASS_LIFETIME_MS, fresh });
  }

  async #pass(fresh: boolean): Promise<PassDone> {
    const asOf = this.#clock.now();
    const exemptions = activeExemptions(this.#policy, asOf);
    const [reading, grouped] = await Promise.all([this.#galleries.read({ fresh }), this.#census.groups(exemptions)]);
    const groups = grouped.groups.map(({ group }) => group);
    const keys = attentionKeys(judge(groups, exemptions, reading.catalogue, this.#policy, asOf));
    const wanted = new Set(keys.map(({ key }) => key));
    const others = [...new Set(groups.map(({ key }) => key))].filter((key) => !wanted.has(key));
    const named = await this.#census.members(exemptions, keys, others);
    const { estate, teams } = snapshotsOf({
      groups: grouped.groups,
      members: named.members,
      total: grouped.total,
      catalogue: reading.catalogue,
      policy: this.#policy,
      exemptions,
      teams: this.#teams,
      unread: [...reading.unread, ...grouped.unread],
      asOf,
      requests: reading.requests + grouped.requests + named.requests,
    });
    await this.#snapshots.keep(estate, teams);
    return { asOfMs: asOf.getTime() };
  }
}

function notKept(what: string): FatalError {
  return new FatalError(
    `What was read of ${what} was not kept.`,
    'Check that Redis has memory left and evicts no keys, then ask again.',
  );
}
