import { projectionOf } from '../core/projection.ts';
import type { Team } from '../core/team.ts';
import { ageStatistics, weekPoints } from '../core/trend.ts';
import type { TrendAnswer, TrendChart } from '../core/trend-answer.ts';
import type { Estate } from '../estate/estate.ts';
import type { Clock } from '../ports.ts';
import type { Memory } from './memory.ts';

/** Weeks of a trend: as many points as a chart takes and a reader can tell apart on a phone. */
const WEEKS = 12;

/** Tells how teams fared. */
export class Trends {
  readonly #parts: {
    readonly memory: Pick<Memory, 'days'>;
    readonly estate: Pick<Estate, 'team'>;
    readonly clock: Clock;
  };

  constructor(parts: { memory: Pick<Memory, 'days'>; estate: Pick<Estate, 'team'>; clock: Clock }) {
    this.#parts = parts;
  }

  /** A team's last weeks, from memory and the last reading: Azure is not asked. @throws RetryableError, UserError */
  async of(team: Team, chart: TrendChart): Promise<TrendAnswer> {
    const { memory, estate, clock } = this.#parts;
    const now = clock.now();
    const [days, snapshot] = await Promise.all([memory.days(team, WEEKS), estate.team(team.name)]);
    const points = weekPoints(days, team.digest?.timezone ?? 'UTC', undefined, WEEKS);
    return {
      team,
      chart,
      points,
      snapshot,
      ages: ageStatistics(snapshot?.ages ?? []),
      projection: projectionOf(points, now),
      now,
    };
  }
}
