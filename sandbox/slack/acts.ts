import type { Delivery } from './delivery.ts';
import { actionOf, type Choice, filledIn, findElement } from './elements.ts';
import type { Hub } from './hub.ts';
import { addMessage, findMessage, tellUser } from './messages.ts';
import { eventPayload, messageActionPayload, slashPayload, suggestionPayload, viewActionPayload } from './payloads.ts';
import { Refusal } from './refusal.ts';
import { issueResponseUrl, respond } from './response-urls.ts';
import { withReferences } from './typed-text.ts';
import type { Ack, Channel, Envelope, EnvelopeType, Fields, Message, User, View } from './types.ts';

/** What one act of a user led to. */
export interface Interaction {
  envelope: Envelope;
  ack: Ack;
  triggerId: string;
  responseUrl: string;
}

/** Where a click goes: a message (ephemeral ones by `ephemeralId`), a modal or the Home tab. */
export interface ClickTarget {
  user: string;
  messageTs?: string;
  ephemeralId?: string;
  viewId?: string;
  actionId: string;
  blockId?: string;
  /** What was chosen, for anything but a button. */
  choice?: Choice;
  /** What other inputs of the same message or view hold, by action_id or block_id. */
  values?: Record<string, Choice>;
}

export type Slash = { user: string; channel: string; text: string; command?: string };
export type Say = { user: string; channel: string; text: string; threadTs?: string };

/** Wraps a payload for the app. */
export const envelopeOf = (hub: Hub, type: EnvelopeType, payload: Fields): Envelope => ({
  id: hub.newId('env-'),
  type,
  payload,
  acceptsResponse: type !== 'events_api',
});

/** Somebody who may act here. @throws Error for a stranger to the workspace or one deactivated */
export function actor(hub: Hub, id: string): User {
  const user = hub.workspace.users.get(id);
  if (!user || user.deleted || user.is_bot) throw new Error(`${id} cannot act: unknown, deactivated or a bot`);
  return user;
}

/** The conversation a user acts in. @throws Error when the user cannot see it */
export function channelOf(hub: Hub, id: string, user: User): Channel {
  const channel = hub.workspace.channels.get(id);
  if (!channel || (channel.kind !== 'public' && !channel.members.includes(user.id))) {
    throw new Error(`${user.id} sees no channel ${id}`);
  }
  return channel;
}

/** A slash command, typed by a user. Its ack may carry a message; a missing ack is told to the user. */
export async function slash(hub: Hub, delivery: Delivery, act: Slash): Promise<Interaction> {
  const user = actor(hub, act.user);
  const channel = channelOf(hub, act.channel, user);
  const command = act.command ?? hub.settings.app.commands[0]?.command ?? '/golden';
  const declared = hub.settings.app.commands.find((c) => c.command === command);
  const text = declared?.shouldEscape ? withReferences(act.text, hub.workspace, 'command') : act.text;
  const triggerId = hub.triggers.issue({ user: user.id });
  const responseUrl = issueResponseUrl(hub, { user: user.id, channel: channel.id });
  const payload = slashPayload(hub.workspace, { user, channel, command, text, triggerId, responseUrl });
  const envelope = envelopeOf(hub, 'slash_commands', payload);
  const ack = await delivery.deliver(envelope);
  if (!ack.acked) {
    tellUser(hub, user.id, channel.id, `${command} failed with the error "${ack.error}"`);
  } else if (ack.payload) {
    try {
      respond(hub, { user: user.id, channel: channel.id }, ack.payload);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      tellUser(hub, user.id, channel.id, `${command} failed with the error "${error.error}"`);
    }
  }
  return { envelope, ack, triggerId, responseUrl };
}

/** A click or choice in a message, modal or Home tab. @throws Error when there is no such element for this user */
export async function click(hub: Hub, delivery: Delivery, act: ClickTarget): Promise<Interaction> {
  const user = actor(hub, act.user);
  return act.viewId === undefined ? clickInMessage(hub, delivery, user, act) : clickInView(hub, delivery, user, act);
}

const valuesOf = (act: ClickTarget): Record<string, Choice> => ({
  ...act.values,
  ...(act.choice === undefined ? {} : { [act.actionId]: act.choice }),
});

async function clickInMessage(hub: Hub, delivery: Delivery, user: User, act: ClickTarget): Promise<Interaction> {
  const message = seenBy(hub, user, act.ephemeralId ?? act.messageTs ?? '');
  const channel = channelOf(hub, message.channel, user);
  const placed = findElement(message.blocks, act.actionId, act.blockId);
  if (!placed) throw new Error(`no element ${act.actionId} in message ${message.ts}`);
  const action = actionOf(placed, act.choice, hub.nextTs());
  const triggerId = hub.triggers.issue({ user: user.id });
  const responseUrl = issueResponseUrl(hub, { user: user.id, channel: channel.id, sourceTs: message.ts });
  const state = filledIn(message.blocks, {}, valuesOf(act));
  const payload = messageActionPayload(hub.workspace, {
    user,
    channel,
    message,
    action,
    state,
    triggerId,
    responseUrl,
  });
  const envelope = envelopeOf(hub, 'interactive', payload);
  const ack = await delivery.deliver(envelope);
  if (!ack.acked) tellUser(hub, user.id, channel.id, `The app did not answer your click in time (${ack.error}).`);
  return { envelope, ack, triggerId, responseUrl };
}

