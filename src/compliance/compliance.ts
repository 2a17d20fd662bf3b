import type { State } from '../core/classification.ts';
import type { Machine, MachineGroup } from '../core/machine.ts';
import { activeExemptions, type ImagePolicy } from '../core/policy.ts';
import {
  attentionKeys,
  type Finding,
  findingOf,
  type Judged,
  judge,
  type StatusReport,
  statusReport,
  type Unread,
} from '../core/report.ts';
import { type Team, teamsOf } from '../core/team.ts';
import type { Answers, CatalogueReading, Clock, Galleries, Inventory } from '../ports.ts';

/** How long an answer is shared, in milliseconds; it shows its age. */
const ANSWER_LIFETIME_MS = 60_000;

/** Rows of one window of a list: Resource Graph's largest page. */
export const WINDOW_ROWS = 1000;

/** Reports kept for those who share an answer. */
const REPORTS_KEPT = 100;

/** One page of a team's machines in the states asked for. */
export interface ListReport {
  readonly team: Team;
  readonly states: readonly State[] | undefined;
  readonly asOf: Date;
  readonly page: number;
  readonly pages: number;
  readonly matching: number;
  readonly findings: readonly Finding[];
  readonly unread: readonly Unread[];
  readonly requests: number;
}

/** One machine's verdict, with its owners and the rule that made it. */
export interface WhyReport {
  readonly finding: Finding;
  readonly machine: Machine;
  readonly teams: readonly Team[];
  readonly asOf: Date;
  readonly catalogueAsOf: Date;
}

/** What asking "why" found: one machine, several of that name, or none. */
export interface WhyAnswer {
  readonly asked: string;
  readonly reports: readonly WhyReport[];
  /** Where such a machine could be and was not looked for. */
  readonly unread: readonly Unread[];
  readonly requests: number;
}

/** What one reading of a team holds; survives JSON, so that replicas can share it. */
interface TeamReading {
  readonly asOfMs: number;
  readonly groups: readonly MachineGroup[];
  readonly machines: readonly Machine[];
  readonly total: number;
  readonly unread: readonly Unread[];
  readonly requests: number;
}

/** Reads compliance: asks Azure through the ports and lets the core decide. */
export class Compliance {
  readonly #inventory: Inventory;
  readonly #galleries: Galleries;
  readonly #answers: Answers;
  readonly #clock: Clock;
  readonly #policy: ImagePolicy;
  readonly #teams: readonly Team[];
  /** The last reports by what they were made of: those who share an answer share the work of judging it too. */
  readonly #reports = new Map<string, StatusReport>();

  constructor(parts: {
    inventory: Inventory;
    galleries: Galleries;
    answers: Answers;
    clock: Clock;
    policy: ImagePolicy;
    teams: readonly Team[];
  }) {
    this.#inventory = parts.inventory;
    this.#galleries = parts.galleries;
    this.#answers = parts.answers;
    this.#clock = parts.clock;
    this.#policy = parts.policy;
    this.#teams = parts.teams;
  }

