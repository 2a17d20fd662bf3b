import { type Hub, type ResponseUrl, record } from './hub.ts';
import { checkMessage, checkResponseBody } from './limits.ts';
import { addMessage, findMessage, removeMessage, storedBlocks } from './messages.ts';
import { Refusal, refuseIf } from './refusal.ts';
import type { Fields, Message } from './types.ts';

const MAX_USES = 5;
const LIFE_MS = 30 * 60_000;

/** Makes the URL that a command or click may answer through. */
export function issueResponseUrl(hub: Hub, from: Omit<ResponseUrl, 'id' | 'createdAt' | 'uses'>): string {
  const id = hub.newId('R');
  hub.responseUrls.set(id, { id, createdAt: hub.settings.now(), uses: 0, ...from });
  return `${hub.origin}/response/${id}`;
}

/** Carries out one POST to a response URL; answers the HTTP status and body. */
export function useResponseUrl(hub: Hub, id: string, body: Fields | undefined): { status: number; answer: Fields } {
  const done = (status: number, answer: Fields) => {
    record(hub, { kind: 'response_url', at: hub.settings.now(), id, args: body ?? {}, status, answer });
    return { status, answer };
  };
  const fault = hub.faults.take('response-url');
  if (fault) return done(fault.status, { ok: false, error: 'fatal_error' });
  const url = hub.responseUrls.get(id);
  if (!url || hub.settings.now() - url.createdAt > LIFE_MS) return done(404, { ok: false, error: 'expired_url' });
  if (url.uses >= MAX_USES) return done(404, { ok: false, error: 'used_url' });
  if (!body) return done(500, { ok: false, error: 'invalid_payload' });
  try {
    respond(hub, url, body);
    url.uses += 1;
    return done(200, { ok: true });
  } catch (error) {
    if (error instanceof Refusal)
      return done(error.error === 'no_text' ? 500 : 400, { ok: false, error: error.error, ...error.more });
    throw error;
  }
}

/** What a response body, or the body of a command's ack, does: post, replace or delete. @throws Refusal */
export function respond(hub: Hub, url: Omit<ResponseUrl, 'id' | 'createdAt' | 'uses'>, body: Fields): void {
  refuseIf(checkResponseBody(body));
  const source = url.sourceTs ? findMessage(hub, url.channel, url.sourceTs, url.user) : undefined;
  if (body.delete_original === true) {
    if (source) removeMessage(hub, source);
    return;
  }
  const content = contentOf(hub, body);
  if (body.replace_original === true && source) {
    const { blocks: _, attachments: __, ...kept } = source;
    hub.workspace.messages[hub.workspace.messages.indexOf(source)] = {
      ...kept,
      ...content,
      ...(content.blocks ? { blocks: storedBlocks(content.blocks, () => hub.newId('b')) } : {}),
    };
    hub.changed();
    return;
  }
  const thread_ts = typeof body.thread_ts === 'string' ? body.thread_ts : undefined;
  addMessage(hub, {
    channel: url.channel,
    ts: hub.nextTs(),
    user: hub.workspace.bot.userId,
    bot_id: hub.workspace.bot.botId,
    ...content,
    ...(thread_ts ? { thread_ts } : {}),
    ...(body.response_type === 'in_channel' ? {} : { ephemeralTo: url.user }),
  });
}

function contentOf(hub: Hub, body: Fields): Pick<Message, 'text'> & Partial<Pick<Message, 'blocks' | 'attachments'>> {
  const { text, blocks, attachments } = body;
  const hasBlocks = Array.isArray(blocks) && blocks.length > 0;
  const hasAttachments = Array.isArray(attachments) && attachments.length > 0;
  if (!text && !hasBlocks && !hasAttachments) throw new Refusal('no_text');
  refuseIf(checkMessage({ text, blocks, attachments }, { refuse: hub.settings.refuseBlocks }));
  return {
    text: typeof text === 'string' ? text : '',
    ...(hasBlocks ? { blocks: blocks as Fields[] } : {}),
    ...(hasAttachments ? { attachments: attachments as Fields[] } : {}),
  };
}
