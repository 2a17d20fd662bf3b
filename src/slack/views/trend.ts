import type { KnownBlock } from '@slack/types';
import type { TrendAnswer, TrendChart } from '../../core/trend-answer.ts';
import { mrkdwn, plain } from '../escape.ts';
import { ACTION, askDigest, askStatus, askTrend } from './asks.ts';
import { actions, button, header, note, paragraph } from './blocks.ts';
import { fitted } from './budget.ts';
import { chartBlocks, type Drawing } from './chart.ts';
import { agesChart, statesChart, statesSentence, versionsChart } from './charts.ts';
import { fullDay } from './dates.ts';
import { projectionSentence } from './digest-words.ts';
import { figure, machines, percent } from './figures.ts';
import type { Message } from './message.ts';
import { asOfNote, unreadBlocks, unreadSentence } from './parts.ts';

const CHARTS: readonly { readonly chart: TrendChart; readonly label: string }[] = [
  { chart: 'states', label: 'States over time' },
  { chart: 'ages', label: 'Image ages' },
  { chart: 'versions', label: 'Versions in use' },
];
const MOST_VERSIONS_SAID = 5;

/** The answer to `/golden trend`: one chart with its numbers, the others one click away. */
export function trendView(answer: TrendAnswer): Message {
  return fitted(0, ({ characters }) => build(answer, characters));
}

function build(answer: TrendAnswer, characters: number): Message {
  const { team, chart, points, snapshot, now, projection } = answer;
  const drawing = drawingOf(answer);
  const unread = snapshot?.unread ?? [];
  const sentence = drawing === undefined ? missing(answer) : sentenceOf(answer);
  const when = chart === 'states' && points.length > 0 ? projectionSentence(projection) : '';
  const asOf = chart === 'states' ? undefined : snapshot && new Date(snapshot.asOfMs);
  return {
    text: `${mrkdwn(team.name, 100)}: ${mrkdwnOf(sentence)}${when === '' ? '' : ` ${when}`}${unreadSentence(unread)}`,
    blocks: [
      header(`${plain(team.name, 60)}: ${titleOf(answer)}`),
      ...unreadBlocks(unread, Math.min(characters, 160)),
      paragraph(sentence),
      ...chartBlocks(drawing, 'table'),
      ...recordedNote(answer),
      ...(when === '' ? [] : [note(when)]),
      ...(asOf ? [asOfNote(asOf, now)] : []),
      ...actions([
        ...CHARTS.filter((other) => other.chart !== chart).map((other) =>
          button(other.label, `${ACTION.run}:trend-${other.chart}`, askTrend(team.name, other.chart)),
        ),
        button('Status', `${ACTION.run}:status`, askStatus(team.name), `Status of ${team.name}`),
        button('Digest preview', `${ACTION.run}:digest`, askDigest(team.name)),
        button('Share in channel', ACTION.share, askTrend(team.name, chart), 'Post this chart in the channel'),
      ]),
    ],
  };
}

/** Nothing where there is nothing to draw. */
function drawingOf({ chart, points, snapshot }: TrendAnswer): Drawing | undefined {
  switch (chart) {
    case 'states':
      return statesChart(points);
    case 'ages':
      return snapshot && agesChart(snapshot);
    case 'versions':
      return versionsChart(snapshot?.versions ?? []);
  }
}

function titleOf({ chart, points }: TrendAnswer): string {
  switch (chart) {
    case 'states':
      return points.length > 1 ? `the last ${figure(points.length)} weeks` : 'trend';
    case 'ages':
      return 'age of the images in use';
    case 'versions':
      return 'image versions in use';
  }
}

/** The chart in words, for who does not see it. Foreign text is in it as it is. */
function sentenceOf({ chart, points, snapshot, ages }: TrendAnswer): string {
  switch (chart) {
    case 'states': {
      const [only] = points;
      if (points.length > 1) return statesSentence(points);
      const share = only?.share === undefined ? '' : `: ${percent(only.share)} current`;
      return `One week is remembered so far${share}. From the second on this is a line.`;
    }
    case 'ages': {
      if (ages === undefined) return 'How old the images are that machines run.';
      return `Half of the machines run images of at most ${days(ages.medianDays)}, nine in ten of at most ${days(ages.p90Days)}.`;
    }
    case 'versions': {
      const used = snapshot?.versions ?? [];
      const said = used
        .slice(0, MOST_VERSIONS_SAID)
        .map(
          ({ definition, version, machines: count }) => `${figure(count)} on ${plain(`${definition} ${version}`, 60)}`,
        );
      const more = used.length - said.length;
      return `${said.join(', ')}${more > 0 ? `, and ${figure(more)} more version${more === 1 ? '' : 's'}` : ''}.`;
    }
  }
}

/** Why there is nothing to draw, and when there will be. */
function missing({ chart, snapshot }: TrendAnswer): string {
  if (snapshot === undefined) {
    return 'Nothing has been recorded of this team yet. The first record is made as soon as the worker has read Azure, and then every night.';
  }
  if (snapshot.total === 0) return 'Azure has no machine of this team, so there is nothing to draw.';
  switch (chart) {
    case 'states':
      return `No week is remembered yet: the first record is made tonight. The last reading found ${machines(snapshot.total)}.`;
    case 'ages':
      return 'Of none of the machines it is known when its image was published.';
    case 'versions':
      return 'Of none of the machines the image is known.';
  }
}

/** Which weeks the points stand for, where that is not plain. */
function recordedNote({ chart, points }: TrendAnswer): readonly KnownBlock[] {
  const last = points.at(-1);
  if (chart !== 'states' || last === undefined) return [];
  return [note(`One point for each week, the last one recorded on ${fullDay(last.day)}.`)];
}

function days(number: number): string {
  return `${figure(number)} day${number === 1 ? '' : 's'}`;
}

function mrkdwnOf(sentence: string): string {
  return mrkdwn(sentence, 1_000);
}
