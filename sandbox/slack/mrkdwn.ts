import { EMOJI } from './emoji.ts';

/** A piece of a line. Styles hold more pieces; everything else is a leaf. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'emoji'; name: string; glyph: string }
  | { kind: 'code'; text: string }
  | { kind: 'bold' | 'italic' | 'strike'; children: Inline[] }
  | { kind: 'link'; url: string; label: string }
  | { kind: 'user'; id: string; label: string }
  | { kind: 'channel'; id: string; label: string }
  | { kind: 'group'; id: string; label: string }
  | { kind: 'broadcast'; range: 'here' | 'channel' | 'everyone' }
  | { kind: 'date'; unixSec: number; format: string; url: string; fallback: string };

/** A piece of a message: lines that belong together. */
export type Piece =
  | { kind: 'paragraph'; lines: Inline[][] }
  | { kind: 'quote'; lines: Inline[][] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }
  | { kind: 'preformatted'; text: string };

const decodeEntities = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/**
 * Parses mrkdwn as Slack does: references in angle brackets, styles, code, quotes, lists and emoji.
 * `verbatim` switches off that bare URLs become links. https://docs.slack.dev/messaging/formatting-message-text
 */
export function parseMrkdwn(source: string, { verbatim = false } = {}): Piece[] {
  const pieces: Piece[] = [];
  source.split(/```\n?/).forEach((part, index, parts) => {
    const closed = index % 2 === 1 && index < parts.length - 1;
    if (closed) pieces.push({ kind: 'preformatted', text: decodeEntities(stripReferences(part)).replace(/\n$/, '') });
    else if (index % 2 === 1) addLines(pieces, `\`\`\`${part}`, verbatim);
    else {
      // A line break beside a fence belongs to the fence.
      const before = index < parts.length - 1 ? part.replace(/\n$/, '') : part;
      const text = index > 0 ? before.replace(/^\n/, '') : before;
      if (text !== '') addLines(pieces, text, verbatim);
    }
  });
  return pieces;
}

/** In code, references are still resolved by Slack, but to plain text. */
const stripReferences = (text: string): string =>
  text.replace(/<([^<>\n]+)>/g, (_, inner: string) => inner.split('|').at(-1) ?? inner);

function addLines(pieces: Piece[], text: string, verbatim: boolean): void {
  let quoteRest = false;
  for (const raw of text.split('\n')) {
    if (raw.startsWith('&gt;&gt;&gt;') || raw.startsWith('>>>')) quoteRest = true;
    const quote = /^(?:&gt;&gt;&gt;|>>>|&gt;|>) ?(.*)$/.exec(raw);
    const item = /^\s*(?:([•\-*])|(\d{1,3})\.)\s+(.*)$/.exec(raw);
    const last = pieces.at(-1);
    if (quote || quoteRest) {
      const line = parseInline(quote?.[1] ?? raw, verbatim);
      if (last?.kind === 'quote') last.lines.push(line);
      else pieces.push({ kind: 'quote', lines: [line] });
    } else if (item) {
      const ordered = item[2] !== undefined;
      const line = parseInline(item[3] ?? '', verbatim);
      if (last?.kind === 'list' && last.ordered === ordered) last.items.push(line);
      else pieces.push({ kind: 'list', ordered, items: [line] });
    } else {
      const line = parseInline(raw, verbatim);
      if (last?.kind === 'paragraph') last.lines.push(line);
      else pieces.push({ kind: 'paragraph', lines: [line] });
    }
  }
}

const STYLES = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
const WORD = /[\p{L}\p{N}]/u;
const BARE_URL = /^https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)'"]/;

/** Parses one line. */
export function parseInline(line: string, verbatim = false): Inline[] {
  const out: Inline[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') out.push({ kind: 'text', text: decodeEntities(plain) });
    plain = '';
  };
  const take = (node: Inline) => {
    flush();
    out.push(node);
  };
  let at = 0;
  while (at < line.length) {
    const rest = line.slice(at);
    const found =
      reference(rest) ??
      code(rest) ??
      emoji(rest) ??
      (verbatim ? undefined : bareUrl(rest, line[at - 1])) ??
      styled(rest, line[at - 1], verbatim);
    if (found) {
      take(found.node);
      at += found.length;
    } else {
      plain += line[at];
      at += 1;
    }
  }
  flush();
  return out;
}

