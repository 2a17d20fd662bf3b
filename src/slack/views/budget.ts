import type { Message } from './message.ts';
import { withoutChart } from './without-chart.ts';

/**
 * What one message may hold in all. Slack refuses larger ones as `msg_blocks_too_long` without documenting the limit;
 * 9,597 characters of text in 15,561 bytes of JSON were accepted, 11,341 in 17,694 refused
 * (https://github.com/slackapi/bolt-js/issues/2867).
 */
export const BUDGET = { characters: 9_000, bytes: 14_000, blocks: 50 } as const;

/** Characters of text that people read, and bytes of JSON that Slack is sent. */
export function sizeOf(message: Pick<Message, 'text' | 'blocks'>): { characters: number; bytes: number } {
  const json = JSON.stringify({ text: message.text, blocks: message.blocks });
  return { characters: charactersOf(message.blocks) + message.text.length, bytes: Buffer.byteLength(json) };
}

/** Whether a message stays within the budget, with its charts and without them. */
export function fits(message: Message): boolean {
  return (
    holds(message) &&
    (!message.blocks.some(({ type }) => type === 'data_visualization') || holds(withoutChart(message)))
  );
}

function holds(message: Message): boolean {
  const { characters, bytes } = sizeOf(message);
  return message.blocks.length <= BUDGET.blocks && characters <= BUDGET.characters && bytes <= BUDGET.bytes;
}

/** How much of it a message shows: how many rows, and how many characters of each foreign text. */
export interface Detail {
  readonly rows: number;
  readonly characters: number;
}

/** Shorter than this, a reason or a next step says nothing any more: then rather a row less. */
const READABLE = [300, 160, 90] as const;
const SHORTEST = [50, 30] as const;
/** Down to here half of the rows go at a time, below it one by one. */
const FEW_ROWS = 12;

/**
 * Builds a message with as much detail as fits: texts are shortened first, as far as they stay readable, then the least
 * important rows go. The view says how many rows it leaves out.
 *
 * @param build must put the most important rows first, and must fit with no rows at all.
 */
export function fitted(rows: number, build: (detail: Detail) => Message): Message {
  let message = build({ rows, characters: READABLE[0] });
  for (let kept = rows; ; kept = kept > FEW_ROWS ? Math.floor(kept / 2) : kept - 1) {
    for (const characters of kept === 0 ? [...READABLE, ...SHORTEST] : READABLE) {
      message = build({ rows: kept, characters });
      if (fits(message)) return message;
    }
    if (kept === 0) return message;
  }
}

function charactersOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + charactersOf(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, item]) => sum + (key === 'text' && typeof item === 'string' ? item.length : charactersOf(item)),
    0,
  );
}
