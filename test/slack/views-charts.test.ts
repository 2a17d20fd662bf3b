import { describe, expect, test } from '@jest/globals';
import { simplerForms } from '../../src/slack/reply.ts';
import { chartBlock, labelsOf } from '../../src/slack/views/chart.ts';
import { agesChart, attentionChart, statesChart, thinned, versionsChart } from '../../src/slack/views/charts.ts';
import type { Message } from '../../src/slack/views/message.ts';
import { gridText } from '../../src/slack/views/numbers.ts';
import { trendView } from '../../src/slack/views/trend.ts';
import { withoutChart } from '../../src/slack/views/without-chart.ts';
import { aTeam, NOW } from './build.ts';
import { aPoint, aTeamSnapshot, someWeeks } from './digest-build.ts';

const namesOf = (drawing: ReturnType<typeof statesChart>) => drawing?.series.map(({ name }) => name);
const typesOf = ({ blocks }: Partial<Message>) => blocks?.map(({ type }) => type);

describe('states over time', () => {
  test('given states that never occur, when they are drawn, then they are left out and the order is fixed', () => {
    const points = [aPoint(1, { revoked: 9, current: 1 }), aPoint(0, { outdated: 1, current: 2 })];
    expect(namesOf(statesChart(points))).toEqual(['current', 'outdated', 'revoked']);
  });

  test('given all eight states, when they are drawn, then the smallest are one series', () => {
    const counts = {
      current: 80,
      outdated: 70,
      unknown: 60,
      nonGolden: 50,
      endOfLife: 4,
      revoked: 3,
      exempt: 20,
      platformManaged: 2,
    };
    const drawing = statesChart([aPoint(1, counts), aPoint(0, counts)]);
    expect(namesOf(drawing)).toEqual(['current', 'outdated', 'unknown', 'non-golden', 'exempt', 'other']);
    expect(drawing?.series.at(-1)?.values).toEqual([9, 9]);
  });

  test.each([
    [1, 'bar'],
    [2, 'line'],
  ])('given %i weeks, when they are drawn, then it is a %s', (weeks, kind) => {
    expect(statesChart(someWeeks(weeks))?.kind).toBe(kind);
  });

  test('given two years, when they are drawn, then at most twenty points are, the last among them', () => {
    const weeks = Array.from({ length: 104 }, (_, index) => index);
    const drawn = thinned(weeks, 20);
    expect(drawn.length).toBeLessThanOrEqual(20);
    expect(drawn.at(-1)).toBe(103);
  });
});

test('given all teams, when their weeks are drawn, then what needs attention is one line and nothing is left out', () => {
  const counts = { current: 5, outdated: 2, revoked: 1, exempt: 3 };
  const drawing = attentionChart([aPoint(1, { current: 4 }), aPoint(0, counts)]);
  expect(drawing?.series).toEqual([
    { name: 'current', values: [4, 5] },
    { name: 'attention', values: [0, 3] },
    { name: 'not judged', values: [0, 3] },
  ]);
  expect(attentionChart([aPoint(0, { current: 4 })])?.series.map(({ name }) => name)).toEqual(['current']);
  expect(attentionChart([])).toBeUndefined();
});

describe('ages and versions', () => {
  test('given ages, when they are drawn, then every machine is in one bucket', () => {
    const drawing = agesChart(aTeamSnapshot({ total: 84 }));
    expect(drawing?.categories).toEqual(['0–30', '31–60', '61–90', '91–180', '181–365', 'over 365', 'not known']);
    expect(drawing?.series[0]?.values.reduce((sum, value) => sum + value, 0)).toBe(84);
  });

  test('given one definition, when its versions are drawn, then their numbers are the names', () => {
    const versions = aTeamSnapshot().versions.filter(({ definition }) => definition === 'ubuntu-22');
    expect(versionsChart(versions)).toMatchObject({
      title: 'Versions of ubuntu-22 in use',
      categories: ['1.6.0', '1.4.0'],
    });
  });

  test('given more definitions than fit, when they are drawn, then the rest is "others" and nothing is lost', () => {
    const versions = Array.from({ length: 60 }, (_, index) => ({
      definition: `image-${index}`,
      version: '1.0.0',
      state: 'current' as const,
      machines: 60 - index,
    }));
    const drawing = versionsChart(versions);
    expect(drawing?.categories).toHaveLength(20);
    expect(drawing?.categories.at(-1)).toBe('others');
    expect(drawing?.series[0]?.values.reduce((sum, value) => sum + value, 0)).toBe(1_830);
  });
});

describe('the block', () => {
  test('given long names that begin alike, when they are labels, then no two are the same and none is too long', () => {
    const labels = labelsOf(Array.from({ length: 20 }, () => 'a-very-long-name-of-an-image'));
    expect(new Set(labels).size).toBe(20);
    expect(Math.max(...labels.map(({ length }) => length))).toBeLessThanOrEqual(20);
  });

  test('given numbers in columns, when a phone shows them, then no line is wider than it', () => {
    const numbers = statesChart(someWeeks())?.numbers ?? { head: [], rows: [] };
    const widest = Math.max(
      ...gridText(numbers)
        .split('\n')
        .map(({ length }) => length),
    );
    expect(widest).toBeLessThanOrEqual(36);
  });
});

describe('without charts', () => {
  const trend = trendView({
    team: aTeam(),
    chart: 'states',
    points: someWeeks(),
    snapshot: aTeamSnapshot(),
    ages: undefined,
    projection: { kind: 'unknown' },
    now: NOW,
  });

  test('given a chart with its numbers, when Slack refuses charts, then the numbers stay', () => {
    expect(typesOf(withoutChart(trend))).toEqual(typesOf(trend)?.filter((type) => type !== 'data_visualization'));
  });

  test.each([
    ['no table', [], ['table']],
    ['a table', [{ type: 'table', rows: [] }], ['rich_text', 'table']],
  ])(
    'given a chart alone beside %s, when Slack refuses charts, then its numbers come instead',
    (_name, more, types) => {
      const drawing = statesChart(someWeeks());
      const blocks = [...(drawing ? [chartBlock(drawing)] : []), ...(more as Message['blocks'])];
      expect(typesOf(withoutChart({ text: 'x', blocks }))).toEqual(types);
    },
  );

  test('given a message with all of it, when it is made simpler, then chart, table and blocks go one after the other', () => {
    const forms = [...simplerForms(trend)].map((form) => [
      form.blocks?.some(({ type }) => type === 'data_visualization') ?? false,
      form.blocks?.some(({ type }) => type === 'table') ?? false,
      form.blocks !== undefined,
    ]);
    expect(forms).toEqual([
      [true, true, true],
      [false, true, true],
      [false, false, true],
      [false, false, false],
    ]);
  });
});
