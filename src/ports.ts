import type { Catalogue } from './core/catalogue.ts';
import type { Machine, MachineGroup } from './core/machine.ts';
import type { Exemption } from './core/policy.ts';
import type { Unread } from './core/report.ts';
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
