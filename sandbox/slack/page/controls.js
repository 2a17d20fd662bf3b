import { h, safeUrl } from './dom.js';
import { text } from './inline.js';

/**
 * Interactive elements. `site` says where one stands: `send(actionId, blockId, choice)` brings a choice to the app,
 * `register(block, element, read)` lets a form ask later, `initial(block, element)` is what was filled in before.
 */
export function control(element, block, page, site) {
  const draw = DRAW[element.type] ?? CHOOSERS[element.type];
  const drawn = draw ? draw(element, block, page, site) : h('span', { class: 'unknown' }, `[${element.type}]`);
  const target = drawn.matches?.('input,select,textarea,button')
    ? drawn
    : (drawn.querySelector('input,select,textarea,button') ?? drawn);
  target.setAttribute('data-action-id', element.action_id);
  target.setAttribute('data-element-type', element.type);
  if (element.focus_on_load) queueMicrotask(() => target.focus());
  return drawn;
}

/** Asks first when the element has a confirm dialog; then sends and shows that it is on its way. */
async function fire(element, block, page, site, choice, target) {
  if (element.confirm && !(await page.confirm(element.confirm))) return false;
  target?.classList.add('busy');
  await site.send(element.action_id, block.block_id, choice);
  target?.classList.remove('busy');
  return true;
}

function button(element, block, page, site) {
  const style = element.style ? ` ${element.style}` : '';
  const open = () => {
    if (safeUrl(element.url ?? '')) window.open(element.url, '_blank', 'noopener,noreferrer');
  };
  return h(
    'button',
    {
      type: 'button',
      class: `button${style}`,
      'aria-label': element.accessibility_label,
      onclick: async (event) => {
        if (event.currentTarget.classList.contains('busy')) return;
        open();
        await fire(element, block, page, site, undefined, event.currentTarget);
      },
    },
    text(element.text, page),
  );
}

function overflow(element, block, page, site) {
  const list = h(
    'div',
    { class: 'menu', role: 'menu', hidden: true },
    element.options.map((option) =>
      h(
        'button',
        {
          type: 'button',
          role: 'menuitem',
          'data-option': option.value,
          onclick: () => {
            close();
            if (safeUrl(option.url ?? '')) window.open(option.url, '_blank', 'noopener,noreferrer');
            void fire(element, block, page, site, option.value, toggle);
          },
        },
        text(option.text, page),
        option.description ? h('small', {}, text(option.description, page)) : '',
      ),
    ),
  );
  const close = () => {
    list.hidden = true;
    toggle.setAttribute('aria-expanded', 'false');
  };
  const toggle = h(
    'button',
    {
      type: 'button',
      class: 'button icon',
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      'aria-label': 'More actions',
      onclick: () => {
        list.hidden = !list.hidden;
        toggle.setAttribute('aria-expanded', String(!list.hidden));
        if (!list.hidden) list.querySelector('button')?.focus();
      },
    },
    '⋯',
  );
  return h(
    'span',
    {
      class: 'overflow',
      onkeydown: (event) => {
        if (event.key !== 'Escape' || list.hidden) return;
        event.stopPropagation();
        close();
        toggle.focus();
      },
      onfocusout: (event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) close();
      },
    },
    toggle,
    list,
  );
}

const optionsFrom = (options) => options.map((o) => ({ value: o.value, label: o.text.text }));

/** Where the entries of a select come from. */
function entries(element, page) {
  const { users, channels } = page.state;
  if (element.type.includes('users'))
    return users.filter((u) => u.canAct).map((u) => ({ value: u.id, label: u.realName }));
  if (element.type.includes('channels') || element.type.includes('conversations')) {
    return channels.filter((c) => c.kind !== 'im').map((c) => ({ value: c.id, label: `#${c.name}` }));
  }
  return optionsFrom(element.options ?? []);
}

function select(element, block, page, site) {
  const many = element.type.startsWith('multi_');
  const chosen = [site.initial(block, element)].flat().filter(Boolean);
  const one = (entry) => h('option', { value: entry.value, selected: chosen.includes(entry.value) }, entry.label);
  const groups = element.option_groups?.map((g) =>
    h('optgroup', { label: g.label.text }, optionsFrom(g.options).map(one)),
  );
  const placeholder = element.placeholder?.text ?? 'Choose…';
  const box = h(
    'select',
    {
      class: 'select',
      multiple: many,
      'aria-label': block.label ? undefined : placeholder,
      onchange: async () => {
        const before = box.dataset.last ?? '';
        const sent = site.changes(block) && (await fire(element, block, page, site, read(), box));
        if (sent === false) box.value = before;
        box.dataset.last = box.value;
      },
    },
    many ? '' : h('option', { value: '' }, placeholder),
    groups ?? entries(element, page).map(one),
  );
  const read = () => (many ? [...box.selectedOptions].map((o) => o.value) : box.value);
  site.register(block, element, read);
  return box;
}

