import type { KnownBlock } from '@slack/types';

/** What is sent to Slack: blocks for who sees them, `text` as a full sentence for notifications and screen readers. */
export interface Message {
  /** Escaped mrkdwn: Slack parses the fallback too. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}
