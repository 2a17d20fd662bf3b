import { h } from './dom.js';
import { avatar } from './messages.js';

/** Conversations, the app and the switch between people. */
export function drawSidebar(root, page) {
  const { state, ui } = page;
  const me = state.users.find((u) => u.id === state.me);
  const app = state.users.find((u) => u.id === state.app.userId);
  const direct = state.channels.find((c) => c.kind === 'im');
  const focused = document.activeElement?.getAttribute?.('data-channel');
  const entry = (id, label, { mark = '#', note = '' } = {}) => {
    const unread = ui.channel !== id && page.unread(id);
    return h(
      'li',
      {},
      h(
        'button',
        {
          type: 'button',
          class: `entry${unread ? ' unread' : ''}`,
          'data-channel': id,
          'aria-current': ui.channel === id ? 'page' : undefined,
          onclick: () => page.go(id),
        },
        h('span', { class: 'mark', 'aria-hidden': 'true' }, mark),
        h('span', { class: 'label' }, label),
        note ? h('span', { class: 'entry-note' }, note) : '',
        unread ? h('span', { class: 'dot', role: 'img', 'aria-label': 'new messages' }) : '',
      ),
    );
  };
  const channels = state.channels.filter((c) => c.kind !== 'im');
  const joined = channels.filter((c) => c.members.includes(state.me) && !c.archived);
  const archived = channels.filter((c) => c.archived);
  root.replaceChildren(
    h(
      'div',
      { class: 'team' },
      h('span', { class: 'team-mark', 'aria-hidden': 'true' }),
      h('strong', {}, state.team.name),
    ),
    h(
      'div',
      { class: 'who' },
      avatar(me.id, me.realName),
      h(
        'label',
        {},
        h('span', { class: 'who-label' }, 'You are'),
        h(
          'select',
          {
            'data-testid': 'user-switch',
            'aria-label': 'You are',
            onchange: (event) => page.become(event.target.value),
          },
          state.users
            .filter((u) => u.canAct)
            .map((u) =>
              h(
                'option',
                { value: u.id, selected: u.id === state.me },
                u.note ? `${u.realName} (${u.note})` : u.realName,
              ),
            ),
        ),
      ),
      h('span', { class: 'who-title' }, me.title),
    ),
    h(
      'div',
      { class: 'lists' },
      h('h2', {}, 'Channels'),
      h(
        'ul',
        {},
        joined.map((c) => entry(c.id, c.name, { mark: c.kind === 'private' ? '🔒' : '#' })),
      ),
      direct
        ? [
            h('h2', {}, 'Apps'),
            h('ul', {}, state.app.homeTab ? entry('home', app.realName, { mark: '⌂', note: 'Home' }) : ''),
          ]
        : '',
      direct
        ? [h('h2', {}, 'Direct messages'), h('ul', {}, entry(direct.id, app.realName, { mark: '●', note: 'App' }))]
        : '',
      archived.length > 0
        ? [
            h('h2', {}, 'Archived'),
            h(
              'ul',
              {},
              archived.map((c) => entry(c.id, c.name, { mark: '▪' })),
            ),
          ]
        : '',
    ),
  );
  if (focused) root.querySelector(`[data-channel="${CSS.escape(focused)}"]`)?.focus();
}
