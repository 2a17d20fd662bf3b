import { type Inline, type Piece, parseMrkdwn } from './mrkdwn.ts';
import type { Fields } from './types.ts';

/** One ping or link that a message would cause, and where in the message it stands. */
export interface Mention {
  kind: 'broadcast' | 'user' | 'group' | 'channel' | 'link';
  /** `channel`, a user id, a group id, a channel id or a URL. */
  target: string;
  /** What a link shows; empty when it shows its URL. */
  label: string;
  /** JSON pointer, for example `/blocks/0/text`. */
  pointer: string;
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Everything in a message, modal or Home tab that would notify somebody or be clickable: in the text fallback, in every
 * mrkdwn text, in rich text elements, in `markdown` blocks and in the URLs of elements. `plain_text` and table texts
 * are never parsed by Slack and so never listed.
 */
export function mentions(message: Fields): Mention[] {
  const { text: fallback, ...rest } = message;
  const own = typeof fallback === 'string' ? fromMrkdwn(fallback, '/text') : [];
  return [...own, ...fromValue(rest, '')];
}

/** Those of the mentions that notify people. */
export const pings = (message: Fields): Mention[] =>
  mentions(message).filter((m) => ['broadcast', 'user', 'group'].includes(m.kind));

function fromValue(value: unknown, pointer: string): Mention[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => fromValue(item, `${pointer}/${index}`));
  if (!isObject(value)) return [];
  const own = fromObject(value, pointer);
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => fromValue(inner, `${pointer}/${key}`))];
}

/** Rich-text leaves and texts are told apart by `type`; a URL of any other object is something to click. */
function fromObject(value: Fields, pointer: string): Mention[] {
  const one = (kind: Mention['kind'], target: unknown, label = ''): Mention[] => [
    { kind, target: text(target), label, pointer },
  ];
  switch (value.type) {
    case 'mrkdwn':
      return fromMrkdwn(text(value.text), pointer, value.verbatim === true);
    case 'markdown':
      return fromMarkdown(text(value.text), pointer);
    case 'user':
      return typeof value.user_id === 'string' ? one('user', value.user_id) : [];
    case 'usergroup':
      return one('group', value.usergroup_id);
    case 'broadcast':
      return one('broadcast', value.range);
    case 'channel':
      return typeof value.channel_id === 'string' ? one('channel', value.channel_id) : [];
    case 'link':
      return one('link', value.url, text(value.text));
    case 'image':
    case 'plain_text':
    case 'raw_text':
    case 'text':
      return [];
    default:
      return typeof value.url === 'string' && value.url !== '' ? one('link', value.url) : [];
  }
}

const fromMrkdwn = (source: string, pointer: string, verbatim = false): Mention[] =>
  parseMrkdwn(source, { verbatim }).flatMap((piece) =>
    linesOf(piece).flatMap((line) => line.flatMap((node) => fromInline(node, pointer))),
  );

function linesOf(piece: Piece): Inline[][] {
  switch (piece.kind) {
    case 'paragraph':
    case 'quote':
      return piece.lines;
    case 'list':
      return piece.items;
    case 'preformatted':
      return [];
  }
}

function fromInline(node: Inline, pointer: string): Mention[] {
  switch (node.kind) {
    case 'bold':
    case 'italic':
    case 'strike':
      return node.children.flatMap((child) => fromInline(child, pointer));
    case 'broadcast':
      return [{ kind: 'broadcast', target: node.range, label: '', pointer }];
    case 'user':
    case 'group':
    case 'channel':
      return [{ kind: node.kind, target: node.id, label: node.label, pointer }];
    case 'link':
      return [{ kind: 'link', target: node.url, label: node.label, pointer }];
    case 'date':
      return node.url === '' ? [] : [{ kind: 'link', target: node.url, label: node.fallback, pointer }];
    default:
      return [];
  }
}

/** Standard Markdown also takes Slack's own references, and links as `[label](url)` or bare. */
function fromMarkdown(source: string, pointer: string): Mention[] {
  const links = [...source.matchAll(/\[([^\]]*)\]\(([^()\s]+)[^()]*\)/g)].map(
    ([, label = '', target = '']): Mention => ({ kind: 'link', target, label, pointer }),
  );
  return [...links, ...fromMrkdwn(source.replace(/\[([^\]]*)\]\(([^()\s]+)[^()]*\)/g, '$1'), pointer)];
}
