import { act } from './api.js';
import { blocks } from './blocks.js';
import { h } from './dom.js';
import { text } from './inline.js';
import { createSite } from './site.js';

/** Asks before an action that has a confirm dialog; resolves with the answer. */
export function confirmDialog(root, confirm, page) {
  return new Promise((resolve) => {
    const done = (answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    const dialog = h(
      'dialog',
      {
        class: 'dialog confirm',
        'data-testid': 'confirm',
        'aria-labelledby': 'confirm-title',
        oncancel: (event) => {
          event.preventDefault();
          done(false);
        },
      },
      h('h2', { id: 'confirm-title' }, confirm.title ? text(confirm.title, page) : 'Are you sure?'),
      h('div', { class: 'dialog-body' }, text(confirm.text, page)),
      h(
        'div',
        { class: 'dialog-foot' },
        h(
          'button',
          { type: 'button', class: 'button', 'data-testid': 'confirm-no', onclick: () => done(false) },
          confirm.deny ? text(confirm.deny, page) : 'Cancel',
        ),
        h(
          'button',
          {
            type: 'button',
            class: `button ${confirm.style ?? 'primary'} solid`,
            'data-testid': 'confirm-yes',
            onclick: () => done(true),
          },
          confirm.confirm ? text(confirm.confirm, page) : 'Yes',
        ),
      ),
    );
    root.append(dialog);
    dialog.showModal();
  });
}

/** Shows the modal on top, if any. What is typed survives an update of the same modal. */
export function createModals(root, page) {
  let dialog;
  let shown = { id: '', version: '' };
  let site;

  function close() {
    dialog?.close();
    dialog?.remove();
    dialog = undefined;
    site = undefined;
    shown = { id: '', version: '' };
  }

  function draw(view, depth) {
    const typed = shown.id === view.id && site ? new Map(Object.entries(site.values())) : new Map();
    const focused = shown.id === view.id ? document.activeElement?.getAttribute('data-action-id') : undefined;
    site = createSite(page, { viewId: view.id }, { state: view.state, errors: view.errors, typed });
    const cancel = () => act({ act: 'close', user: page.state.me });
    const submit = async (event) => {
      event.preventDefault();
      const button = event.target.querySelector('[data-testid=modal-submit]');
      if (!button || button.disabled) return;
      button.disabled = true;
      button.classList.add('busy');
      await act({ act: 'submit', user: page.state.me, viewId: view.id, values: site.values() });
      button.disabled = false;
      button.classList.remove('busy');
    };
    const form = h(
      'form',
      { novalidate: true, onsubmit: submit },
      h(
        'div',
        { class: 'dialog-head' },
        h('h2', { id: 'modal-title' }, text(view.title, page)),
        h(
          'button',
          {
            type: 'button',
            class: 'close',
            'aria-label': depth > 1 ? 'Back' : 'Close',
            'data-testid': 'modal-x',
            onclick: cancel,
          },
          depth > 1 ? '‹' : '×',
        ),
      ),
      h('div', { class: 'dialog-body', tabindex: -1 }, blocks(view.blocks, page, site)),
      view.problem ? h('div', { class: 'problem', role: 'alert' }, view.problem) : '',
      h(
        'div',
        { class: 'dialog-foot' },
        h(
          'button',
          { type: 'button', class: 'button', 'data-testid': 'modal-close', onclick: cancel },
          view.close ? text(view.close, page) : view.submit ? 'Cancel' : 'Close',
        ),
        view.submit
          ? h(
              'button',
              { type: 'submit', class: 'button primary solid', 'data-testid': 'modal-submit' },
              text(view.submit, page),
            )
          : '',
      ),
    );
    if (!dialog) {
      dialog = h('dialog', {
        class: 'dialog modal',
        'data-testid': 'modal',
        'aria-labelledby': 'modal-title',
        oncancel: (event) => {
          event.preventDefault();
          void cancel();
        },
      });
      root.append(dialog);
    }
    dialog.dataset.viewId = view.id;
    dialog.replaceChildren(form);
    if (!dialog.open) dialog.showModal();
    const wanted = focused && form.querySelector(`[data-action-id="${CSS.escape(focused)}"]`);
    (
      wanted ||
      form.querySelector('.invalid :is(input,select,textarea)') ||
      form.querySelector('.input :is(input,select,textarea)') ||
      form.querySelector('.dialog-foot .button')
    )?.focus();
  }

  return () => {
    const { modals } = page.state;
    const top = modals.at(-1);
    if (!top) return close();
    const version = JSON.stringify([top.hash, top.errors, top.problem, modals.length]);
    if (shown.id === top.id && shown.version === version) return;
    draw(top, modals.length);
    shown = { id: top.id, version };
  };
}
