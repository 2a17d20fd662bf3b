import type { Message } from './views/message.ts';
import { withoutChart } from './views/without-chart.ts';
import { withoutTable } from './views/without-table.ts';

/** The one asker's way back: where an answer goes, and how. Nothing here throws; what cannot be said is logged. */
export interface Reply {
  /** Called at once, for what cannot wait (a modal must open within three seconds). */
  begin(): Promise<void>;
  /** Says that the answer takes a moment. */
  reading(message: Message): Promise<void>;
  /** Answers the asker alone; in place of the message that was clicked in, where that is the asker's own. */
  answer(message: Message): Promise<void>;
  /** Posts for everybody in the channel; false where that is not possible. */
  share(message: Message): Promise<boolean>;
}

/**
 * The same message with less and less in it, for a Slack that refuses the richer form: as it is, without charts, without
 * tables too, at last the text alone.
 */
export function* simplerForms(message: Message): Generator<Pick<Message, 'text'> & Partial<Message>> {
  yield message;
  const chartless = withoutChart(message);
  if (message.blocks.some(({ type }) => type === 'data_visualization')) yield chartless;
  if (chartless.blocks.some(({ type }) => type === 'table')) yield withoutTable(chartless);
  yield { text: message.text };
}
