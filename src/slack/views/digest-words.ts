import type { Digest, EndingVersion, Projection, RankedTeam, SkippedWeek, WeekPoint } from '../../core/digest.ts';
import { dayOf } from '../../core/history.ts';
import { DAY_MS } from '../../core/local-time.ts';
import { count } from '../../core/wording.ts';
import { plain } from '../escape.ts';
import { fullDay, longDate, shortDay, weekPhrase } from './dates.ts';
import { figure, machines } from './figures.ts';

/** What digests say besides the findings. Plain text; names from Azure may be in it. */

/** What a digest compares with, as one says it: `last week`, or the day where it was another. */
export function beforePhrase(before: Pick<WeekPoint, 'day'>, asOf: Date): string {
  const days = (asOf.getTime() - Date.parse(before.day)) / DAY_MS;
  return days >= 5 && days < 9 ? 'last week' : shortDay(before.day);
}

/** `, 3 points more than last week`; nothing where there is nothing to compare. */
export function changePhrase(share: number | undefined, before: number | undefined, when: string): string {
  if (share === undefined || before === undefined) return '';
  const points = Math.round((share - before) * 100);
  if (points === 0) return `, unchanged since ${when}`;
  const size = Math.abs(points);
  return `, ${size} point${size === 1 ? '' : 's'} ${points > 0 ? 'more' : 'fewer'} than ${when === 'last week' ? when : `on ${when}`}`;
}

/** `+3`, `-2`, `0` points; a dash where there is nothing to compare. */
export function pointsPhrase({ share, shareBefore }: Pick<RankedTeam, 'share' | 'shareBefore'>): string {
  if (share === undefined || shareBefore === undefined) return '–';
  const points = Math.round((share - shareBefore) * 100);
  return points > 0 ? `+${points}` : `${points === 0 ? 0 : points}`;
}

/** `5 new, 3 fixed, 13 still open`. */
export function movementPhrase({ before, fresh, open, fixed }: Digest): string {
  const sum = (groups: readonly { readonly ids: readonly string[] }[]) =>
    groups.reduce((total, { ids }) => total + ids.length, 0);
  if (before === undefined) return '';
  return `${figure(sum(fresh))} new, ${figure(sum(fixed))} fixed, ${figure(sum(open))} still open`;
}

/** When it is done; empty where nobody can tell. */
export function projectionSentence(projection: Projection): string {
  switch (projection.kind) {
    case 'done':
      return 'Nothing is left to do.';
    case 'on':
      return `At this rate done around ${longDate(projection.date)}.`;
    case 'never':
      return 'Not getting fewer: at this rate it is never done.';
    case 'unknown':
      return '';
  }
}

/** `The digest of week 45 was not sent: …` */
export function skippedSentence({ week, why }: SkippedWeek, now: Date): string {
  return `The digest of ${weekPhrase(week, now)} was not sent: ${plain(why, 200)}`;
}

/** `ubuntu-22 1.4.0 ends on 3 Dec 2026, in 12 days: 7 machines run it` */
export function endingSentence(
  { definition, version, machines: number, endsAt, daysLeft }: EndingVersion,
  characters: number,
): { readonly name: string; readonly rest: string } {
  const name = plain(version === '' ? definition : `${definition} ${version}`, Math.min(characters, 100));
  const when = daysLeft <= 0 ? 'today' : `in ${count(daysLeft, 'day')}`;
  return {
    name,
    rest: ` ends on ${fullDay(dayOf(endsAt))}, ${when}: ${machines(number)} ${number === 1 ? 'runs' : 'run'} it`,
  };
}

/** Findings that may or may not be there. */
export function hiddenSentence(hidden: number): string {
  return `${figure(hidden)} earlier finding${hidden === 1 ? '' : 's'} cannot be seen now, because not everything could be read: not counted as fixed.`;
}
