import { act, fetchState, onChange } from './api.js';
import { blocks } from './blocks.js';
import { createComposer } from './composer.js';
import { confirmDialog, createModals } from './dialogs.js';
import { h, keyed } from './dom.js';
import { drawHint } from './hint.js';
import { drawMessages } from './messages.js';
import { drawSidebar } from './sidebar.js';
import { createSite } from './site.js';

const $ = (id) => document.getElementById(id);
const address = new URLSearchParams(location.search);
const seen = new Map();
let composer;
let threadComposer;

/** All that the parts of the page share. */
const page = {
  state: undefined,
  reader: undefined,
  ui: {
    user: address.get('user') ?? '',
    channel: address.get('channel') ?? 'C0PAYMENTS',
    thread: address.get('thread') ?? '',
  },
  channelId: () => (page.ui.channel === 'home' ? (directMessage()?.id ?? '') : page.ui.channel),
  unread: (id) => messagesOf(id).length > (seen.get(id) ?? 0),
  confirm: (confirm) => confirmDialog($('dialogs'), confirm, page),
  go,
  become,
  openThread,
};

const directMessage = () => page.state.channels.find((c) => c.kind === 'im');
const messagesOf = (id) => page.state.messages.filter((m) => m.channel === id);

function remember() {
  const { channel } = page.ui;
  history.replaceState(null, '', `/?${new URLSearchParams({ user: page.state.me, channel })}`);
}

function go(channel) {
  page.ui.channel = channel;
  page.ui.thread = '';
  document.body.classList.remove('menu-open');
  if (channel === 'home') void act({ act: 'home', user: page.state.me, tab: 'home' });
  remember();
  draw();
  composer?.field.focus();
}

async function become(user) {
  const direct = page.ui.channel === directMessage()?.id;
  page.ui.user = user;
  page.ui.thread = '';
  seen.clear();
  page.state = undefined;
  await refresh();
  if (direct) page.ui.channel = directMessage()?.id ?? 'C0PAYMENTS';
  if (page.ui.channel === 'home') void act({ act: 'home', user, tab: 'home' });
  remember();
  draw();
}

function openThread(ts) {
  page.ui.thread = ts;
  draw();
  threadComposer?.field.focus();
}

function drawBar(channel) {
  const home = page.ui.channel === 'home';
  const app = page.state.users.find((u) => u.id === page.state.app.userId);
  const name =
    home || channel.kind === 'im' ? app.realName : `${channel.kind === 'private' ? '🔒 ' : '# '}${channel.name}`;
  const tab = (id, label) =>
    h(
      'button',
      {
        type: 'button',
        role: 'tab',
        'aria-selected': String(page.ui.channel === id),
        'data-testid': `tab-${id === 'home' ? 'home' : 'messages'}`,
        onclick: () => go(id),
      },
      label,
    );
  const about =
    home || channel.kind === 'im'
      ? h(
          'div',
          { class: 'tabs', role: 'tablist' },
          page.state.app.homeTab ? tab('home', 'Home') : '',
          tab(directMessage()?.id, 'Messages'),
        )
      : h(
          'span',
          { class: 'topic' },
          `${channel.topic}${channel.archived ? ' · archived' : ''} · ${channel.members.length} members`,
        );
  $('bar').replaceChildren(
    h(
      'button',
      {
        type: 'button',
        class: 'menu-button',
        'aria-label': 'Conversations',
        'data-testid': 'menu',
        onclick: () => document.body.classList.toggle('menu-open'),
      },
      '☰',
    ),
    h('div', { class: 'bar-words' }, h('h1', {}, name), about),
    h('span', { class: 'offline', role: 'status' }, page.offline ? 'Connecting…' : ''),
  );
}

function drawMain(channel) {
  const home = page.ui.channel === 'home';
  $('scroll').classList.toggle('home', home);
  if (home) {
    const view = page.state.home;
    const site = view ? createSite(page, { viewId: view.id }, { state: view.state }) : undefined;
    const make = () =>
      view
        ? h(
            'div',
            { class: 'home-view', 'data-testid': 'home', 'data-view-id': view.id },
            blocks(view.blocks, page, site),
          )
        : h('p', { class: 'empty', 'data-testid': 'home-empty' }, 'The app has not published a Home tab for you yet.');
    keyed($('scroll'), [{ key: 'home', version: JSON.stringify([view?.hash, page.state.me]), make }]);
    delete $('scroll').dataset.last;
    return;
  }
  const top = messagesOf(channel.id).filter((m) => !m.thread_ts || m.broadcast);
  drawMessages($('scroll'), top, page, { empty: 'Nothing here yet. Say something, or type / for commands.' });
  seen.set(channel.id, messagesOf(channel.id).length);
}

