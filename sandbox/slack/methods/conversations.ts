import type { Hub } from '../hub.ts';
import { messageObject } from '../payloads.ts';
import { Refusal } from '../refusal.ts';
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

/** Messages the app may read back: never ephemeral ones. @throws Refusal */
function readable(args: Fields, context: MethodContext): { channel: Channel; messages: Message[] } {
  const channel = channelFor(context, textArg(args, 'channel'));
  if (!channel.members.includes(context.hub.workspace.bot.userId)) throw new Refusal('not_in_channel');
  const oldest = Number(args.oldest ?? 0);
  const latest = Number(args.latest ?? Number.POSITIVE_INFINITY);
  const inclusive = flagArg(args, 'inclusive');
  const messages = context.hub.workspace.messages.filter((m) => {
    const ts = Number(m.ts);
    const within = inclusive ? ts >= oldest && ts <= latest : ts > oldest && ts < latest;
    return m.channel === channel.id && m.ephemeralTo === undefined && within;
  });
  return { channel, messages };
}

const history: Method = (args, context) => {
  const { messages } = readable(args, context);
  const top = messages.filter((m) => !m.thread_ts || m.broadcast).toReversed();
  const { items, metadata } = page(top, args);
  return {
    messages: items.map((m) => messageObject(context.hub.workspace, m)),
    has_more: metadata.next_cursor !== '',
    pin_count: 0,
    response_metadata: metadata,
  };
};

const replies: Method = (args, context) => {
  const ts = requiredText(args, 'ts', 'thread_not_found');
  const { channel, messages } = readable({ ...args, oldest: undefined, latest: undefined }, context);
  const thread = messages.filter((m) => m.ts === ts || m.thread_ts === ts);
  if (thread.length === 0) throw new Refusal('thread_not_found');
  const { items, metadata } = page(thread, args);
  const shown = items.map((m) => messageObject(context.hub.workspace, { ...m, channel: channel.id }));
  return { messages: shown, has_more: metadata.next_cursor !== '', response_metadata: metadata };
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
