import type { Fields } from '../types.ts';
import {
  all,
  anything,
  byType,
  type Check,
  flag,
  isObject,
  listOf,
  number,
  object,
  oneOf,
  rule,
  say,
  string,
} from './check.ts';
import { richText } from './rich-text.ts';

const MAX_TABLE_CHARACTERS = 10_000;
const type = anything;
const blockId = { block_id: string(255) };

const rawText = object({ type, text: string() });
const rawNumber = object({ type, value: number(undefined, undefined, false) }, { text: string() });
const cell = byType({ raw_text: rawText, raw_number: rawNumber, rich_text: richText });
const headerCell = byType({ raw_text: rawText, raw_number: rawNumber });

/** All text below a value, as far as a reader sees it. */
export function visibleCharacters(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + visibleCharacters(item), 0);
  if (!isObject(value)) return 0;
  const own =
    typeof value.text === 'string' ? value.text.length : value.type === 'raw_number' ? String(value.value).length : 0;
  return (
    own +
    Object.values(value).reduce<number>(
      (sum, inner) => sum + (typeof inner === 'object' ? visibleCharacters(inner) : 0),
      0,
    )
  );
}

const cellsFit: Check = (value, pointer, report) => {
  if (isObject(value) && visibleCharacters(value.rows) > MAX_TABLE_CHARACTERS) {
    say(report, `${pointer}/rows`, `no more than ${MAX_TABLE_CHARACTERS} characters allowed in all cells`);
  }
};

/** `table`: up to 100 rows of up to 20 cells, 10,000 characters in all of them. */
export const table = all(
  object(
    { type, rows: listOf(listOf(cell, 20), 100) },
    {
      ...blockId,
      column_settings: listOf(object({}, { align: oneOf('left', 'center', 'right'), is_wrapped: flag }), 20, 0),
    },
  ),
  cellsFit,
);

const rowsOf = (value: Fields): unknown[][] => (Array.isArray(value.rows) ? value.rows.filter(Array.isArray) : []);

/** `data_table`: a header row without rich text and 1 to 100 rows, all equally long. */
export const dataTable = all(
  object(
    { type, caption: string(), rows: listOf(listOf(cell, 20), 101, 2) },
    { ...blockId, page_size: number(1, 100), row_header_column_index: number(0, 19) },
  ),
  cellsFit,
  rule(
    (value) => new Set(rowsOf(value).map((row) => row.length)).size <= 1,
    'all rows must have the same number of cells',
  ),
  rule(
    (value) =>
      typeof value.row_header_column_index !== 'number' ||
      value.row_header_column_index < (rowsOf(value)[0]?.length ?? 20),
    'row_header_column_index is beyond the last column',
  ),
  (value, pointer, report) => {
    for (const [index, header] of (isObject(value) ? (rowsOf(value)[0] ?? []) : []).entries()) {
      headerCell(header, `${pointer}/rows/0/${index}`, report);
    }
  },
);

const label = string(20);
const points = listOf(object({ label, value: number(undefined, undefined, false) }), 20);
const positive: Check = (value, pointer, report) => {
  if (typeof value !== 'number' || !(value > 0)) say(report, pointer, 'must be greater than 0');
};

const pie = object({ type, segments: listOf(object({ label, value: positive }), 6) });
const axes = object({ categories: listOf(label, 20) }, { x_label: string(50), y_label: string(50) });
const series = all(
  object({ type, series: listOf(object({ name: label, data: points }), 6), axis_config: axes }),
  rule((chart) => {
    const names = seriesOf(chart).map((s) => s.name);
    return new Set(names).size === names.length;
  }, 'series names must be unique'),
  rule((chart) => {
    const categories =
      isObject(chart.axis_config) && Array.isArray(chart.axis_config.categories) ? chart.axis_config.categories : [];
    const wanted = JSON.stringify(sortedLabels(categories));
    return seriesOf(chart).every((s) => {
      const labels = Array.isArray(s.data) ? s.data.map((point) => (isObject(point) ? point.label : undefined)) : [];
      return JSON.stringify(sortedLabels(labels)) === wanted;
    });
  }, 'each series must have exactly one data point per category'),
);

const sortedLabels = (labels: readonly unknown[]): string[] => labels.map(String).sort((a, b) => (a < b ? -1 : 1));
const seriesOf = (chart: Fields): Fields[] => (Array.isArray(chart.series) ? chart.series.filter(isObject) : []);

/** `data_visualization`: a pie of up to 6 segments, or up to 6 series with one point per category. */
export const dataVisualization = object(
  { type, title: string(50), chart: byType({ pie, bar: series, line: series, area: series }) },
  blockId,
);
