import { h, keyed } from './dom.js';

/** Three things to try on top of the messages; once closed, they stay away until the next visit. */
export function drawHint(root, page, { hidden, onTry, onClose }) {
  const { tryThese } = page.state;
  const key = JSON.stringify(tryThese);
  const away = hidden || tryThese.length === 0 || sessionStorage.getItem('hint') === key;
  const close = () => {
    sessionStorage.setItem('hint', key);
    onClose();
  };
  const make = () =>
    h(
      'section',
      { class: 'hint', 'data-testid': 'hint', 'aria-label': 'Things to try' },
      h('strong', {}, 'New here? Try'),
      h(
        'div',
        { class: 'hint-list' },
        tryThese.map((text) => h('button', { type: 'button', class: 'try', onclick: () => onTry(text) }, text)),
      ),
      h(
        'button',
        {
          type: 'button',
          class: 'close',
          'aria-label': 'Hide these hints',
          'data-testid': 'hint-close',
          onclick: close,
        },
        '×',
      ),
    );
  keyed(root, away ? [] : [{ key: 'hint', version: key, make }]);
}
