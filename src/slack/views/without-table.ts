import type { TableBlock } from '@slack/types';
import { columns } from './blocks.ts';
import type { Message } from './message.ts';

/**
 * The same message for where there are no tables: modals, and workspaces that do not know the block yet. Each row becomes
 * a few lines, since columns do not fit a phone.
 */
export function withoutTable(message: Message): Message {
  return {
    ...message,
    blocks: message.blocks.map((block) => (block.type === 'table' ? columns(lines(block)) : block)),
  };
}

function lines({ rows }: TableBlock): string {
  return rows
    .slice(1)
    .map((row) => row.map((cell) => ('text' in cell ? String(cell.text) : '')))
    .map(([first = '', ...rest]) => [first, ...rest.map((text) => `  ${text}`)].join('\n'))
    .join('\n');
}
