import type { Screen } from '../../src/command.ts';
import type { ScheduleAnswer } from '../../src/slack/views/schedule.ts';
import { bold, safe } from './paint.ts';

/** What `golden schedule --json` prints; times are instants in UTC. */
export function scheduleJson({ entries, platform }: ScheduleAnswer) {
  return {
    digests: entries
      .filter(({ hasDigest }) => hasDigest)
      .map(({ team, channel, week, due, mutedUntil }) => ({
        team,
        channel: channel ?? null,
        week,
        due: due.toISOString(),
        mutedUntil: mutedUntil?.toISOString() ?? null,
      })),
    withoutDigest: entries.filter(({ hasDigest }) => !hasDigest).map(({ team }) => team),
    platform: platform ? { channel: platform.channel, due: platform.due.toISOString() } : null,
  };
}

/** What `golden schedule` prints: the next digests, soonest first. */
export function scheduleText({ entries, platform, timezone }: ScheduleAnswer, screen: Screen): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone ?? 'UTC',
    weekday: 'short',
    year: 'numeric',
    month: 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  const runs = entries.filter(({ hasDigest }) => hasDigest);
  const silent = entries.filter(({ hasDigest }) => !hasDigest);
  return [
    ...runs.map(
      ({ team, due, mutedUntil }) =>
        `${format.format(due)}  ${bold(safe(team), screen)}${mutedUntil ? ` (muted until ${format.format(mutedUntil)})` : ''}`,
    ),
    ...(runs.length === 0 ? ['No team gets a digest: golden.yml says when under teams.<team>.digest.'] : []),
    ...(platform ? [`${format.format(platform.due)}  the platform's digest`] : []),
    ...(silent.length > 0 ? [`Without a digest: ${silent.map(({ team }) => safe(team)).join(', ')}.`] : []),
  ].join('\n');
}
