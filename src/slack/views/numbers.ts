import type { TableBlock } from '@slack/types';
import { plain } from '../escape.ts';

/** Figures in rows and columns, shown as a table where Slack takes one and as columns of text elsewhere. */
export interface Grid {
  /** The first is the head of the rows' names. */
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What fits beside each other on a phone, in characters of equal width. */
const PHONE_WIDTH = 36;
const LONGEST_NAME = 22;
const LONGEST_FIGURE = 16;

/** A grid as a table: names to the left, figures to the right. */
export function gridTable({ head, rows }: Grid, blockId?: string): TableBlock {
  const cell = (text: string) => ({ type: 'raw_text' as const, text: plain(text === '' ? '–' : text, 120) });
  return {
    type: 'table',
    ...(blockId !== undefined && { block_id: blockId }),
    column_settings: head.map((_, index) => ({ align: index === 0 ? 'left' : 'right', is_wrapped: index === 0 })),
    rows: [head, ...rows].map((row) => row.map(cell)),
  };
}

/**
 * A grid as lines of text, with rows and columns swapped where that takes fewer. What is too wide for a phone goes on below,
 * under the same names, so that no line breaks where it must not.
 */
export function gridText(grid: Grid): string {
  const lines = linesOf(grid);
  const swapped = linesOf(swap(grid));
  return (swapped.length < lines.length ? swapped : lines).join('\n');
}

function linesOf({ head, rows }: Grid): readonly string[] {
  const texts = [head, ...rows].map((row) =>
    row.map((text, column) => (text === '' ? '' : plain(text, column === 0 ? LONGEST_NAME : LONGEST_FIGURE))),
  );
  const widths = head.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const [names = 0, ...figures] = widths;
  const tight = sum(widths) + figures.length <= PHONE_WIDTH;
  const gap = tight && sum(widths) + 2 * figures.length > PHONE_WIDTH ? 1 : 2;
  return chunks(figures, PHONE_WIDTH - names, gap).flatMap(({ from, to }, index) => [
    ...(index === 0 ? [] : ['']),
    ...texts.map(([name = '', ...row]) => {
      const shown = row.slice(from, to).map((text, column) => text.padStart(figures[from + column] ?? 0));
      return [name.padEnd(names), ...shown].join(' '.repeat(gap)).trimEnd();
    }),
  ]);
}

function swap({ head: [corner = '', ...names], rows }: Grid): Grid {
  return {
    head: [corner, ...rows.map(([name = '']) => name)],
    rows: names.map((name, index) => [name, ...rows.map((row) => row[index + 1] ?? '')]),
  };
}

/** Columns that fit beside each other; always at least one. */
function chunks(
  widths: readonly number[],
  room: number,
  gap: number,
): readonly { readonly from: number; readonly to: number }[] {
  const made: { from: number; to: number }[] = [];
  let from = 0;
  let used = 0;
  for (const [index, width] of widths.entries()) {
    if (index > from && used + width + gap > room) {
      made.push({ from, to: index });
      from = index;
      used = 0;
    }
    used += width + gap;
  }
  return [...made, { from, to: widths.length }];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
