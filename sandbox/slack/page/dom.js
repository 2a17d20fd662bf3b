/**
 * Makes an element. Attributes named `on…` are listeners; children are elements or text. There is no way to pass HTML:
 * whatever the app sends ends in a text node.
 */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(
    ...children
      .flat(Number.POSITIVE_INFINITY)
      .filter((child) => child !== undefined && child !== null && child !== false),
  );
  return element;
}

/**
 * Brings the children of `parent` in line with `items`: what did not change stays the same element, so that focus,
 * scroll position and half-typed text survive an update.
 */
export function keyed(parent, items) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  const fresh = items.map(({ key, version, make }) => {
    const known = old.get(key);
    if (known && known.dataset.version === version) return known;
    const element = make(known);
    element.dataset.key = key;
    element.dataset.version = version;
    return element;
  });
  const wanted = new Set(fresh);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  fresh.forEach((element, index) => {
    if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null);
  });
}

/** Only addresses that cannot run anything. */
export const safeUrl = (url) => (/^(https?|mailto):/i.test(url) ? url : undefined);

/** A link that opens beside the page. */
export const link = (url, ...children) =>
  safeUrl(url)
    ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, ...children)
    : h('span', {}, ...children);
