import { expect } from '@jest/globals';
import { checkMessage } from '../../sandbox/slack/limits.ts';
import { type Inline, parseMrkdwn } from '../../sandbox/slack/mrkdwn.ts';
import { simplerForms } from '../../src/slack/reply.ts';
import { BUDGET, sizeOf } from '../../src/slack/views/budget.ts';
import type { Message } from '../../src/slack/views/message.ts';

/** Within the budget and every limit of Slack, in each of its simpler forms. */
export function expectToFit(message: Message): void {
  expect(message.text.length).toBeLessThan(4_000);
  for (const { text, blocks } of simplerForms(message)) {
    expect(checkMessage({ text, blocks })).toBeUndefined();
    if (blocks === undefined) continue;
    const { characters, bytes } = sizeOf({ text, blocks });
    expect(characters).toBeLessThanOrEqual(BUDGET.characters);
    expect(bytes).toBeLessThanOrEqual(BUDGET.bytes);
    expect(blocks.length).toBeLessThanOrEqual(BUDGET.blocks);
  }
}

/** Nobody is mentioned, nothing is linked, nothing formatted; instants apart. */
export function expectHarmless({ text, blocks }: { readonly text: string; readonly blocks: readonly unknown[] }): void {
  expect(effects(text)).toEqual([]);
  for (const { type, text: said, emoji } of textObjects(blocks)) {
    if (type === 'mrkdwn') expect(effects(said).filter((kind) => kind !== 'date')).toEqual([]);
    if (type === 'plain_text') expect(emoji).toBe(false);
    expect(said.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
}

/** What Slack would make of mrkdwn beyond plain text. */
export function effects(mrkdwn: string): string[] {
  const kinds = (nodes: readonly Inline[]): string[] =>
    nodes.filter(({ kind }) => kind !== 'text').map(({ kind }) => kind);
  return parseMrkdwn(mrkdwn).flatMap((piece) => {
    if (piece.kind === 'preformatted') return ['preformatted'];
    return (piece.kind === 'list' ? piece.items : piece.lines).flatMap(kinds);
  });
}

interface TextObject {
  readonly type: string;
  readonly text: string;
  readonly emoji?: boolean;
}

function textObjects(value: unknown): TextObject[] {
  if (Array.isArray(value)) return value.flatMap(textObjects);
  if (typeof value !== 'object' || value === null) return [];
  const own = 'text' in value && typeof value.text === 'string' ? [value as TextObject] : [];
  return [...own, ...Object.values(value).flatMap(textObjects)];
}
