/** The page's own JSON interface; everything goes to the server that served the page. */
export async function fetchState(user) {
  const response = await fetch(`/sandbox/state?user=${encodeURIComponent(user)}`);
  return response.json();
}

/** Does what a user does; the answer says what the app's ack was. */
export async function act(body) {
  const response = await fetch('/sandbox/act', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json();
}

/** Calls back at every change; the browser reconnects by itself. */
export function onChange(callback, onLost) {
  const source = new EventSource('/sandbox/events');
  source.onmessage = callback;
  source.onerror = onLost;
}
