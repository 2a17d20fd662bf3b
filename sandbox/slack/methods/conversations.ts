import type { Hub } from '../hub.ts';
import { findMessage } from '../messages.ts';
import { messageObject } from '../payloads.ts';
import { Refusal } from '../refusal.ts';
import { historyScope } from '../scopes.ts';
import type { Channel, Fields, Message } from '../types.ts';
import { directMessageId } from '../workspace.ts';
import { channelFor, flagArg, type Method, type MethodContext, page, requiredText, textArg } from './method.ts';

/** The direct message between the app and a user, made when it is not there yet. @throws Refusal */
export function openDirectMessage(hub: Hub, userId: string): Channel {
  const { users, channels, bot, team } = hub.workspace;
  const user = users.get(userId);
  if (!user) throw new Refusal('user_not_found');
  if (user.deleted) throw new Refusal('user_disabled');
  if (user.is_bot || user.team_id !== team.id) throw new Refusal('cannot_dm_bot');
  const id = directMessageId(userId);
  const known = channels.get(id);
  if (known) return known;
  const created = Math.floor(hub.settings.now() / 1_000);
  const channel: Channel = {
    id,
    name: '',
    kind: 'im',
    archived: false,
    topic: '',
    members: [userId, bot.userId],
    created,
  };
  channels.set(id, channel);
  return channel;
}

function channelObject(hub: Hub, channel: Channel): Fields {
  const { bot, team } = hub.workspace;
  const common = {
    id: channel.id,
    created: channel.created,
    is_archived: channel.archived,
    is_im: channel.kind === 'im',
    is_org_shared: false,
    context_team_id: team.id,
    updated: channel.created * 1_000,
  };
  if (channel.kind === 'im') return { ...common, user: channel.members.find((m) => m !== bot.userId) };
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_mpim: false,
    is_private: channel.kind === 'private',
    is_general: channel.name === 'general',
    is_shared: false,
    is_ext_shared: false,
    is_pending_ext_shared: false,
    is_member: channel.members.includes(bot.userId),
    creator: 'U0BOB',
    unlinked: 0,
    shared_team_ids: [team.id],
    previous_names: [],
    topic: { value: channel.topic, creator: 'U0BOB', last_set: channel.created },
    purpose: { value: '', creator: '', last_set: 0 },
  };
}

const info: Method = (args, context) => {
  const channel = channelFor(context, textArg(args, 'channel'));
  const counted = flagArg(args, 'include_num_members') ? { num_members: channel.members.length } : {};
  return { channel: { ...channelObject(context.hub, channel), ...counted } };
};

const TYPES: Record<string, Channel['kind'] | undefined> = {
  public_channel: 'public',
  private_channel: 'private',
  im: 'im',
};

/** Channels the app may see, of the kinds asked for. @throws Refusal */
function listed(args: Fields, { hub }: MethodContext): Channel[] {
  const types = (textArg(args, 'types') ?? 'public_channel').split(',').map((t) => t.trim());
  const kinds = types.filter((t) => t !== 'mpim').map((t) => TYPES[t]);
  if (kinds.includes(undefined)) throw new Refusal('invalid_types');
  const me = hub.workspace.bot.userId;
  return [...hub.workspace.channels.values()].filter(
    (c) =>
      kinds.includes(c.kind) &&
      (c.kind === 'public' || c.members.includes(me)) &&
      !(c.archived && flagArg(args, 'exclude_archived')),
  );
}

const list: Method = (args, context) => {
  const { items, metadata } = page(listed(args, context), args);
  return { channels: items.map((c) => channelObject(context.hub, c)), response_metadata: metadata };
};

const usersConversations: Method = (args, context) => {
  const user = textArg(args, 'user') ?? context.hub.workspace.bot.userId;
  const mine = listed(args, context).filter((c) => c.members.includes(user));
  const { items, metadata } = page(mine, args);
  return { channels: items.map((c) => channelObject(context.hub, c)), response_metadata: metadata };
};

const join: Method = (args, context) => {
  const channel = channelFor(context, textArg(args, 'channel'));
  if (channel.archived) throw new Refusal('is_archived');
  if (channel.kind !== 'public') throw new Refusal('method_not_supported_for_channel_type');
  const me = context.hub.workspace.bot.userId;
  const already = channel.members.includes(me);
  if (!already) {
    channel.members.push(me);
    context.hub.changed();
  }
  const warned = { warning: 'already_in_channel', response_metadata: { warnings: ['already_in_channel'] } };
  return { channel: channelObject(context.hub, channel), ...(already ? warned : {}) };
};

