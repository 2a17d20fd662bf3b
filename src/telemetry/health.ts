import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';

/** Something a process needs to do its work. */
export interface Dependency {
  /** As people know it: `redis`, `slack`. */
  readonly name: string;
  /** Whether it can be used right now. */
  ready(): boolean | Promise<boolean>;
}

/** The server of /healthz, /readyz and /metrics. */
export interface Health {
  readonly port: number;
  /** From now on /readyz also asks these. */
  watch(dependencies: readonly Dependency[]): void;
  /** From now on /readyz says no, so that nothing new is sent here while the process drains. */
  drain(): void;
  close(): Promise<void>;
}

/** A dependency that does not answer in this time is not ready, in milliseconds. */
const PATIENCE_MS = 2000;

/**
 * Serves health and metrics. `/healthz`: the process is alive. `/readyz`: it can do its work, else 503 and the names of
 * what is missing, without any address or message that could hold a secret. Before `watch` was called it is starting.
 *
 * @param settings.port 0 takes a free one.
 */
export async function openHealth(
  settings: { readonly host: string; readonly port: number },
  metrics: Metrics,
): Promise<Health> {
  let dependencies: readonly Dependency[] | undefined;
  let draining = false;

  const answers: Record<string, (response: ServerResponse) => Promise<void>> = {
    '/healthz': async (response) => plain(response, 200, 'ok\n'),
    '/readyz': async (response) => {
      const missing = draining
        ? ['draining']
        : dependencies === undefined
          ? ['starting']
          : await missingOf(dependencies);
      const ready = missing.length === 0;
      plain(response, ready ? 200 : 503, ready ? 'ready\n' : `not ready: ${missing.join(', ')}\n`);
    },
    '/metrics': async (response) => {
      const { contentType, body } = await metrics.text();
      response.writeHead(200, { 'content-type': contentType }).end(body);
    },
  };

  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
    if (!answer) return plain(response, 404, 'not found\n');
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(response, 405, 'only GET\n');
    answer(response).catch(() => plain(response, 500, 'failed\n'));
  });
  server.listen(settings.port, settings.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    watch: (watched) => {
      dependencies = [...(dependencies ?? []), ...watched];
    },
    drain: () => {
      draining = true;
    },
    close: () => closed(server),
  };
}

async function missingOf(dependencies: readonly Dependency[]): Promise<string[]> {
  const states = await Promise.all(
    dependencies.map(async (dependency) => ({ dependency, ready: await isReady(dependency) })),
  );
  return [...new Set(states.filter(({ ready }) => !ready).map(({ dependency }) => dependency.name))];
}

async function isReady(dependency: Dependency): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), PATIENCE_MS);
  try {
    return await Promise.race([dependency.ready(), promise]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function plain(response: ServerResponse, status: number, body: string): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end(body);
}

async function closed(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}
