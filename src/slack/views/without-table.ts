import type { TableBlock } from '@slack/types';
import { columns } from './blocks.ts';
import { saysNumbers } from './chart.ts';
import type { Message } from './message.ts';
import { gridText } from './numbers.ts';

/**
 * The same message for where there are no tables: modals, and workspaces that do not know the block yet. Each row becomes
 * a few lines, since columns do not fit a phone; figures stay in columns that do.
 */
export function withoutTable<M extends Message>(message: M): M {
  return {
    ...message,
    blocks: message.blocks.map((block) => {
      if (block.type !== 'table') return block;
      return saysNumbers(block)
        ? { ...columns(gridText(gridOf(block))), block_id: block.block_id }
        : columns(lines(block));
    }),
  };
}

function lines({ rows }: TableBlock): string {
  return textsOf(rows.slice(1))
    .map(([first = '', ...rest]) => [first, ...rest.map((text) => `  ${text}`)].join('\n'))
    .join('\n');
}

function gridOf({ rows }: TableBlock) {
  const [head = [], ...rest] = textsOf(rows);
  return { head, rows: rest };
}

function textsOf(rows: TableBlock['rows']): string[][] {
  return rows.map((row) => row.map((cell) => ('text' in cell ? String(cell.text) : '')));
}