async function clickInView(hub: Hub, delivery: Delivery, user: User, act: ClickTarget): Promise<Interaction> {
  const view = ownView(hub, user, act.viewId);
  const placed = findElement(view.fields.blocks, act.actionId, act.blockId);
  if (!placed) throw new Error(`no element ${act.actionId} in view ${view.id}`);
  view.state = filledIn(view.fields.blocks, view.state, valuesOf(act));
  const action = actionOf(placed, act.choice, hub.nextTs());
  const triggerId = hub.triggers.issue({ user: user.id, viewId: view.id });
  const envelope = envelopeOf(hub, 'interactive', viewActionPayload(hub.workspace, { user, view, action, triggerId }));
  const ack = await delivery.deliver(envelope);
  if (!ack.acked) view.problem = `The app did not answer your click in time (${ack.error}).`;
  hub.changed();
  return { envelope, ack, triggerId, responseUrl: '' };
}

/** A message this user sees. @throws Error */
export function seenBy(hub: Hub, user: User, ts: string): Message {
  const message = hub.workspace.messages.find((m) => m.ts === ts && (m.ephemeralTo ?? user.id) === user.id);
  if (!message) throw new Error(`${user.id} sees no message ${ts}`);
  return message;
}

/** A modal or Home tab of this user; without an id the modal on top. @throws Error */
export function ownView(hub: Hub, user: User, id?: string): View {
  const view = hub.workspace.views.get(id ?? hub.workspace.modals.get(user.id)?.at(-1) ?? '');
  if (!view || view.user !== user.id) throw new Error(`${user.id} has no view ${id ?? 'open'}`);
  return view;
}

/** An ordinary message of a person; the app hears of it only through events it subscribed to. */
export function say(hub: Hub, delivery: Delivery, act: Say): Message {
  const user = actor(hub, act.user);
  const channel = channelOf(hub, act.channel, user);
  if (channel.archived) throw new Error(`${channel.name} is archived`);
  if (act.threadTs && !findMessage(hub, channel.id, act.threadTs)) throw new Error(`no thread ${act.threadTs}`);
  const text = withReferences(act.text, hub.workspace, 'message');
  const thread = act.threadTs ? { thread_ts: act.threadTs } : {};
  const message = addMessage(hub, { channel: channel.id, ts: hub.nextTs(), user: user.id, text, ...thread });
  const { bot } = hub.workspace;
  if (!channel.members.includes(bot.userId)) return message;
  const event = {
    user: user.id,
    text,
    ts: message.ts,
    channel: channel.id,
    event_ts: message.ts,
    team: user.team_id,
    ...thread,
  };
  const channelType = { public: 'channel', private: 'group', im: 'im' }[channel.kind];
  const subscription = `message.${channelType === 'channel' ? 'channels' : channelType === 'group' ? 'groups' : 'im'}`;
  void sendEvent(hub, delivery, subscription, { type: 'message', channel_type: channelType, ...event });
  if (text.includes(`<@${bot.userId}>`))
    void sendEvent(hub, delivery, 'app_mention', { type: 'app_mention', ...event });
  return message;
}

/** Opening the app's Home tab; undefined when the app did not subscribe to `app_home_opened`. */
export function openHome(
  hub: Hub,
  delivery: Delivery,
  userId: string,
  tab: 'home' | 'messages' = 'home',
): Promise<Ack | undefined> {
  const user = actor(hub, userId);
  const { homes, views, channels, bot } = hub.workspace;
  const direct = [...channels.values()].find(
    (c) => c.kind === 'im' && c.members.includes(user.id) && c.members.includes(bot.userId),
  );
  const view = views.get(homes.get(user.id) ?? '');
  return sendEvent(hub, delivery, 'app_home_opened', {
    type: 'app_home_opened',
    user: user.id,
    channel: direct?.id,
    tab,
    ...(tab === 'home' && view
      ? { view: { id: view.id, type: 'home', hash: view.hash, blocks: view.fields.blocks } }
      : {}),
    event_ts: hub.nextTs(),
  });
}

/** Sends an event if the manifest subscribes to it. */
export async function sendEvent(
  hub: Hub,
  delivery: Delivery,
  subscription: string,
  event: Fields,
): Promise<Ack | undefined> {
  if (!hub.settings.app.botEvents.includes(subscription)) return undefined;
  const payload = eventPayload(hub.workspace, event, hub.newId('Ev'), hub.settings.now());
  return delivery.deliverEvent(envelopeOf(hub, 'events_api', payload));
}

/** What an external select offers for what was typed so far. */
export async function suggest(hub: Hub, delivery: Delivery, act: ClickTarget & { query: string }): Promise<Fields> {
  const user = actor(hub, act.user);
  const view = act.viewId === undefined ? undefined : ownView(hub, user, act.viewId);
  const message = view ? undefined : seenBy(hub, user, act.ephemeralId ?? act.messageTs ?? '');
  const channel = message && channelOf(hub, message.channel, user);
  const placed = findElement(view?.fields.blocks ?? message?.blocks, act.actionId, act.blockId);
  const payload = suggestionPayload(hub.workspace, {
    user,
    actionId: act.actionId,
    blockId: String(placed?.block.block_id),
    value: act.query,
    ...(view ? { view } : {}),
    ...(message ? { message } : {}),
    ...(channel ? { channel } : {}),
  });
  const ack = await delivery.deliver(envelopeOf(hub, 'interactive', payload));
  return ack.payload ?? { options: [] };
}
