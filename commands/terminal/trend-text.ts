import type { Screen } from '../../src/command.ts';
import type { WeekPoint } from '../../src/core/digest.ts';
import { sparkline } from '../../src/core/trend.ts';
import type { TrendAnswer } from '../../src/core/trend-answer.ts';
import { STATE_NAMES } from '../../src/core/wording.ts';
import { projectionSentence } from '../../src/slack/views/digest-words.ts';
import { countsInWords, figure, machines, percent } from '../../src/slack/views/figures.ts';
import { paragraphs, unreadText } from './findings-text.ts';
import { bold, pad, painted, safe } from './paint.ts';

const MOST_VERSIONS = 20;

/** What `golden trend` prints. */
export function trendText(answer: TrendAnswer, screen: Screen): string {
  const { team, points, snapshot, chart, projection } = answer;
  const title = bold(safe(team.name), screen);
  const unread = snapshot === undefined ? undefined : unreadText(snapshot.unread, screen);
  switch (chart) {
    case 'states':
      return paragraphs([
        title,
        unread,
        weeksText(points),
        points.length === 0 ? undefined : projectionSentence(projection),
      ]);
    case 'ages':
      return paragraphs([title, unread, agesText(answer)]);
    case 'versions':
      return paragraphs([title, unread, versionsText(answer, screen)]);
  }
}

const NOTHING = 'Nothing is remembered yet: the worker makes the first record as soon as it has read Azure.';

function weeksText(points: readonly WeekPoint[]): string {
  if (points.length === 0) return NOTHING;
  return [
    `Share of current machines  ${sparkline(points.map(({ share }) => share))}`,
    ...points.map(
      ({ week, share, counts }) =>
        `  ${week}  ${pad(share === undefined ? '-' : percent(share), 5)} ${countsInWords(counts)}`,
    ),
  ].join('\n');
}

function agesText({ snapshot, ages }: TrendAnswer): string {
  if (snapshot === undefined) return NOTHING;
  if (ages === undefined) return 'Of none of its images the day of publication is known.';
  return `Half of the images in use are at most ${figure(ages.medianDays)} days old, nine of ten at most ${figure(ages.p90Days)}.`;
}

function versionsText({ snapshot }: TrendAnswer, screen: Screen): string {
  if (snapshot === undefined) return NOTHING;
  const { versions } = snapshot;
  const shown = versions.slice(0, MOST_VERSIONS);
  const width = Math.max(0, ...shown.map(({ definition, version }) => safe(`${definition} ${version}`).length));
  return [
    ...shown.map(
      ({ definition, version, state, machines: used }) =>
        `  ${pad(safe(`${definition} ${version}`), width)}  ${painted(STATE_NAMES[state].padEnd(12), state, screen)} ${machines(used)}`,
    ),
    ...(versions.length > shown.length ? [`  and ${figure(versions.length - shown.length)} more`] : []),
  ].join('\n');
}
