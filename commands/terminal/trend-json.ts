import type { Projection } from '../../src/core/digest.ts';
import { dayOf } from '../../src/core/history.ts';
import { ATTENTION } from '../../src/core/report.ts';
import type { TrendAnswer } from '../../src/core/trend-answer.ts';

/** What `golden trend --json` prints: a contract with scripts, as in json.ts. All of it, whichever chart was asked for. */
export function trendJson({ team, points, snapshot, ages, projection }: TrendAnswer) {
  return {
    team: team.name,
    asOf: snapshot ? new Date(snapshot.asOfMs).toISOString() : null,
    weeks: points.map(({ week, day, total, counts, share, attention, medianAgeDays, p90AgeDays }) => ({
      week,
      day,
      total,
      counts,
      share: share ?? null,
      attention,
      medianAgeDays: medianAgeDays ?? null,
      p90AgeDays: p90AgeDays ?? null,
    })),
    projection: projectionJson(projection),
    ages: {
      medianDays: ages?.medianDays ?? null,
      p90Days: ages?.p90Days ?? null,
      /** `[age in days, machines]`, youngest first. */
      histogram: snapshot?.ages ?? [],
    },
    versions: (snapshot?.versions ?? []).map(({ definition, version, state, machines, ageDays, endsAtMs }) => ({
      definition,
      version: version === '' ? null : version,
      state,
      machines,
      ageDays: ageDays ?? null,
      endsAt: endsAtMs === undefined ? null : new Date(endsAtMs).toISOString(),
    })),
    unread: snapshot?.unread ?? [],
  };
}

/** 1 where something needed attention at the last reading, something could not be read, or nothing is known yet. */
export function trendExitCode({ snapshot }: TrendAnswer): 0 | 1 {
  if (snapshot === undefined || snapshot.unread.length > 0) return 1;
  return ATTENTION.some((state) => snapshot.counts[state] > 0) ? 1 : 0;
}

function projectionJson(projection: Projection) {
  return {
    kind: projection.kind,
    date: projection.kind === 'on' ? dayOf(projection.date) : null,
    perWeek: 'perWeek' in projection ? projection.perWeek : null,
  };
}