type Found = { node: Inline; length: number } | undefined;

function reference(rest: string): Found {
  const match = /^<([^<>\n]+)>/.exec(rest);
  const inner = match?.[1];
  if (!match || inner === undefined) return undefined;
  const [target = '', label = ''] = inner.split(/\|(.*)/s);
  const node = referenceNode(target, decodeEntities(label));
  return node && { node, length: match[0].length };
}

function referenceNode(target: string, label: string): Inline | undefined {
  const broadcast = /^!(here|channel|everyone|group)$/.exec(target)?.[1];
  if (broadcast) return { kind: 'broadcast', range: broadcast === 'group' ? 'channel' : (broadcast as 'here') };
  if (/^@[UW][A-Z0-9]+$/.test(target)) return { kind: 'user', id: target.slice(1), label };
  if (/^#[CG][A-Z0-9]+$/.test(target)) return { kind: 'channel', id: target.slice(1), label };
  if (/^!subteam\^S[A-Z0-9]+$/.test(target)) return { kind: 'group', id: target.slice('!subteam^'.length), label };
  const date = /^!date\^(\d+)\^([^^|]*)(?:\^(.+))?$/.exec(target);
  if (date)
    return { kind: 'date', unixSec: Number(date[1]), format: date[2] ?? '', url: date[3] ?? '', fallback: label };
  if (/^(https?|mailto|slack|tel):/i.test(target)) return { kind: 'link', url: decodeEntities(target), label };
  return target.startsWith('!') ? { kind: 'text', text: label || target.slice(1) } : undefined;
}

function code(rest: string): Found {
  const match = /^`([^`\n]+)`/.exec(rest);
  return match?.[1] === undefined
    ? undefined
    : { node: { kind: 'code', text: decodeEntities(stripReferences(match[1])) }, length: match[0].length };
}

function emoji(rest: string): Found {
  const match = /^:([a-z0-9_+-]+):/.exec(rest);
  const glyph = match?.[1] === undefined || !Object.hasOwn(EMOJI, match[1]) ? undefined : EMOJI[match[1]];
  return match?.[1] !== undefined && glyph
    ? { node: { kind: 'emoji', name: match[1], glyph }, length: match[0].length }
    : undefined;
}

function bareUrl(rest: string, before: string | undefined): Found {
  const match = before !== undefined && WORD.test(before) ? null : BARE_URL.exec(rest);
  return match
    ? { node: { kind: 'link', url: decodeEntities(match[0]), label: '' }, length: match[0].length }
    : undefined;
}

/** `*bold*`: the marks stand at word edges and hug what they enclose; so `2*3*4` and `snake_case` stay text. */
function styled(rest: string, before: string | undefined, verbatim: boolean): Found {
  const mark = rest[0] as keyof typeof STYLES;
  if (!Object.hasOwn(STYLES, mark) || (before !== undefined && WORD.test(before))) return undefined;
  for (let end = rest.indexOf(mark, 2); end !== -1; end = rest.indexOf(mark, end + 1)) {
    const inner = rest.slice(1, end);
    const after = rest[end + 1];
    if (/^\s|\s$/.test(inner) || (after !== undefined && WORD.test(after)) || inner.includes(mark)) continue;
    return { node: { kind: STYLES[mark], children: parseInline(inner, verbatim) }, length: end + 1 };
  }
  return undefined;
}

/** Plain text with emoji, for `plain_text` objects. */
export function parsePlain(text: string, withEmoji = true): Inline[] {
  const parts = withEmoji ? text.split(/(:[a-z0-9_+-]+:)/) : [text];
  return parts
    .filter((part) => part !== '')
    .map((part): Inline => {
      const name = part.slice(1, -1);
      const glyph = withEmoji && /^:.+:$/.test(part) && Object.hasOwn(EMOJI, name) ? EMOJI[name] : undefined;
      return glyph ? { kind: 'emoji', name, glyph } : { kind: 'text', text: part };
    });
}
