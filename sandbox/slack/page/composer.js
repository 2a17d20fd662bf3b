import { act } from './api.js';
import { h } from './dom.js';

/** `status <team> | why <vm> | help` becomes one suggestion per part; words in brackets are for the eye only. */
export function suggestionsFor(commands) {
  return commands.flatMap(({ command, usageHint, description }) => {
    const parts = usageHint
      .replace(/^\[(.*)\]$/, '$1')
      .split('|')
      .map((part) => part.trim())
      .filter(Boolean);
    if (parts.length === 0) return [{ label: command, insert: `${command} `, note: description }];
    return parts.map((part, index) => {
      const bare = part.startsWith(command) ? part.slice(command.length).trim() : part;
      const word = bare.split(/\s/)[0] ?? '';
      const more = bare.includes(' ');
      return {
        label: `${command} ${bare}`,
        insert: `${command} ${word}${more ? ' ' : ''}`,
        note: index === 0 ? description : '',
      };
    });
  });
}

/** A message field: Enter sends, Shift+Enter breaks the line, `/` opens the commands. */
export function createComposer(page, { testId, threadTs, label }) {
  const listId = `${testId}-list`;
  let offered = [];
  let active = -1;
  const list = h('div', { class: 'suggestions', id: listId, role: 'listbox', 'aria-label': 'Commands', hidden: true });
  const field = h('textarea', {
    rows: 1,
    id: threadTs ? undefined : 'composer-text',
    'data-testid': testId,
    role: 'combobox',
    'aria-expanded': 'false',
    'aria-controls': listId,
    'aria-autocomplete': 'list',
    'aria-label': label,
    autocomplete: 'off',
    oninput: () => offer(),
    onkeydown: onKey,
    onblur: () => setTimeout(hide, 150),
  });
  const sendButton = h(
    'button',
    { type: 'submit', class: 'send', 'data-testid': threadTs ? 'thread-send' : 'send', 'aria-label': 'Send' },
    '➤',
  );
  const notice = h('div', { class: 'notice', role: 'status' });
  const form = h(
    'form',
    {
      class: 'composer',
      onsubmit: (event) => {
        event.preventDefault();
        void send();
      },
    },
    list,
    h('div', { class: 'composer-box' }, field, sendButton),
    notice,
  );

  function hide() {
    offered = [];
    active = -1;
    list.hidden = true;
    field.setAttribute('aria-expanded', 'false');
    field.removeAttribute('aria-activedescendant');
  }

  function grow() {
    field.rows = Math.min(8, field.value.split('\n').length);
    sendButton.disabled = field.value.trim() === '';
  }

  function offer() {
    grow();
    notice.textContent = '';
    const typed = field.value.toLowerCase();
    if (threadTs || !typed.startsWith('/') || typed.includes('\n')) return hide();
    offered = suggestionsFor(page.state.app.commands).filter(
      (s) => s.label.toLowerCase().startsWith(typed.trimEnd()) && s.insert.length >= typed.length,
    );
    active = -1;
    draw();
  }

  function draw() {
    list.hidden = offered.length === 0;
    field.setAttribute('aria-expanded', String(!list.hidden));
    list.replaceChildren(
      ...offered.map((s, index) =>
        h(
          'div',
          {
            role: 'option',
            id: `${listId}-${index}`,
            'aria-selected': String(index === active),
            'data-testid': 'suggestion',
            onmousedown: (event) => {
              event.preventDefault();
              complete(index);
            },
          },
          h('span', { class: 'suggestion-label' }, s.label),
          s.note ? h('span', { class: 'suggestion-note' }, s.note) : '',
        ),
      ),
    );
    if (active >= 0) field.setAttribute('aria-activedescendant', `${listId}-${active}`);
    else field.removeAttribute('aria-activedescendant');
    list.children[active]?.scrollIntoView({ block: 'nearest' });
  }

  function complete(index) {
    field.value = offered[index].insert;
    hide();
    grow();
    field.focus();
  }

  function onKey(event) {
    if (event.isComposing) return;
    const open = offered.length > 0;
    if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      active = (active + step + offered.length + (active < 0 && step < 0 ? 1 : 0)) % offered.length;
      draw();
    } else if (open && event.key === 'Tab' && !event.shiftKey) {
      event.preventDefault();
      complete(Math.max(0, active));
    } else if (open && event.key === 'Escape') {
      event.stopPropagation();
      hide();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      if (open && active >= 0) complete(active);
      else void send();
    }
  }

  async function send() {
    const text = field.value.trim();
    if (text === '') return;
    const [command, ...words] = text.split(' ');
    const known = page.state.app.commands.some((c) => c.command === command);
    if (!threadTs && command.startsWith('/') && !known) {
      notice.textContent = `${command} is not a valid command. Try ${page.state.app.commands.map((c) => c.command).join(', ')}.`;
      return;
    }
    field.value = '';
    hide();
    grow();
    const where = { user: page.state.me, channel: page.channelId() };
    const answer = await (known && !threadTs
      ? act({ act: 'slash', ...where, command, text: words.join(' ').trim() })
      : act({ act: 'say', ...where, text, ...(threadTs ? { threadTs } : {}) }));
    if (!answer.ok) {
      notice.textContent = answer.error;
      if (field.value === '') field.value = text;
      grow();
    }
  }

  grow();
  return {
    form,
    field,
    set: (text) => {
      field.value = text;
      grow();
      offer();
      field.focus();
    },
  };
}
