import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, sendText } from './http.ts';
import type { Hub } from './hub.ts';

/** Takes the bytes of a file, raw or as one part of a multipart form. */
export async function receiveUpload(
  hub: Hub,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const file = hub.workspace.files.get(id);
  const body = await readBody(request);
  if (!file) return sendText(response, 404, 'no such upload');
  const bytes = await fileBytes(request.headers['content-type'] ?? '', body);
  if (bytes.length !== file.length) return sendText(response, 400, 'length differs from what was announced');
  file.bytes = bytes;
  sendText(response, 200, `OK - ${bytes.length}`);
}

async function fileBytes(contentType: string, body: Buffer): Promise<Uint8Array> {
  if (!contentType.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  for (const value of form.values()) if (typeof value !== 'string') return new Uint8Array(await value.arrayBuffer());
  return new Uint8Array();
}

/** Shows an uploaded file; only images are shown as what they are, everything else is a download. */
export function serveFile(hub: Hub, id: string, response: ServerResponse): void {
  const file = hub.workspace.files.get(id);
  if (!file?.bytes) {
    sendText(response, 404, 'no such file');
    return;
  }
  const inline = file.mimetype.startsWith('image/');
  response.writeHead(200, {
    'content-type': inline ? file.mimetype : 'application/octet-stream',
    'content-disposition': inline ? 'inline' : 'attachment',
    'x-content-type-options': 'nosniff',
  });
  response.end(file.bytes);
}
