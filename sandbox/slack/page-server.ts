import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import * as acts from './acts.ts';
import type { Delivery } from './delivery.ts';
import { parseObject, readBody, sendJson, sendText } from './http.ts';
import type { Hub } from './hub.ts';
import * as modals from './modals.ts';
import { pageState } from './page-state.ts';
import type { Fields } from './types.ts';

const PAGE_DIRECTORY = new URL('./page/', import.meta.url);
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
};

/** Nothing from elsewhere is ever loaded, and no script but the page's own runs: a hostile message stays text. */
const CONTENT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Serves the page, its state, its live updates and what a user does on it. */
export async function handlePage(
  hub: Hub,
  delivery: Delivery,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { origin, host } = request.headers;
  // Another site in the same browser, or a name that resolves to this machine, must not act as a user.
  const { port } = new URL(hub.origin);
  const ours = [`127.0.0.1:${port}`, `localhost:${port}`].includes(host ?? '');
  if (!ours || (origin !== undefined && origin !== `http://${host}`)) {
    return sendText(response, 403, 'open the page by its own address');
  }
  const user = url.searchParams.get('user') ?? '';
  switch (url.pathname) {
    case '/sandbox/state':
      return sendJson(response, 200, pageState(hub, user));
    case '/sandbox/events':
      return streamChanges(hub, request, response);
    case '/sandbox/act':
      return act(hub, delivery, request, response);
    default:
      return serveFile(url.pathname === '/' ? '/page/index.html' : url.pathname, response);
  }
}

async function serveFile(path: string, response: ServerResponse): Promise<void> {
  const name = /^\/page\/([a-z-]+\.(?:html|css|js|svg))$/.exec(path)?.[1];
  const body = name && (await readFile(new URL(name, PAGE_DIRECTORY)).catch(() => undefined));
  if (!name || !body) return sendText(response, 404, 'not found');
  response.writeHead(200, {
    'content-type': `${TYPES[extname(name)]}; charset=utf-8`,
    'content-security-policy': CONTENT_POLICY,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-cache',
  });
  response.end(body);
}

/** Server-sent events: one word per burst of changes; the page then asks for the state. */
function streamChanges(hub: Hub, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    connection: 'keep-alive',
  });
  response.write('retry: 500\ndata: changed\n\n');
  let scheduled = false;
  const stop = hub.onChange(() => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      response.write('data: changed\n\n');
    });
  });
  request.on('close', stop);
}

/** What a user does on the page; a mistake comes back as text for the user. */
async function act(hub: Hub, delivery: Delivery, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = parseObject((await readBody(request)).toString('utf8'));
  if (!body || request.headers['content-type'] !== 'application/json')
    return sendText(response, 400, 'a JSON object is expected');
  try {
    sendJson(response, 200, { ok: true, ...(await perform(hub, delivery, body)) });
  } catch (error) {
    sendJson(response, 200, { ok: false, error: error instanceof Error ? error.message : String(error) });
  }
}

async function perform(hub: Hub, delivery: Delivery, body: Fields): Promise<Fields> {
  // The page is ours and the helpers check every id, so its fields are taken at their word.
  const { act: what, ...fields } = body;
  switch (what) {
    case 'slash': {
      const { ack } = await acts.slash(hub, delivery, fields as unknown as acts.Slash);
      return { ack };
    }
    case 'say':
      return { ts: acts.say(hub, delivery, fields as unknown as acts.Say).ts };
    case 'click': {
      const { ack } = await acts.click(hub, delivery, fields as unknown as acts.ClickTarget);
      return { ack };
    }
    case 'submit': {
      const done = await modals.submitView(hub, delivery, fields as unknown as modals.Submit);
      return 'errors' in done ? { errors: done.errors } : { ack: done.ack };
    }
    case 'close':
      await modals.closeView(hub, delivery, String(fields.user));
      return {};
    case 'home':
      return {
        ack: await acts.openHome(hub, delivery, String(fields.user), fields.tab === 'messages' ? 'messages' : 'home'),
      };
    case 'suggest':
      return {
        suggestions: await acts.suggest(hub, delivery, fields as unknown as acts.ClickTarget & { query: string }),
      };
    default:
      throw new Error(`unknown act ${String(what)}`);
  }
}