  /**
   * A team's status with its worst findings.
   *
   * @param options.limit Findings at the most.
   * @throws RetryableError, FatalError
   */
  async status(team: Team, options: { readonly limit: number; readonly fresh?: boolean }): Promise<StatusReport> {
    const { value, catalogue } = await this.#reading(
      `status:${team.name}:${options.limit}`,
      team,
      options.fresh,
      (judged) => ({
        keys: attentionKeys(judged),
        skip: 0,
        top: options.limit,
      }),
    );
    return this.#once(`${team.name}:${options.limit}:${value.asOfMs}:${catalogue.asOf.getTime()}`, () =>
      this.#report(team, value, catalogue),
    );
  }

  /**
   * One page of a team's machines.
   *
   * @param options.states Only these states; absent: whatever needs attention.
   * @param options.page From 1. @param options.pageSize Rows of a page; must divide WINDOW_ROWS.
   * @throws RetryableError, FatalError
   */
  async list(
    team: Team,
    options: {
      readonly states?: readonly State[];
      readonly page: number;
      readonly pageSize: number;
      readonly fresh?: boolean;
    },
  ): Promise<ListReport> {
    const { states, page, pageSize } = options;
    const window = Math.floor(((page - 1) * pageSize) / WINDOW_ROWS);
    const key = `list:${team.name}:${states?.join('+') ?? 'attention'}:${window}`;
    const { value, catalogue } = await this.#reading(key, team, options.fresh, (judged) => ({
      keys: attentionKeys(judged, states),
      skip: window * WINDOW_ROWS,
      top: WINDOW_ROWS,
    }));
    const asOf = new Date(value.asOfMs);
    const exemptions = activeExemptions(this.#policy, asOf);
    const judged = judge(value.groups, exemptions, catalogue.catalogue, this.#policy, asOf);
    const matching = attentionKeys(judged, states).reduce((sum, { count }) => sum + count, 0);
    const first = (page - 1) * pageSize - window * WINDOW_ROWS;
    return {
      team,
      states,
      asOf,
      page,
      pages: Math.max(1, Math.ceil(matching / pageSize)),
      matching,
      findings: value.machines
        .slice(first, first + pageSize)
        .map((machine) => findingOf(machine, team.kind, exemptions, catalogue.catalogue, this.#policy, asOf)),
      unread: [...catalogue.unread, ...value.unread],
      requests: value.requests,
    };
  }

  /** Why a machine is in its state. @throws RetryableError, FatalError */
  async why(nameOrId: string, options: { readonly fresh?: boolean } = {}): Promise<WhyAnswer> {
    const [{ value: found, reused }, catalogue] = await Promise.all([
      this.#answers.share(`why:${nameOrId.toLowerCase()}`, () => this.#named(nameOrId), {
        lifetimeMs: ANSWER_LIFETIME_MS,
        ...options,
      }),
      this.#galleries.read(options),
    ]);
    const asOf = new Date(found.asOfMs);
    const exemptions = activeExemptions(this.#policy, asOf);
    const reports = found.machines.map(({ machine, ownership }): WhyReport => {
      const teams = teamsOf(ownership, this.#teams);
      const kind = teams[0]?.kind ?? 'cattle';
      return {
        finding: findingOf(machine, kind, exemptions, catalogue.catalogue, this.#policy, asOf),
        machine,
        teams,
        asOf,
        catalogueAsOf: catalogue.asOf,
      };
    });
    const requests = (reused ? 0 : found.requests) + catalogue.requests;
    return { asked: nameOrId, reports, unread: found.unread, requests };
  }

  async #named(nameOrId: string) {
    const asOf = this.#clock.now();
    return { asOfMs: asOf.getTime(), ...(await this.#inventory.named(nameOrId, activeExemptions(this.#policy, asOf))) };
  }

  /** One shared reading of a team, and the catalogue it is judged by. */
  async #reading(
    key: string,
    team: Team,
    fresh: boolean | undefined,
    pick: (judged: readonly Judged[]) => { keys: ReturnType<typeof attentionKeys>; skip: number; top: number },
  ): Promise<{ value: TeamReading; catalogue: CatalogueReading }> {
    const anew = fresh === undefined ? {} : { fresh };
    const { value } = await this.#answers.share(key, () => this.#read(team, anew, pick), {
      lifetimeMs: ANSWER_LIFETIME_MS,
      ...anew,
    });
    // Shared since #read asked for it, or by whoever gave this answer; read anew only when its lifetime ended in between.
    return { value, catalogue: await this.#galleries.read() };
  }

  async #read(
    team: Team,
    anew: { fresh?: boolean },
    pick: (judged: readonly Judged[]) => { keys: ReturnType<typeof attentionKeys>; skip: number; top: number },
  ): Promise<TeamReading> {
    const asOf = this.#clock.now();
    const exemptions = activeExemptions(this.#policy, asOf);
    const [reading, grouped] = await Promise.all([
      this.#galleries.read(anew),
      this.#inventory.groups(team, exemptions),
    ]);
    const { groups, unread } = grouped;
    const { keys, skip, top } = pick(judge(groups, exemptions, reading.catalogue, this.#policy, asOf));
    const rows = keys.reduce((sum, { count }) => sum + count, 0);
    const page = await this.#inventory.machines(team, exemptions, {
      keys,
      skip,
      top: Math.max(1, Math.min(top, rows - skip)),
    });
    return {
      asOfMs: asOf.getTime(),
      groups,
      machines: page.machines,
      total: page.total,
      unread,
      requests: reading.requests + grouped.requests + page.requests,
    };
  }

  #once(key: string, make: () => StatusReport): StatusReport {
    const known = this.#reports.get(key);
    if (known) return known;
    const report = make();
    const [oldest] = this.#reports.keys();
    if (this.#reports.size >= REPORTS_KEPT && oldest !== undefined) this.#reports.delete(oldest);
    this.#reports.set(key, report);
    return report;
  }

  #report(team: Team, value: TeamReading, reading: CatalogueReading): StatusReport {
    const asOf = new Date(value.asOfMs);
    return statusReport(
      team,
      {
        asOf,
        groups: value.groups,
        total: value.total,
        machines: value.machines,
        exemptions: activeExemptions(this.#policy, asOf),
        unread: [...reading.unread, ...value.unread],
        requests: value.requests,
      },
      reading.catalogue,
      this.#policy,
    );
  }
}
