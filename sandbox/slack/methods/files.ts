import type { Hub } from '../hub.ts';
import { addMessage } from '../messages.ts';
import { Refusal } from '../refusal.ts';
import type { Fields, StoredFile } from '../types.ts';
import { channelFor, jsonArg, type Method, requiredText, textArg } from './method.ts';

const MAX_ALT_TEXT = 1_000;
const MIME: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  csv: 'text/csv',
  txt: 'text/plain',
};

const extensionOf = (name: string): string => name.split('.').at(-1)?.toLowerCase() ?? '';

/** A file as Slack answers it; type and mimetype stay empty until background processing is done. */
function fileObject(hub: Hub, file: StoredFile): Fields {
  const ready =
    file.completedAt !== undefined && hub.settings.now() - file.completedAt >= hub.settings.fileProcessingMs;
  return {
    id: file.id,
    created: Math.floor((file.completedAt ?? 0) / 1_000),
    timestamp: Math.floor((file.completedAt ?? 0) / 1_000),
    name: file.name,
    title: file.title,
    mimetype: ready ? file.mimetype : '',
    filetype: ready ? extensionOf(file.name) : '',
    user: hub.workspace.bot.userId,
    size: file.length,
    mode: 'hosted',
    is_public: file.channels.length > 0,
    alt_txt: file.altText,
    url_private: `${hub.origin}/files/${file.id}`,
    permalink: `${hub.origin}/files/${file.id}`,
    channels: file.channels,
  };
}

const getUploadUrl: Method = (args, { hub }) => {
  const name = requiredText(args, 'filename', 'invalid_arguments');
  const length = Number(args.length);
  if (!Number.isInteger(length) || length < 1) throw new Refusal('invalid_arguments');
  const altText = textArg(args, 'alt_text') ?? textArg(args, 'alt_txt') ?? '';
  if (altText.length > MAX_ALT_TEXT) throw new Refusal('alt_txt_too_large');
  const id = hub.newId('F');
  const mimetype = MIME[extensionOf(name)] ?? 'application/octet-stream';
  hub.workspace.files.set(id, {
    id,
    name,
    title: name,
    altText,
    bytes: undefined,
    length,
    mimetype,
    completedAt: undefined,
    channels: [],
  });
  return { upload_url: `${hub.origin}/upload/v1/${id}`, file_id: id };
};

const completeUpload: Method = (args, context) => {
  const { hub } = context;
  const asked = jsonArg(args, 'files', 'invalid_arguments');
  if (!Array.isArray(asked) || asked.length === 0) throw new Refusal('invalid_arguments');
  const files = (asked as Fields[]).map((entry) => {
    const file = hub.workspace.files.get(String(entry.id));
    if (!file) throw new Refusal('file_not_found');
    if (!file.bytes) throw new Refusal('file_update_failed');
    return { file, title: typeof entry.title === 'string' ? entry.title : file.name };
  });
  if (args.initial_comment && args.blocks) throw new Refusal('invalid_arguments');
  const channelId = textArg(args, 'channel_id');
  const channel = channelId ? channelFor(context, channelId) : undefined;
  if (channel && !channel.members.includes(hub.workspace.bot.userId)) throw new Refusal('not_in_channel');
  for (const { file, title } of files) {
    file.title = title;
    file.completedAt = hub.settings.now();
    if (channel) file.channels.push(channel.id);
  }
  if (channel) {
    const thread = textArg(args, 'thread_ts');
    const blocks = jsonArg(args, 'blocks', 'invalid_blocks_format') as Fields[] | undefined;
    addMessage(hub, {
      channel: channel.id,
      ts: hub.nextTs(),
      user: hub.workspace.bot.userId,
      bot_id: hub.workspace.bot.botId,
      text: textArg(args, 'initial_comment') ?? '',
      files: files.map(({ file }) => file.id),
      ...(blocks ? { blocks } : {}),
      ...(thread ? { thread_ts: thread } : {}),
    });
  }
  return { files: files.map(({ file }) => fileObject(hub, file)) };
};

const info: Method = (args, { hub }) => {
  const file = hub.workspace.files.get(requiredText(args, 'file', 'file_not_found'));
  if (!file?.completedAt) throw new Refusal('file_not_found');
  return { file: fileObject(hub, file), comments: [], response_metadata: { next_cursor: '' } };
};

export const fileMethods: Record<string, Method> = {
  'files.getUploadURLExternal': getUploadUrl,
  'files.completeUploadExternal': completeUpload,
  'files.info': info,
};
