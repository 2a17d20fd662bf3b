import type { KnownBlock } from '@slack/types';
import type { ChartBlock } from './chart-block.ts';

/** What a message is made of: Slack's types know no chart yet. */
export type MessageBlock = KnownBlock | ChartBlock;

/** What is sent to Slack: blocks for who sees them, `text` as a full sentence for notifications and screen readers. */
export interface Message {
  /** Escaped mrkdwn: Slack parses the fallback too. */
  readonly text: string;
  readonly blocks: readonly MessageBlock[];
}
