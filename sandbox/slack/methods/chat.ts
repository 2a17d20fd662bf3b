import { checkMessage, checkMetadata } from '../limits.ts';
import { addMessage, findMessage, removeMessage, storedBlocks } from '../messages.ts';
import { messageObject } from '../payloads.ts';
import { Refusal, refuseIf } from '../refusal.ts';
import type { Channel, Fields, Message } from '../types.ts';
import { openDirectMessage } from './conversations.ts';
import { channelFor, flagArg, jsonArg, type Method, type MethodContext, requiredText, textArg } from './method.ts';

const MAX_TEXT = 40_000;
const MAX_UPDATE_TEXT = 4_000;
const MAX_MARKDOWN = 12_000;

type Content = Partial<Pick<Message, 'blocks' | 'attachments' | 'metadata'>> & { text?: string };

/** Reads and checks text, blocks, attachments and metadata of a call. @throws Refusal */
function contentOf(args: Fields, { hub }: MethodContext): Content {
  const markdown = textArg(args, 'markdown_text');
  let blocks = jsonArg(args, 'blocks', 'invalid_blocks_format');
  const attachments = jsonArg(args, 'attachments', 'invalid_attachments');
  const metadata = jsonArg(args, 'metadata', 'invalid_metadata_format');
  const text = textArg(args, 'text');
  if (markdown !== undefined) {
    if (text || blocks) throw new Refusal('markdown_text_conflict');
    if (markdown.length > MAX_MARKDOWN) throw new Refusal('msg_too_long');
    blocks = [{ type: 'markdown', text: markdown }];
  }
  refuseIf(
    checkMessage(
      { text, blocks, attachments },
      { refuse: hub.settings.refuseBlocks, unreadyFile: (id) => !fileReady(hub, id) },
    ),
  );
  if (metadata !== undefined) refuseIf(checkMetadata(metadata));
  return {
    ...(text !== undefined ? { text } : {}),
    ...(Array.isArray(blocks) && blocks.length > 0 ? { blocks } : {}),
    ...(Array.isArray(attachments) && attachments.length > 0 ? { attachments } : {}),
    ...(metadata ? { metadata: metadata as Fields } : {}),
  };
}

function fileReady(hub: MethodContext['hub'], id: string): boolean {
  const completedAt = hub.workspace.files.get(id)?.completedAt;
  return completedAt !== undefined && hub.settings.now() - completedAt >= hub.settings.fileProcessingMs;
}

/** The channel to write to; a user id stands for the direct message with that user. @throws Refusal */
function writableChannel(args: Fields, context: MethodContext): Channel {
  const id = requiredText(args, 'channel', 'channel_not_found');
  const { bot, users } = context.hub.workspace;
  const channel = users.has(id) ? openDirectMessage(context.hub, id) : channelFor(context, id);
  if (channel.archived) throw new Refusal('is_archived');
  const mayPostAnywhere = channel.kind === 'public' && context.hub.settings.app.scopes.includes('chat:write.public');
  if (!channel.members.includes(bot.userId) && !mayPostAnywhere) throw new Refusal('not_in_channel');
  return channel;
}

function requireContent(content: Content): void {
  if (!content.text && !content.blocks && !content.attachments) throw new Refusal('no_text');
}

const postMessage: Method = (args, context) => {
  const { hub } = context;
  const channel = writableChannel(args, context);
  const content = contentOf(args, context);
  requireContent(content);
  const threadTs = textArg(args, 'thread_ts');
  if (threadTs && !findMessage(hub, channel.id, threadTs)) throw new Refusal('cannot_reply_to_message');
  const truncated = (content.text?.length ?? 0) > MAX_TEXT;
  const message = addMessage(hub, {
    channel: channel.id,
    ts: hub.nextTs(),
    user: hub.workspace.bot.userId,
    bot_id: hub.workspace.bot.botId,
    ...content,
    text: (content.text ?? '').slice(0, MAX_TEXT),
    ...(threadTs ? { thread_ts: threadTs } : {}),
    ...(threadTs && flagArg(args, 'reply_broadcast') ? { broadcast: true } : {}),
  });
  return {
    channel: channel.id,
    ts: message.ts,
    message: messageObject(hub.workspace, message),
    ...(truncated ? { warning: 'message_truncated' } : {}),
  };
};

