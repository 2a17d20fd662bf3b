import type { KnownBlock } from '@slack/types';
import { columns } from './blocks.ts';
import { numbersOf, saysNumbers } from './chart.ts';
import type { Message, MessageBlock } from './message.ts';
import { gridTable, gridText } from './numbers.ts';

/** A message without a chart in it. */
export interface Chartless extends Message {
  readonly blocks: readonly KnownBlock[];
}

/**
 * The same message for a Slack that does not know charts yet, and for modals. A chart whose numbers stand beside it goes; any
 * other gives way to its numbers, as a table where the message has none yet.
 */
export function withoutChart(message: Message): Chartless {
  let tables = message.blocks.filter(isTable).length;
  const said = message.blocks.some(saysNumbers);
  const blocks = message.blocks.flatMap((block): readonly KnownBlock[] => {
    if (block.type !== 'data_visualization') return [block];
    if (said) return [];
    tables += 1;
    return [tables === 1 ? gridTable(numbersOf(block)) : columns(gridText(numbersOf(block)))];
  });
  return { ...message, blocks };
}

function isTable({ type }: MessageBlock): boolean {
  return type === 'table' || type === 'data_table';
}
