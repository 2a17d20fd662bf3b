import { blocks } from './blocks.js';
import { h, keyed } from './dom.js';
import { clock, dayOf, isoTime, pieces } from './inline.js';
import { createSite } from './site.js';

const initials = (name) =>
  name
    .split(/[\s-]+/)
    .map((word) => word[0])
    .join('')
    .slice(0, 2)
    .toUpperCase();

/** A disc with initials; its colour follows from the id. */
export function avatar(id, name) {
  const hue = [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 8;
  return h('span', { class: `avatar hue-${hue}`, 'aria-hidden': 'true' }, initials(name));
}

function author(message, page) {
  if (message.fromSlack) return { id: 'slack', name: 'Workspace', badge: '' };
  const user = page.state.users.find((u) => u.id === message.user);
  return { id: message.user ?? '?', name: user?.realName ?? 'Unknown', badge: message.bot_id ? 'App' : '' };
}

/** What a message says: its blocks, or its text when it has none. */
function content(message, page, site) {
  const attached = (message.attachments ?? []).map((a) =>
    h(
      'div',
      { class: 'attachment' },
      blocks(a.blocks, page, site),
      !a.blocks && (a.text ?? a.fallback) ? String(a.text ?? a.fallback) : '',
    ),
  );
  const files = (message.files ?? []).map((id) => {
    const file = page.state.files.find((f) => f.id === id);
    const shown = file?.mimetype.startsWith('image/')
      ? h('img', { src: `/files/${id}`, alt: file.altText || file.title, class: 'full' })
      : '';
    return h(
      'figure',
      { class: 'image' },
      h('figcaption', {}, h('a', { href: `/files/${id}`, download: file?.name }, file?.title ?? id)),
      shown,
    );
  });
  const body = message.blocks ? blocks(message.blocks, page, site) : pieces(message.tree, page);
  return [body, attached, files];
}

function drawMessage(message, page, { replies, inThread }) {
  const { id, name, badge } = author(message, page);
  const ephemeral = message.ephemeralTo !== undefined;
  const target = ephemeral ? { ephemeralId: message.ts } : { messageTs: message.ts };
  const site = createSite(page, target);
  const last = replies.at(-1);
  return h(
    'article',
    {
      class: `message${ephemeral ? ' ephemeral' : ''}${message.fromSlack ? ' from-slack' : ''}`,
      'data-testid': 'message',
      'data-ts': message.ts,
      'data-user': id,
      'data-ephemeral': String(ephemeral),
      id: inThread ? undefined : `m-${message.ts}`,
      'aria-label': `${name} at ${clock(message.ts, page.reader)}`,
    },
    avatar(id, name),
    h(
      'div',
      { class: 'message-body' },
      ephemeral
        ? h('div', { class: 'only-you' }, h('span', { 'aria-hidden': 'true' }, '👁 '), 'Only visible to you')
        : '',
      h(
        'div',
        { class: 'byline' },
        h('strong', {}, name),
        badge ? h('span', { class: 'badge' }, badge) : '',
        h('time', { datetime: isoTime(message.ts), title: isoTime(message.ts) }, clock(message.ts, page.reader)),
        ephemeral || inThread || message.fromSlack
          ? ''
          : h(
              'button',
              { type: 'button', class: 'reply', 'data-testid': 'reply', onclick: () => page.openThread(message.ts) },
              'Reply',
            ),
      ),
      message.broadcast ? h('div', { class: 'note' }, 'replied to a thread') : '',
      h('div', { class: 'content' }, content(message, page, site)),
      message.edited ? h('span', { class: 'edited' }, '(edited)') : '',
      message.reactions
        ? h(
            'div',
            { class: 'reactions' },
            message.reactions.map((r) => h('span', { title: r.users.join(', ') }, `:${r.name}: ${r.users.length}`)),
          )
        : '',
      replies.length > 0 && !inThread
        ? h(
            'button',
            { type: 'button', class: 'replies', 'data-testid': 'replies', onclick: () => page.openThread(message.ts) },
            `${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}`,
            h('span', {}, ` last at ${clock(last.ts, page.reader)}`),
          )
        : '',
    ),
  );
}

/** Shows messages in a scrolling list, with a line for every new day; new ones come into view. */
export function drawMessages(list, shown, page, { inThread = false, empty = '' } = {}) {
  const near = list.scrollHeight - list.scrollTop - list.clientHeight < 120;
  const before = list.dataset.last;
  const items = [];
  let day = '';
  for (const message of shown) {
    const today = dayOf(message.ts, page.reader);
    if (today !== day && !inThread)
      items.push({
        key: `day ${today}`,
        version: today,
        make: () => h('div', { class: 'day', role: 'separator' }, h('span', {}, today)),
      });
    day = today;
    const replies = inThread
      ? []
      : page.state.messages.filter((m) => m.thread_ts === message.ts && m.channel === message.channel);
    const version = JSON.stringify([message, replies.length, replies.at(-1)?.ts, page.reader]);
    items.push({ key: `${message.ts}`, version, make: () => drawMessage(message, page, { replies, inThread }) });
  }
  if (items.length === 0) items.push({ key: 'empty', version: empty, make: () => h('p', { class: 'empty' }, empty) });
  keyed(list, items);
  const last = shown.at(-1)?.ts ?? '';
  list.dataset.last = last;
  if (last !== before || near) list.scrollTop = list.scrollHeight;
}