const postEphemeral: Method = (args, context) => {
  const { hub } = context;
  const user = requiredText(args, 'user', 'user_not_in_channel');
  const channel = writableChannel(args, context);
  if (!channel.members.includes(user)) throw new Refusal('user_not_in_channel');
  const { metadata: _, ...content } = contentOf(args, context);
  requireContent(content);
  const threadTs = textArg(args, 'thread_ts');
  const message = addMessage(hub, {
    channel: channel.id,
    ts: hub.nextTs(),
    user: hub.workspace.bot.userId,
    bot_id: hub.workspace.bot.botId,
    ...content,
    text: content.text ?? '',
    ephemeralTo: user,
    ...(threadTs ? { thread_ts: threadTs } : {}),
  });
  return { message_ts: message.ts };
};

/** The app's own message; an ephemeral one cannot be found by any method. @throws Refusal */
function ownMessage(args: Fields, context: MethodContext, error: string): { channel: Channel; message: Message } {
  const { hub } = context;
  const id = requiredText(args, 'channel', 'channel_not_found');
  if (!/^[CGD]/.test(id)) throw new Refusal('channel_not_found'); // ids only: neither #name nor U… works here
  const channel = channelFor(context, id);
  const message = findMessage(hub, channel.id, requiredText(args, 'ts', 'message_not_found'));
  if (!message) throw new Refusal('message_not_found');
  if (message.bot_id !== hub.workspace.bot.botId) throw new Refusal(error);
  if (channel.archived) throw new Refusal('is_archived');
  return { channel, message };
}

const update: Method = (args, context) => {
  const { hub } = context;
  const { channel, message } = ownMessage(args, context, 'cant_update_message');
  const content = contentOf(args, context);
  if ((content.text?.length ?? 0) > MAX_UPDATE_TEXT) throw new Refusal('msg_too_long');
  requireContent(content);
  const emptied = Array.isArray(jsonArg(args, 'blocks', 'invalid_blocks_format')) && !content.blocks;
  // Text without blocks takes the old blocks away; blocks without text leave the old text standing.
  if (content.blocks) message.blocks = storedBlocks(content.blocks, () => hub.newId('b'));
  else if (content.text !== undefined || emptied) delete message.blocks;
  if (content.attachments) message.attachments = content.attachments;
  if (content.text !== undefined) message.text = content.text;
  if (content.metadata) message.metadata = content.metadata;
  if (!content.blocks) message.edited = { user: hub.workspace.bot.userId, ts: hub.nextTs() };
  hub.changed();
  return { channel: channel.id, ts: message.ts, text: message.text, message: messageObject(hub.workspace, message) };
};

const remove: Method = (args, context) => {
  const { channel, message } = ownMessage(args, context, 'cant_delete_message');
  removeMessage(context.hub, message);
  return { channel: channel.id, ts: message.ts };
};

const getPermalink: Method = (args, context) => {
  const channel = channelFor(context, textArg(args, 'channel'));
  const ts = requiredText(args, 'message_ts', 'message_not_found');
  const message = findMessage(context.hub, channel.id, ts);
  if (!message) throw new Refusal('message_not_found');
  const thread = message.thread_ts ? `&thread=${message.thread_ts}` : '';
  return { channel: channel.id, permalink: `${context.hub.origin}/?channel=${channel.id}&message=${ts}${thread}` };
};

const addReaction: Method = (args, context) => {
  const channel = channelFor(context, textArg(args, 'channel'));
  const message = findMessage(context.hub, channel.id, requiredText(args, 'timestamp', 'no_item_specified'));
  if (!message) throw new Refusal('message_not_found');
  const name = requiredText(args, 'name', 'invalid_name');
  const user = context.hub.workspace.bot.userId;
  message.reactions ??= [];
  const reaction = message.reactions.find((r) => r.name === name);
  if (reaction?.users.includes(user)) throw new Refusal('already_reacted');
  if (reaction) reaction.users.push(user);
  else message.reactions.push({ name, users: [user] });
  context.hub.changed();
  return {};
};

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': update,
  'chat.delete': remove,
  'chat.getPermalink': getPermalink,
  'reactions.add': addReaction,
};
