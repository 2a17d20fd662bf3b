import type { KnownBlock, ModalView } from '@slack/types';
import { ACTION } from './asks.ts';
import type { Message } from './message.ts';
import { withoutChart } from './without-chart.ts';
import { withoutTable } from './without-table.ts';

/** An answer in a modal: no chart and no table there, and no channel to share it in. */
export function modalView(message: Message): ModalView {
  const blocks = withoutTable(withoutChart(message)).blocks.flatMap((block): KnownBlock[] => {
    if (block.type !== 'actions') return [block];
    const elements = block.elements.filter(
      (element) => !('action_id' in element && element.action_id === ACTION.share),
    );
    return elements.length === 0 ? [] : [{ ...block, elements }];
  });
  return {
    type: 'modal',
    title: { type: 'plain_text', text: 'Golden images', emoji: false },
    close: { type: 'plain_text', text: 'Close', emoji: false },
    blocks,
  };
}
