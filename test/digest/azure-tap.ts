import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An Azure that is looked at from outside. */
export interface AzureTap {
  readonly url: string;
  /**
   * Called for every request. What it returns is awaited before the request is passed on, and once more before its answer
   * is; `drop` ends it there.
   */
  onRequest: () => (phase: 'before' | 'after') => Promise<'go' | 'drop'>;
  close(): Promise<void>;
}

/** What Azure said. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/**
 * Opens a tap in front of a local Azure.
 *
 * @param known Answers that were given before: nothing changes there, and asking takes time.
 */
export async function openAzureTap(azureUrl: string, known: Map<string, Answer>): Promise<AzureTap> {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const onEdge = tap.onRequest();
    if ((await onEdge('before')) === 'drop') return;
    const question = `${request.method} ${request.url} ${body}`;
    const answer = known.get(question) ?? (await ask(new URL(request.url ?? '/', azureUrl), request, body));
    if (answer.status === 200) known.set(question, answer);
    if ((await onEdge('after')) === 'drop') return;
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.text);
  };
  const server = createServer((request, response) => {
    serve(request, response)
      .catch(() => {}) // a connection that broke says enough
      .finally(() => response.writableEnded || request.socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const tap: AzureTap = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    onRequest: () => async () => 'go',
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return tap;
}

async function ask(url: URL, { method = 'GET', headers }: IncomingMessage, body: string): Promise<Answer> {
  const { authorization = '' } = headers;
  const answer = await fetch(url, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body !== '' && { body }),
  });
  return { status: answer.status, text: await answer.text() };
}
