import type { Projection, WeekPoint } from './digest.ts';
import type { TeamSnapshot } from './snapshot.ts';
import type { Team } from './team.ts';
import type { AgeStatistics } from './trend.ts';

/** What a trend can be asked for: states over the weeks, the age of the images in use, the versions in use. */
export type TrendChart = 'states' | 'ages' | 'versions';

/** The answer to `golden trend`. */
export interface TrendAnswer {
  readonly team: Team;
  readonly chart: TrendChart;
  /** One for each week, oldest first; none where nothing is remembered yet. */
  readonly points: readonly WeekPoint[];
  /** The last reading; absent where there was none yet. */
  readonly snapshot: TeamSnapshot | undefined;
  /** Ages of the images in use at the last reading, in whole days; absent where no day of publication is known. */
  readonly ages: AgeStatistics | undefined;
  readonly projection: Projection;
  readonly now: Date;
}