function externalSelect(element, block, page, site) {
  const id = `list-${block.block_id}-${element.action_id}`;
  const list = h('datalist', { id });
  let offered = [];
  const value = () => offered.find((o) => o.text.text === box.value)?.value ?? box.value;
  const box = h('input', {
    class: 'text',
    list: id,
    value: [site.initial(block, element)].flat()[0],
    placeholder: element.placeholder?.text,
    oninput: async () => {
      if (offered.some((o) => o.text.text === box.value) || box.value.length < (element.min_query_length ?? 3)) return;
      const answer = await site.suggest(element.action_id, block.block_id, box.value);
      offered = answer.options ?? (answer.option_groups ?? []).flatMap((g) => g.options);
      list.replaceChildren(...offered.map((o) => h('option', { value: o.text.text })));
    },
    onchange: () => site.changes(block) && fire(element, block, page, site, value(), box),
  });
  site.register(block, element, () => (element.type.startsWith('multi_') ? [value()].filter(Boolean) : value()));
  return h('span', {}, box, list);
}

function boxes(element, block, page, site) {
  const kind = element.type === 'checkboxes' ? 'checkbox' : 'radio';
  const chosen = [site.initial(block, element)].flat().filter(Boolean);
  const name = `${block.block_id}-${element.action_id}`;
  const group = h(
    'div',
    {
      class: 'boxes',
      role: kind === 'radio' ? 'radiogroup' : 'group',
      onchange: () => site.changes(block) && fire(element, block, page, site, read(), group),
    },
    element.options.map((option) =>
      h(
        'label',
        {},
        h('input', { type: kind, name, value: option.value, checked: chosen.includes(option.value) }),
        h(
          'span',
          {},
          text(option.text, page),
          option.description ? h('small', {}, text(option.description, page)) : '',
        ),
      ),
    ),
  );
  const read = () => {
    const values = [...group.querySelectorAll('input:checked')].map((box) => box.value);
    return kind === 'radio' ? (values[0] ?? '') : values;
  };
  site.register(block, element, read);
  return group;
}

function field(type, more = () => ({})) {
  return (element, block, page, site) => {
    const multiline = type === 'text' && element.multiline;
    const box = h(multiline ? 'textarea' : 'input', {
      class: 'text',
      ...(multiline ? { rows: 3 } : { type }),
      maxlength: element.max_length,
      placeholder: element.placeholder?.text,
      'aria-label': block.label ? undefined : (element.placeholder?.text ?? 'Value'),
      onchange: () => site.changes(block) && fire(element, block, page, site, read(), box),
      ...more(element),
    });
    box.value = toField(type, [site.initial(block, element)].flat()[0] ?? '');
    const read = () =>
      type === 'datetime-local' && box.value ? String(Math.floor(new Date(box.value) / 1000)) : box.value;
    site.register(block, element, read);
    return box;
  };
}

const toField = (type, value) => {
  if (type !== 'datetime-local' || value === '') return String(value);
  const local = new Date(Number(value) * 1000);
  return new Date(local - local.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

function feedback(element, block, page, site) {
  const one = (side) =>
    h(
      'button',
      {
        type: 'button',
        class: 'button small',
        'aria-label': side.accessibility_label,
        onclick: () => fire(element, block, page, site, side.value),
      },
      text(side.text, page),
    );
  return h('span', { class: 'feedback' }, one(element.positive_button), one(element.negative_button));
}

const CHOOSERS = Object.fromEntries(
  ['static', 'users', 'conversations', 'channels'].flatMap((kind) => [
    [`${kind}_select`, select],
    [`multi_${kind}_select`, select],
  ]),
);

const DRAW = {
  button,
  workflow_button: button,
  icon_button: button,
  overflow,
  feedback_buttons: feedback,
  external_select: externalSelect,
  multi_external_select: externalSelect,
  checkboxes: boxes,
  radio_buttons: boxes,
  plain_text_input: field('text'),
  rich_text_input: field('text', () => ({ disabled: true, title: 'Rich text input is not part of this sandbox' })),
  email_text_input: field('email'),
  url_text_input: field('url'),
  number_input: field('number', (e) => ({
    min: e.min_value,
    max: e.max_value,
    step: e.is_decimal_allowed ? 'any' : 1,
  })),
  datepicker: field('date'),
  timepicker: field('time'),
  datetimepicker: field('datetime-local'),
};
