import { h, link } from './dom.js';

const pad = (n) => String(n).padStart(2, '0');

/** Fills `{date_short} {time}` and the like, in the reader's time zone and language. */
export function formatDate(unixSec, format, reader) {
  const date = new Date(unixSec * 1000);
  const zone = { timeZone: reader.tz };
  const show = (options) => new Intl.DateTimeFormat(reader.locale, { ...zone, ...options }).format(date);
  const dayOf = (d) => new Intl.DateTimeFormat('en-CA', zone).format(d);
  const near = (otherwise) => {
    const days = [
      [0, 'today'],
      [-1, 'yesterday'],
      [1, 'tomorrow'],
    ];
    const hit = days.find(([offset]) => dayOf(date) === dayOf(new Date(Date.now() + offset * 86_400_000)));
    return hit ? hit[1] : otherwise;
  };
  const short = () => show({ day: 'numeric', month: 'short', year: 'numeric' });
  const plain = () => show({ day: 'numeric', month: 'long', year: 'numeric' });
  const long = () => show({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const words = {
    date_num: () => dayOf(date),
    date: plain,
    date_short: short,
    date_long: long,
    date_pretty: () => near(plain()),
    date_short_pretty: () => near(short()),
    date_long_pretty: () => near(long()),
    day_divider_pretty: () => near(long()),
    time: () => show({ hour: 'numeric', minute: '2-digit' }),
    time_secs: () => show({ hour: 'numeric', minute: '2-digit', second: '2-digit' }),
    ago: () => {
      const minutes = Math.round((Date.now() - date) / 60_000);
      return Math.abs(minutes) < 60 ? `${minutes} min ago` : `${Math.round(minutes / 60)} h ago`;
    },
  };
  return format.replace(/\{(\w+)\}/g, (whole, word) => words[word]?.() ?? whole);
}

/** The time on a message. */
export const clock = (ts, reader) => {
  const options = { hour: '2-digit', minute: '2-digit', timeZone: reader.tz };
  return new Intl.DateTimeFormat(reader.locale, options).format(new Date(Number(ts) * 1000));
};

/** The moment in full, for titles and day lines. */
export const dayOf = (ts, reader) => formatDate(Number(ts), '{date_long_pretty}', reader);
export const isoTime = (ts) => {
  const d = new Date(Number(ts) * 1000);
  return `${d.getUTCFullYear()}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())}T${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}Z`;
};

function mention(kind, id, label, page) {
  const { users, groups, channels } = page.state;
  if (kind === 'user') {
    const user = users.find((u) => u.id === id);
    return h(
      'span',
      { class: `mention${id === page.state.me ? ' me' : ''}`, 'data-mention': id },
      `@${user?.name ?? (label || id)}`,
    );
  }
  if (kind === 'group') {
    const group = groups.find((g) => g.id === id);
    return h('span', { class: 'mention', 'data-mention': id }, `@${group?.handle ?? (label.replace(/^@/, '') || id)}`);
  }
  const channel = channels.find((c) => c.id === id);
  const open = channel ? () => page.go(id) : undefined;
  return h(
    'button',
    { type: 'button', class: 'mention', 'data-mention': id, onclick: open },
    `#${channel?.name ?? (label || id)}`,
  );
}

const TAGS = { bold: 'strong', italic: 'em', strike: 's' };

/** Draws pieces of a line of mrkdwn. */
export function inline(nodes, page) {
  return nodes.map((node) => {
    switch (node.kind) {
      case 'text':
        return node.text;
      case 'emoji':
        return h('span', { role: 'img', 'aria-label': node.name.replaceAll('_', ' '), class: 'emoji' }, node.glyph);
      case 'code':
        return h('code', {}, node.text);
      case 'bold':
      case 'italic':
      case 'strike':
        return h(TAGS[node.kind], {}, inline(node.children, page));
      case 'link':
        return link(node.url, node.label || node.url);
      case 'broadcast':
        return h('span', { class: 'mention me', 'data-mention': node.range }, `@${node.range}`);
      case 'date': {
        const shown = formatDate(node.unixSec, node.format, page.reader);
        const time = h('time', { datetime: isoTime(node.unixSec), title: node.fallback }, shown);
        return node.url ? link(node.url, time) : time;
      }
      default:
        return mention(node.kind, node.id, node.label, page);
    }
  });
}

const lines = (all, page) =>
  all.flatMap((line, index) => (index === 0 ? inline(line, page) : [h('br'), ...inline(line, page)]));

/** Draws parsed mrkdwn or Markdown. */
export function pieces(tree, page) {
  return tree.map((piece) => {
    switch (piece.kind) {
      case 'quote':
        return h('blockquote', {}, lines(piece.lines, page));
      case 'list':
        return h(
          piece.ordered ? 'ol' : 'ul',
          {},
          piece.items.map((item) => h('li', {}, inline(item, page))),
        );
      case 'preformatted':
        return h('pre', { tabindex: 0 }, piece.text);
      case 'heading':
        return h(
          'p',
          { class: `heading h${piece.level}`, role: 'heading', 'aria-level': Math.min(6, piece.level + 2) },
          inline(piece.line, page),
        );
      case 'rule':
        return h('hr');
      case 'grid':
        return h(
          'div',
          { class: 'table-box' },
          h(
            'table',
            {},
            piece.rows.map((row, r) =>
              h(
                'tr',
                {},
                row.map((cell) => h(r === 0 ? 'th' : 'td', {}, inline(cell, page))),
              ),
            ),
          ),
        );
      default:
        return h('div', { class: 'paragraph' }, lines(piece.lines, page));
    }
  });
}

/** A text object of the app: mrkdwn or plain text. */
export function text(object, page) {
  if (!object) return [];
  if (object.tree) return pieces(object.tree, page);
  return object.line ? inline(object.line, page) : [String(object.text ?? '')];
}

function leaf(element, page) {
  const content = () => {
    switch (element.type) {
      case 'text':
        return element.text.split('\n').flatMap((line, index) => (index === 0 ? [line] : [h('br'), line]));
      case 'link':
        return [link(element.url, element.text || element.url)];
      case 'emoji':
        return [
          h(
            'span',
            { class: 'emoji', role: 'img', 'aria-label': element.name.replaceAll('_', ' ') },
            element.glyph ?? `:${element.name}:`,
          ),
        ];
      case 'user':
        return [mention('user', element.user_id, '', page)];
      case 'usergroup':
        return [mention('group', element.usergroup_id, '', page)];
      case 'channel':
        return [mention('channel', element.channel_id, '', page)];
      case 'broadcast':
        return [h('span', { class: 'mention me', 'data-mention': element.range }, `@${element.range}`)];
      case 'date':
        return [
          h(
            'time',
            { datetime: isoTime(element.timestamp), title: element.fallback },
            formatDate(element.timestamp, element.format, page.reader),
          ),
        ];
      case 'color':
        return [h('code', {}, element.value)];
      default:
        return [`[${element.type}]`];
    }
  };
  const { bold, italic, strike, code, underline } = element.style ?? {};
  const tags = [code && 'code', strike && 's', underline && 'u', italic && 'em', bold && 'strong'].filter(Boolean);
  return tags.reduce((inner, tag) => [h(tag, {}, inner)], content());
}

/** A rich_text block; lists of deeper indent follow each other as Slack sends them. */
export function richText(block, page) {
  const counters = [];
  return block.elements.map((part) => {
    const leaves = (elements) => elements.flatMap((element) => leaf(element, page));
    switch (part.type) {
      case 'rich_text_list': {
        const indent = part.indent ?? 0;
        const start = (counters[indent] ?? 0) + 1 + (part.offset ?? 0);
        counters[indent] = (counters[indent] ?? 0) + part.elements.length;
        counters.length = indent + 1;
        const ordered = part.style === 'ordered';
        const attributes = { class: `rich indent-${Math.min(8, indent)}`, ...(ordered ? { start } : {}) };
        return h(
          ordered ? 'ol' : 'ul',
          attributes,
          part.elements.map((item) => h('li', {}, leaves(item.elements))),
        );
      }
      case 'rich_text_quote':
        return h('blockquote', {}, leaves(part.elements));
      case 'rich_text_preformatted':
        return h('pre', { tabindex: 0 }, leaves(part.elements));
      default:
        counters.length = 0;
        return h('div', { class: 'paragraph' }, leaves(part.elements));
    }
  });
}

/** The words of a rich_text block, for sorting and labels. */
export const plainOf = (value) => {
  if (typeof value?.text === 'string') return value.text;
  if (value?.type === 'raw_number') return String(value.value);
  return (value?.elements ?? []).map(plainOf).join('');
};
