import { type Inline, type Piece, parseInline } from './mrkdwn.ts';

/** What a `markdown` block may hold beyond what mrkdwn has. */
export type MarkdownPiece =
  | Piece
  | { kind: 'heading'; level: number; line: Inline[] }
  | { kind: 'rule' }
  | { kind: 'grid'; rows: Inline[][][] };

/**
 * Parses the common part of standard Markdown: headings, lists, quotes, fences, tables, rules, emphasis, links.
 * Enough to show what a `markdown` block says; not a full CommonMark parser.
 */
export function parseMarkdown(source: string): MarkdownPiece[] {
  const pieces: MarkdownPiece[] = [];
  const lines = source.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] as string;
    const last = pieces.at(-1);
    if (line.startsWith('```')) {
      const end = lines.findIndex((l, index) => index > at && l.startsWith('```'));
      const until = end === -1 ? lines.length : end;
      pieces.push({ kind: 'preformatted', text: lines.slice(at + 1, until).join('\n') });
      at = until;
      continue;
    }
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    const item = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/.exec(line);
    const quote = /^>\s?(.*)$/.exec(line);
    if (heading) pieces.push({ kind: 'heading', level: heading[1]?.length ?? 1, line: inline(heading[2] ?? '') });
    else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) pieces.push({ kind: 'rule' });
    else if (/^\s*\|.*\|\s*$/.test(line)) {
      if (/^[\s|:-]+$/.test(line)) continue; // the line under a table's header
      const row = line
        .trim()
        .slice(1, -1)
        .split('|')
        .map((cell) => inline(cell.trim()));
      if (last?.kind === 'grid') last.rows.push(row);
      else pieces.push({ kind: 'grid', rows: [row] });
    } else if (item) {
      const ordered = item[1] !== undefined;
      if (last?.kind === 'list' && last.ordered === ordered) last.items.push(inline(item[2] ?? ''));
      else pieces.push({ kind: 'list', ordered, items: [inline(item[2] ?? '')] });
    } else if (quote) {
      if (last?.kind === 'quote') last.lines.push(inline(quote[1] ?? ''));
      else pieces.push({ kind: 'quote', lines: [inline(quote[1] ?? '')] });
    } else if (line.trim() === '') pieces.push({ kind: 'paragraph', lines: [] });
    else if (last?.kind === 'paragraph' && last.lines.length > 0) last.lines.push(inline(line));
    else pieces.push({ kind: 'paragraph', lines: [inline(line)] });
  }
  return pieces.filter((piece) => piece.kind !== 'paragraph' || piece.lines.length > 0);
}

/** Emphasis and links are brought into the form mrkdwn has, which already knows how to read a line. */
const inline = (line: string): Inline[] =>
  parseInline(
    line
      .replace(/\[([^\]]*)\]\((https?:[^()\s]+)[^()]*\)/g, '<$2|$1>')
      .replace(/(^|[^*])\*(?!\*)([^*\n]+)\*(?!\*)/g, '$1_$2_')
      .replace(/\*\*(.+?)\*\*|__(.+?)__/g, (_, stars?: string, bars?: string) => `*${stars ?? bars}*`)
      .replace(/~~(.+?)~~/g, '~$1~'),
  );
