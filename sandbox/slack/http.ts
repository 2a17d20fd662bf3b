import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fields } from './types.ts';

const MAX_BODY_BYTES = 20_000_000;

/** The whole body of a request. @throws Error beyond 20 MB. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY_BYTES) throw new Error('request body too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** Reads JSON that must be an object; undefined for anything else. */
export function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

/** Arguments of a Web API call, from the query, a form or a JSON body; undefined when the JSON is broken. */
export function parseArguments(url: URL, contentType: string, body: string): Fields | undefined {
  const query = Object.fromEntries(url.searchParams);
  if (body === '') return query;
  if (contentType.startsWith('application/json')) {
    const json = parseObject(body);
    return json && { ...query, ...json };
  }
  return { ...query, ...Object.fromEntries(new URLSearchParams(body)) };
}

/** Sends a JSON answer. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(JSON.stringify(body));
}

/** Sends plain text. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}
