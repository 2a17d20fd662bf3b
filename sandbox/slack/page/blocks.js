import { chart } from './charts.js';
import { control } from './controls.js';
import { h, safeUrl } from './dom.js';
import { richText, text } from './inline.js';
import { dataTable, table } from './tables.js';

/** The picture itself when it is ours; of a foreign one only what it says, because nothing is loaded from elsewhere. */
function picture(image, className) {
  const file = image.slack_file ? (image.slack_file.id ?? image.slack_file.url.split('/').at(-1)) : undefined;
  const own = image.image_url?.startsWith(`${location.origin}/`) ? image.image_url : undefined;
  const source = file ? `/files/${file}` : own;
  if (source) return h('img', { src: source, alt: image.alt_text, class: className });
  return h(
    'span',
    {
      class: `picture ${className}`,
      role: 'img',
      'aria-label': image.alt_text,
      title: `${image.alt_text} (${image.image_url}, not loaded here)`,
    },
    className === 'tiny' ? '🖼' : `🖼 ${image.alt_text}`,
  );
}

function section(block, page, site) {
  return h(
    'div',
    { class: 'section' },
    h(
      'div',
      { class: 'words' },
      block.text ? h('div', { class: 'text-block' }, text(block.text, page)) : '',
      block.fields
        ? h(
            'div',
            { class: 'fields' },
            block.fields.map((f) => h('div', {}, text(f, page))),
          )
        : '',
    ),
    block.accessory
      ? h(
          'div',
          { class: 'accessory' },
          block.accessory.type === 'image'
            ? picture(block.accessory, 'thumb')
            : control(block.accessory, block, page, site),
        )
      : '',
  );
}

function input(block, page, site) {
  const drawn = control(block.element, block, page, site);
  const id = `in-${block.block_id}`;
  const target = drawn.matches('input,select,textarea') ? drawn : null;
  if (target) target.id = id;
  else drawn.setAttribute('aria-label', block.label.text);
  const error = site.error?.(block);
  if (error) drawn.setAttribute('aria-invalid', 'true');
  if (error || block.hint) drawn.setAttribute('aria-describedby', `${id}-note`);
  return h(
    'div',
    { class: `input${error ? ' invalid' : ''}` },
    h(
      target ? 'label' : 'div',
      { class: 'label', for: target ? id : undefined },
      text(block.label, page),
      block.optional ? h('span', { class: 'optional' }, ' (optional)') : '',
    ),
    drawn,
    error
      ? h('div', { class: 'field-error', id: `${id}-note`, role: 'alert' }, error)
      : block.hint
        ? h('div', { class: 'note', id: `${id}-note` }, text(block.hint, page))
        : '',
  );
}

function container(block, page, site) {
  const title = h(
    'div',
    { class: 'container-title' },
    block.icon ? picture(block.icon, 'tiny') : '',
    h(
      'div',
      {},
      h('strong', {}, block.rich_text_title ? richText(block.rich_text_title, page) : text(block.title, page)),
      block.subtitle ? h('div', { class: 'note' }, text(block.subtitle, page)) : '',
    ),
  );
  const inner = h('div', { class: 'container-body' }, blocks(block.child_blocks, page, site));
  if (!block.is_collapsible)
    return h(
      'section',
      { class: `container ${block.width ?? 'standard'}${block.has_header_divider ? ' ruled' : ''}` },
      title,
      inner,
    );
  return h(
    'details',
    { class: `container ${block.width ?? 'standard'}`, open: !block.default_collapsed },
    h('summary', {}, title),
    inner,
  );
}

function card(block, page, site) {
  return h(
    'article',
    { class: 'card' },
    block.hero_image ? picture(block.hero_image, 'hero') : '',
    h(
      'div',
      { class: 'card-body' },
      h(
        'div',
        { class: 'container-title' },
        block.icon ? picture(block.icon, 'tiny') : '',
        h(
          'div',
          {},
          block.title ? h('strong', {}, text(block.title, page)) : '',
          block.subtitle ? h('div', { class: 'note' }, text(block.subtitle, page)) : '',
        ),
      ),
      block.body ? h('div', {}, text(block.body, page)) : '',
      block.actions
        ? h(
            'div',
            { class: 'actions' },
            block.actions.map((b) => control(b, block, page, site)),
          )
        : '',
    ),
  );
}

