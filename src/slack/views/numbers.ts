import type { TableBlock } from '@slack/types';
import { plain } from '../escape.ts';

/** Figures in rows and columns, shown as a table where Slack takes one and as columns of text elsewhere. */
export interface Grid {
  /** The first is the head of the rows' names. */
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What fits beside each other on a phone, in characters of equal width. */
const PHONE_WIDTH = 40;
const LONGEST_NAME = 22;
const LONGEST_FIGURE = 16;

/** A grid as a table: names to the left, figures to the right. */
export function gridTable({ head, rows }: Grid, blockId?: string): TableBlock {
  const cell = (text: string) => ({ type: 'raw_text' as const, text: plain(text === '' ? '–' : text, 120) });
  return {
    type: 'table',
    ...(blockId !== undefined && { block_id: blockId }),
    column_settings: head.map((_, index) => ({ align: index === 0 ? 'left' : 'right', is_wrapped: false })),
    rows: [head, ...rows].map((row) => row.map(cell)),
  };
}

/**
 * A grid as lines of text. What is too wide for a phone goes on below, under the same names, so that no line breaks where
 * it must not.
 */
export function gridText({ head, rows }: Grid): string {
  const lines = [head, ...rows].map((row) =>
    row.map((text, column) => (text === '' ? '' : plain(text, column === 0 ? LONGEST_NAME : LONGEST_FIGURE))),
  );
  const widths = head.map((_, column) => Math.max(...lines.map((row) => row[column]?.length ?? 0)));
  const [names = 0] = widths;
  return chunks(widths.slice(1), PHONE_WIDTH - names)
    .map(({ from, to }) =>
      lines
        .map(([name = '', ...figures]) => {
          const shown = figures.slice(from, to).map((text, index) => text.padStart(widths[from + index + 1] ?? 0));
          return [name.padEnd(names), ...shown].join('  ').trimEnd();
        })
        .join('\n'),
    )
    .join('\n\n');
}

/** Columns that fit beside each other; always at least one. */
function chunks(widths: readonly number[], room: number): readonly { from: number; to: number }[] {
  const made: { from: number; to: number }[] = [];
  let from = 0;
  let used = 0;
  for (const [index, width] of widths.entries()) {
    if (index > from && used + width + 2 > room) {
      made.push({ from, to: index });
      from = index;
      used = 0;
    }
    used += width + 2;
  }
  return [...made, { from, to: widths.length }];
}
