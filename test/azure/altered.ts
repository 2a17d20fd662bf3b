import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A row of an answer as it is sent, or what another service would send in its place. */
export type Alter = (row: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** Stands between us and a local Azure, as a service that builds its answers in another way would look to us. */
export async function startAltered(url: string, alter: Alter): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void (async () => {
      const body: Buffer[] = [];
      for await (const chunk of request) body.push(chunk as Buffer);
      const answer = await fetch(new URL(request.url ?? '/', url), {
        method: request.method ?? 'GET',
        headers: { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' },
        ...(body.length === 0 ? {} : { body: Buffer.concat(body) }),
      });
      const value = (await answer.json()) as { data?: Parameters<Alter>[0][] };
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(Array.isArray(value.data) ? { ...value, data: value.data.map(alter) } : value));
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