const TASK = {
  pending: ['○', 'Pending'],
  in_progress: ['◐', 'In progress'],
  complete: ['✓', 'Done'],
  error: ['!', 'Failed'],
};

function task(block, page) {
  const [mark, word] = TASK[block.status] ?? ['?', block.status];
  return h(
    'div',
    { class: `task ${block.status}`, 'data-task-id': block.task_id },
    h('span', { class: 'task-mark', 'aria-hidden': 'true' }, mark),
    h(
      'div',
      {},
      h('div', {}, h('strong', {}, block.title), ' ', h('span', { class: 'task-word' }, word)),
      block.details ? h('div', { class: 'task-details' }, richText(block.details, page)) : '',
      block.output ? h('div', { class: 'task-output' }, richText(block.output, page)) : '',
      block.sources
        ? h(
            'ul',
            { class: 'sources' },
            block.sources.map((s) =>
              h(
                'li',
                {},
                safeUrl(s.url) ? h('a', { href: s.url, target: '_blank', rel: 'noopener noreferrer' }, s.text) : s.text,
              ),
            ),
          )
        : '',
    ),
  );
}

const DRAW = {
  section,
  input,
  container,
  card,
  table,
  task_card: task,
  data_table: dataTable,
  data_visualization: chart,
  header: (block, page) => h('div', { class: 'header', role: 'heading', 'aria-level': 3 }, text(block.text, page)),
  divider: () => h('hr', { class: 'divider' }),
  context: (block, page) =>
    h(
      'div',
      { class: 'context' },
      block.elements.map((e) => (e.type === 'image' ? picture(e, 'tiny') : h('div', {}, text(e, page)))),
    ),
  actions: (block, page, site) =>
    h(
      'div',
      { class: 'actions' },
      block.elements.map((e) => control(e, block, page, site)),
    ),
  context_actions: (block, page, site) =>
    h(
      'div',
      { class: 'actions' },
      block.elements.map((e) => control(e, block, page, site)),
    ),
  rich_text: (block, page) => h('div', { class: 'rich-text' }, richText(block, page)),
  markdown: (block, page) => h('div', { class: 'rich-text' }, text(block, page)),
  image: (block, page) =>
    h(
      'figure',
      { class: 'image' },
      block.title ? h('figcaption', {}, text(block.title, page)) : '',
      picture(block, 'full'),
    ),
  alert: (block, page) =>
    h(
      'div',
      { class: `alert ${block.level ?? 'default'}`, role: 'note' },
      h('strong', {}, `${block.level && block.level !== 'default' ? block.level : 'note'}: `),
      text(block.text, page),
    ),
  carousel: (block, page, site) =>
    h(
      'div',
      { class: 'carousel', tabindex: 0 },
      block.elements.map((c) => card(c, page, site)),
    ),
  plan: (block, page) =>
    h(
      'section',
      { class: 'plan' },
      h('strong', {}, block.title),
      (block.tasks ?? []).map((t) => task(t, page)),
    ),
  file: (block) => h('div', { class: 'note' }, `File ${block.external_id}`),
  video: (block, page) => h('div', { class: 'note' }, '▶ ', text(block.title, page)),
};

/** Draws blocks in their order; `site` is where their elements send to. */
export function blocks(list, page, site) {
  return (list ?? []).map((block) => {
    const drawn = DRAW[block.type]?.(block, page, site) ?? h('div', { class: 'unknown' }, `[${block.type}]`);
    drawn.setAttribute('data-block-type', block.type);
    drawn.setAttribute('data-block-id', block.block_id ?? '');
    return drawn;
  });
}