const members: Method = (args, context) => {
  const channel = channelFor(context, textArg(args, 'channel'));
  const { items, metadata } = page(channel.members, args);
  return { members: items, response_metadata: metadata };
};

const open: Method = (args, context) => {
  const users = textArg(args, 'users');
  if (!users && args.channel) return { channel: { id: channelFor(context, textArg(args, 'channel')).id } };
  if (!users) throw new Refusal('users_list_not_supplied');
  if (users.includes(',')) throw new Refusal('method_not_supported_for_channel_type'); // no group messages here
  const known = context.hub.workspace.channels.has(directMessageId(users));
  const channel = openDirectMessage(context.hub, users);
  const shown = flagArg(args, 'return_im') ? channelObject(context.hub, channel) : { id: channel.id };
  return { channel: shown, ...(known ? { no_op: true, already_open: true } : {}) };
};

/** The channel, if the app may read it: a member, with the scope for its kind. @throws Refusal */
function readableChannel(args: Fields, context: MethodContext): Channel {
  const channel = channelFor(context, textArg(args, 'channel'));
  const { workspace, settings } = context.hub;
  const needed = historyScope(channel.kind);
  if (!settings.app.scopes.includes(needed)) {
    throw new Refusal('missing_scope', { needed, provided: settings.app.scopes.join(',') });
  }
  if (!channel.members.includes(workspace.bot.userId)) throw new Refusal('not_in_channel');
  return channel;
}

/** Whether a message is in the range asked for; its ends count only with `inclusive`. @throws Refusal */
function inRange(args: Fields): (message: Message) => boolean {
  const bound = (name: 'oldest' | 'latest', otherwise: number): number => {
    const text = textArg(args, name);
    if (text === undefined || text === '') return otherwise;
    if (!/^\d+(\.\d+)?$/.test(text)) throw new Refusal(`invalid_ts_${name}`);
    return Number(text);
  };
  const oldest = bound('oldest', 0);
  const latest = bound('latest', Number.POSITIVE_INFINITY);
  const inclusive = flagArg(args, 'inclusive');
  return ({ ts }) => {
    const at = Number(ts);
    return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  };
}

/** Messages as they are read back: metadata only when it is asked for, threads with what is in them. */
function readBack(messages: readonly Message[], args: Fields, { hub }: MethodContext): Fields[] {
  const withMetadata = flagArg(args, 'include_all_metadata');
  return messages.map((message) => {
    const { metadata, ...rest } = messageObject(hub.workspace, message);
    const { channel, ts, thread_ts } = message;
    const said = hub.workspace.messages.filter((m) => m.channel === channel && m.thread_ts === ts);
    const parent = thread_ts && findMessage(hub, channel, thread_ts);
    return {
      ...rest,
      ...(withMetadata && metadata ? { metadata } : {}),
      ...(said.length > 0 ? { thread_ts: ts, reply_count: said.length, latest_reply: said.at(-1)?.ts } : {}),
      ...(parent ? { parent_user_id: parent.user } : {}),
    };
  });
}

/** Slack's own maximum for both methods. */
const MAX_MESSAGES = 999;

const history: Method = (args, context) => {
  const channel = readableChannel(args, context);
  const within = inRange(args);
  const top = context.hub.workspace.messages
    .filter((m) => m.channel === channel.id && m.ephemeralTo === undefined && (!m.thread_ts || m.broadcast))
    .filter(within)
    .toReversed();
  const { items, metadata } = page(top, args, { most: MAX_MESSAGES });
  return {
    messages: readBack(items, args, context),
    has_more: metadata.next_cursor !== '',
    pin_count: 0,
    response_metadata: metadata,
  };
};

/** The parent comes first, whatever range is asked for. */
const replies: Method = (args, context) => {
  const ts = requiredText(args, 'ts', 'thread_not_found');
  const channel = readableChannel(args, context);
  const within = inRange(args);
  const thread = context.hub.workspace.messages.filter(
    (m) => m.channel === channel.id && m.ephemeralTo === undefined && (m.ts === ts || m.thread_ts === ts),
  );
  if (!thread.some((m) => m.ts === ts)) throw new Refusal('thread_not_found');
  const asked = thread.filter((m) => m.ts === ts || within(m));
  const { items, metadata } = page(asked, args, { most: MAX_MESSAGES });
  return {
    messages: readBack(items, args, context),
    has_more: metadata.next_cursor !== '',
    response_metadata: metadata,
  };
};

export const conversationMethods: Record<string, Method> = {
  'conversations.info': info,
  'conversations.list': list,
  'conversations.join': join,
  'conversations.members': members,
  'conversations.open': open,
  'conversations.history': history,
  'conversations.replies': replies,
  'users.conversations': usersConversations,
};
