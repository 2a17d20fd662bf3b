import type { KnownBlock, RichTextSection } from '@slack/types';
import { bullets, note } from './blocks.ts';
import { BUDGET, sizeOf } from './budget.ts';
import type { Message } from './message.ts';

/** The details of a digest, over as many messages as they need and a reader bears. */

/** One thing to say, under its heading. */
export interface Piece {
  readonly section: string;
  readonly item: RichTextSection;
}

const MOST_MESSAGES = 10;
const MOST_ITEMS = 40;
/** Of the budget, what headings, notes and buttons of a message may take. */
const RESERVED = { characters: 1_500, bytes: 3_500 } as const;

/** What a thread says, and how many pieces it leaves out. */
export interface Thread {
  readonly messages: readonly Message[];
  readonly left: readonly Piece[];
}

/**
 * Puts pieces into messages, in their order.
 *
 * @param text The fallback of a message, escaped mrkdwn: `payments: details 2 of 3.`
 * @param ending Blocks for the end of the last message; told which pieces found no place.
 */
export function threadOf(
  pieces: readonly Piece[],
  text: (page: number, pages: number) => string,
  ending: (left: readonly Piece[]) => readonly KnownBlock[],
): Thread {
  const { pages, left } = pack(pieces);
  const messages = pages.map((page, index): Message => {
    const last = index === pages.length - 1;
    return {
      text: text(index + 1, pages.length),
      blocks: [
        ...(pages.length > 1 ? [note(`Details ${index + 1} of ${pages.length}`)] : []),
        ...sections(page),
        ...(last ? ending(left) : []),
      ],
    };
  });
  return { messages, left };
}

function sections(page: readonly Piece[]): readonly KnownBlock[] {
  const bySection = new Map<string, RichTextSection[]>();
  for (const { section, item } of page) {
    const items = bySection.get(section);
    if (items) items.push(item);
    else bySection.set(section, [item]);
  }
  return [...bySection].map(([title, items]) => bullets(title, items));
}

function pack(pieces: readonly Piece[]): { pages: readonly (readonly Piece[])[]; left: readonly Piece[] } {
  const pages: Piece[][] = [];
  let page: Piece[] = [];
  let characters = 0;
  let bytes = 0;
  for (const [index, piece] of pieces.entries()) {
    const size = sizeOf({ text: '', blocks: [{ type: 'rich_text', elements: [piece.item] }] });
    const full =
      characters + size.characters > BUDGET.characters - RESERVED.characters ||
      bytes + size.bytes > BUDGET.bytes - RESERVED.bytes ||
      page.length >= MOST_ITEMS;
    if (full && page.length > 0) {
      pages.push(page);
      if (pages.length === MOST_MESSAGES) return { pages, left: pieces.slice(index) };
      page = [];
      characters = 0;
      bytes = 0;
    }
    page.push(piece);
    characters += size.characters;
    bytes += size.bytes;
  }
  if (page.length > 0) pages.push(page);
  return { pages, left: [] };
}