function drawComposer(channel) {
  const closed = page.ui.channel === 'home' || channel.archived;
  const key = closed ? 'none' : `${page.state.me} ${channel.id}`;
  keyed($('composer'), [
    {
      key,
      version: key,
      make: () => {
        composer = undefined;
        if (closed) return h('div', { class: 'closed' }, channel.archived ? 'This channel is archived.' : '');
        const to = channel.kind === 'im' ? 'Golden' : `#${channel.name}`;
        composer = createComposer(page, { testId: 'composer', label: `Message to ${to}` });
        composer.field.placeholder = `Message ${to}, or / for commands`;
        return composer.form;
      },
    },
  ]);
}

function drawThread(channel) {
  const panel = $('thread');
  const { thread } = page.ui;
  const all = messagesOf(channel.id).filter((m) => m.ts === thread || m.thread_ts === thread);
  panel.hidden = thread === '' || all.length === 0 || page.ui.channel === 'home';
  document.body.classList.toggle('thread-open', !panel.hidden);
  if (panel.hidden) return panel.replaceChildren();
  if (panel.dataset.thread !== `${page.state.me} ${thread}` || !panel.firstChild) {
    panel.dataset.thread = `${page.state.me} ${thread}`;
    threadComposer = createComposer(page, {
      testId: 'thread-composer',
      threadTs: thread,
      label: 'Reply in the thread',
    });
    threadComposer.field.placeholder = 'Reply…';
    panel.replaceChildren(
      h(
        'header',
        { class: 'bar' },
        h('h2', {}, 'Thread'),
        h(
          'button',
          {
            type: 'button',
            class: 'close',
            'aria-label': 'Close the thread',
            'data-testid': 'thread-close',
            onclick: () => openThread(''),
          },
          '×',
        ),
      ),
      h('div', { class: 'scroll', role: 'log', 'aria-label': 'Replies', tabindex: 0 }),
      channel.archived ? '' : threadComposer.form,
    );
  }
  drawMessages(panel.querySelector('.scroll'), all, page, { inThread: true });
}

const drawModals = createModals($('dialogs'), page);

function draw() {
  const { state } = page;
  const known = page.ui.channel === 'home' ? directMessage() : state.channels.find((c) => c.id === page.ui.channel);
  if (!known) page.ui.channel = 'C0PAYMENTS';
  const channel = known ?? state.channels.find((c) => c.id === 'C0PAYMENTS');
  const me = state.users.find((u) => u.id === state.me);
  page.reader = { tz: me.tz, locale: me.locale };
  document.title = `${page.ui.channel === 'home' ? 'Home' : channel.name || 'Golden'} · ${state.team.name}`;
  drawMain(channel);
  drawSidebar($('sidebar'), page);
  drawBar(channel);
  drawHint($('hint'), page, {
    hidden: page.ui.channel === 'home',
    onTry: (text) => composer?.set(text),
    onClose: draw,
  });
  drawComposer(channel);
  drawThread(channel);
  drawModals();
  document.body.dataset.ready = 'true';
}

let running = false;
let again = false;

/** Fetches and draws; changes that come meanwhile lead to one more round, never to a queue. */
async function refresh() {
  again = true;
  if (running) return;
  running = true;
  try {
    while (again) {
      again = false;
      const state = await fetchState(page.ui.user);
      if (page.ui.user && state.me !== page.ui.user && page.state) continue;
      const first = !page.state;
      page.offline = false;
      page.state = state;
      page.ui.user = state.me;
      if (first) for (const { id } of state.channels) if (!seen.has(id)) seen.set(id, messagesOf(id).length);
      draw();
    }
  } catch {
    lost();
  } finally {
    running = false;
  }
}

function lost() {
  page.offline = true;
  const note = document.querySelector('.offline');
  if (note) note.textContent = 'Connecting…';
}

$('scrim').addEventListener('click', () => document.body.classList.remove('menu-open'));
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || document.querySelector('dialog[open]')) return;
  if (document.body.classList.contains('menu-open')) document.body.classList.remove('menu-open');
  else if (page.ui.thread) openThread('');
});

await refresh();
if (page.ui.channel === 'home') void act({ act: 'home', user: page.state.me, tab: 'home' });
document.getElementById(`m-${address.get('message')}`)?.scrollIntoView({ block: 'center' });
if (matchMedia('(min-width: 720px)').matches) composer?.field.focus();
onChange(refresh, lost);
