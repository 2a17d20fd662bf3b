import { h } from './dom.js';
import { plainOf, richText } from './inline.js';

const cellContent = (cell, page) => {
  if (cell.type === 'rich_text') return richText(cell, page);
  return cell.text ?? String(cell.value);
};

const alignOf = (cell, setting) => setting?.align ?? (cell?.type === 'raw_number' ? 'right' : 'left');

/** `table`: the first row is shown as its head. */
export function table(block, page) {
  const settings = block.column_settings ?? [];
  const row = (cells, tag) =>
    h(
      'tr',
      {},
      cells.map((cell, column) => {
        const wrapped = settings[column]?.is_wrapped ? ' wrapped' : '';
        const scope = tag === 'th' ? { scope: 'col' } : {};
        return h(tag, { class: `${alignOf(cell, settings[column])}${wrapped}`, ...scope }, cellContent(cell, page));
      }),
    );
  const [head, ...body] = block.rows;
  return h(
    'div',
    { class: 'table-box', tabindex: 0, role: 'region', 'aria-label': 'Table' },
    h(
      'table',
      {},
      h('thead', {}, row(head, 'th')),
      h(
        'tbody',
        {},
        body.map((cells) => row(cells, 'td')),
      ),
    ),
  );
}

/** `data_table`: caption, sorting by a click on a column, and pages. */
export function dataTable(block, page) {
  const [head, ...body] = block.rows;
  const size = block.page_size ?? 5;
  const rowHead = block.row_header_column_index ?? 0;
  const view = { page: 0, column: -1, descending: false };
  const numeric = (column) => body.every((row) => row[column]?.type === 'raw_number');
  const root = h('div', { class: 'data-table' });

  function sorted() {
    if (view.column < 0) return body;
    const byNumber = numeric(view.column);
    const rows = body.toSorted((a, b) => {
      const [x, y] = [a[view.column], b[view.column]];
      return byNumber ? x.value - y.value : plainOf(x).localeCompare(plainOf(y));
    });
    return view.descending ? rows.reverse() : rows;
  }

  function sortBy(column) {
    view.descending = view.column === column && !view.descending;
    view.column = column;
    view.page = 0;
    draw();
    root.querySelectorAll('th button')[column]?.focus();
  }

  function turn(step) {
    view.page += step;
    draw();
    root.querySelector(step > 0 ? '[data-testid=next-page]' : '[data-testid=previous-page]')?.focus();
  }

  function draw() {
    const pages = Math.max(1, Math.ceil(body.length / size));
    const first = view.page * size;
    const shown = sorted().slice(first, first + size);
    const heads = head.map((cell, column) => {
      const active = view.column === column;
      const direction = active ? (view.descending ? 'descending' : 'ascending') : 'none';
      const mark = active ? (view.descending ? ' ↓' : ' ↑') : '';
      return h(
        'th',
        { scope: 'col', class: alignOf(body[0]?.[column]), 'aria-sort': direction },
        h('button', { type: 'button', onclick: () => sortBy(column) }, `${plainOf(cell)}${mark}`),
      );
    });
    const rows = shown.map((cells) =>
      h(
        'tr',
        {},
        cells.map((cell, column) => {
          const tag = column === rowHead ? 'th' : 'td';
          return h(tag, { class: alignOf(cell), ...(tag === 'th' ? { scope: 'row' } : {}) }, cellContent(cell, page));
        }),
      ),
    );
    root.replaceChildren(
      h(
        'div',
        { class: 'table-box', tabindex: 0, role: 'region', 'aria-label': block.caption },
        h('table', {}, h('caption', {}, block.caption), h('thead', {}, h('tr', {}, heads)), h('tbody', {}, rows)),
      ),
      body.length > size
        ? h(
            'div',
            { class: 'pager' },
            h(
              'button',
              { type: 'button', 'data-testid': 'previous-page', disabled: view.page === 0, onclick: () => turn(-1) },
              'Previous',
            ),
            h(
              'span',
              { 'aria-live': 'polite' },
              `${first + 1}–${Math.min(first + size, body.length)} of ${body.length}`,
            ),
            h(
              'button',
              { type: 'button', 'data-testid': 'next-page', disabled: view.page >= pages - 1, onclick: () => turn(1) },
              'Next',
            ),
          )
        : '',
    );
  }
  draw();
  return root;
}
