import { plain } from '../escape.ts';
import { columns } from './blocks.ts';
import { CHART, type ChartBlock } from './chart-block.ts';
import { figure } from './figures.ts';
import type { MessageBlock } from './message.ts';
import { type Grid, gridTable, gridText } from './numbers.ts';

/** What a chart shows, before it is cut to what Slack takes. */
export interface Drawing {
  readonly title: string;
  readonly kind: 'bar' | 'line';
  /** What the categories are, and what is counted. */
  readonly axes: { readonly x: string; readonly y: string };
  readonly categories: readonly string[];
  /** A name says what it is: colours tell nobody. Each has a value for every category. */
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
  /** The same numbers, and whatever else is worth knowing beside them. */
  readonly numbers: Grid;
}

/** Marks the block that says a chart's numbers: the chart itself can go without loss. */
const NUMBERS_ID = 'golden:numbers';
const CHART_ID = 'golden:chart';

/**
 * A chart with its numbers below it; nothing where there is nothing to draw.
 *
 * @param numbers `columns` for a message that has a table already: Slack takes one.
 */
export function chartBlocks(drawing: Drawing | undefined, numbers: 'table' | 'columns'): readonly MessageBlock[] {
  if (drawing === undefined || drawing.categories.length === 0 || drawing.series.length === 0) return [];
  const beside =
    numbers === 'table'
      ? gridTable(drawing.numbers, NUMBERS_ID)
      : { ...columns(gridText(drawing.numbers)), block_id: NUMBERS_ID };
  return [chartBlock(drawing), beside];
}

/** The chart alone. */
export function chartBlock({ title, kind, axes, categories, series }: Drawing): ChartBlock {
  const labels = labelsOf(categories.slice(0, CHART.points));
  const drawn = series.slice(0, CHART.series);
  const names = labelsOf(drawn.map(({ name }) => name));
  return {
    type: 'data_visualization',
    block_id: CHART_ID,
    title: plain(title, CHART.title),
    chart: {
      type: kind,
      series: names.map((name, s) => ({
        name,
        data: labels.map((label, index) => ({ label, value: drawn[s]?.values[index] ?? 0 })),
      })),
      axis_config: { categories: labels, x_label: plain(axes.x, 50), y_label: plain(axes.y, 50) },
    },
  };
}

/** Whether this block says the numbers of a chart in the same message. */
export function saysNumbers(block: MessageBlock): boolean {
  return block.block_id === NUMBERS_ID;
}

/** The numbers of a chart that has none beside it. */
export function numbersOf({ chart: { series, axis_config: axis } }: ChartBlock): Grid {
  return {
    head: [axis.x_label ?? '', ...series.map(({ name }) => name)],
    rows: axis.categories.map((category, index) => [
      category,
      ...series.map(({ data }) => figure(data[index]?.value ?? 0)),
    ]),
  };
}

/** Texts as Slack takes them in a chart: short, and no two alike. */
export function labelsOf(texts: readonly string[]): readonly string[] {
  const used = new Set<string>();
  return texts.map((text) => {
    const wanted = plain(text, CHART.label);
    let label = wanted;
    for (let n = 2; used.has(label); n += 1) label = `${plain(wanted, CHART.label - 1 - `${n}`.length)} ${n}`;
    used.add(label);
    return label;
  });
}
