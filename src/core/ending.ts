import type { EndingVersion } from './digest.ts';
import { DAY_MS } from './local-time.ts';
import type { VersionUse } from './snapshot.ts';
import { compareText } from './text.ts';

/** Long enough to plan a rebuild, short enough to begin with it. */
const SOON_DAYS = 30;

/**
 * The image versions in use that end within 30 days, soonest first. What ended already is a finding and not among them.
 * Uses of the same version are put together; where they disagree on its end, the earliest counts.
 */
export function endingVersions(versions: readonly VersionUse[], now: Date): readonly EndingVersion[] {
  const nowMs = now.getTime();
  const ending = new Map<string, Omit<EndingVersion, 'daysLeft'>>();
  for (const { definition, version, machines, endsAtMs } of versions) {
    if (endsAtMs === undefined || endsAtMs <= nowMs || endsAtMs > nowMs + SOON_DAYS * DAY_MS) continue;
    const key = JSON.stringify([definition, version]);
    const known = ending.get(key);
    ending.set(key, {
      definition,
      version,
      machines: machines + (known?.machines ?? 0),
      endsAt: new Date(Math.min(endsAtMs, known?.endsAt.getTime() ?? endsAtMs)),
    });
  }
  return [...ending.values()]
    .sort(
      (a, b) =>
        a.endsAt.getTime() - b.endsAt.getTime() ||
        b.machines - a.machines ||
        compareText(`${a.definition} ${a.version}`, `${b.definition} ${b.version}`),
    )
    .map((version) => ({ ...version, daysLeft: daysUntil(version.endsAt, now) }));
}

/** Days on the calendar of UTC, which is the one dates are said in: 0 is today. */
function daysUntil(end: Date, now: Date): number {
  return Math.floor(end.getTime() / DAY_MS) - Math.floor(now.getTime() / DAY_MS);
}
