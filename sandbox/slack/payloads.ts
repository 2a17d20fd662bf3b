import type { Channel, Fields, Message, User, View, Workspace } from './types.ts';

const VERIFICATION_TOKEN = 'sandbox-verification-token'; // deprecated by Slack, still in every payload

const teamOf = ({ team }: Workspace) => ({ id: team.id, domain: team.domain });
const userOf = (user: User) => ({ id: user.id, username: user.name, name: user.name, team_id: user.team_id });
const channelName = (channel: Channel) =>
  channel.kind === 'im' ? 'directmessage' : channel.kind === 'private' ? 'privategroup' : channel.name;

/** A slash command; Slack sends it as a form, hence strings only. */
export function slashPayload(
  workspace: Workspace,
  from: { user: User; channel: Channel; command: string; text: string; triggerId: string; responseUrl: string },
): Fields {
  return {
    token: VERIFICATION_TOKEN,
    team_id: workspace.team.id,
    team_domain: workspace.team.domain,
    channel_id: from.channel.id,
    channel_name: channelName(from.channel),
    user_id: from.user.id,
    user_name: from.user.name,
    command: from.command,
    text: from.text,
    api_app_id: workspace.bot.appId,
    is_enterprise_install: 'false',
    response_url: from.responseUrl,
    trigger_id: from.triggerId,
  };
}

/** A view as it comes back in payloads and API answers. */
export function viewObject(workspace: Workspace, view: View): Fields {
  const { fields } = view;
  const modal = view.type === 'modal';
  return {
    id: view.id,
    team_id: workspace.team.id,
    type: view.type,
    blocks: fields.blocks ?? [],
    private_metadata: fields.private_metadata ?? '',
    callback_id: fields.callback_id ?? '',
    state: { values: view.state },
    hash: view.hash,
    title: fields.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: fields.clear_on_close ?? false,
    notify_on_close: fields.notify_on_close ?? false,
    close: modal ? (fields.close ?? null) : null,
    submit: modal ? (fields.submit ?? null) : null,
    previous_view_id: view.previousId,
    root_view_id: view.rootId,
    app_id: workspace.bot.appId,
    external_id: view.externalId,
    app_installed_team_id: workspace.team.id,
    bot_id: workspace.bot.botId,
  };
}

/** A message as `conversations.history` and interaction payloads show it. */
export function messageObject(workspace: Workspace, message: Message): Fields {
  const { channel: _, ephemeralTo: __, fromSlack: ___, broadcast, files, ...rest } = message;
  return {
    type: 'message',
    ...rest,
    ...(message.bot_id ? { app_id: workspace.bot.appId } : {}),
    ...(broadcast ? { subtype: 'thread_broadcast' } : {}),
    ...(files ? { files: files.map((id) => ({ id })) } : {}),
    team: workspace.team.id,
  };
}

interface Acting {
  user: User;
  triggerId: string;
}

/** A click, choice or input in a message. An ephemeral message is named, but not repeated, in the payload. */
export function messageActionPayload(
  workspace: Workspace,
  from: Acting & { channel: Channel; message: Message; action: Fields; state: Fields; responseUrl: string },
): Fields {
  const { message, channel } = from;
  const ephemeral = message.ephemeralTo !== undefined;
  return {
    type: 'block_actions',
    user: userOf(from.user),
    api_app_id: workspace.bot.appId,
    token: VERIFICATION_TOKEN,
    container: {
      type: 'message',
      message_ts: message.ts,
      ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
      channel_id: channel.id,
      is_ephemeral: ephemeral,
    },
    trigger_id: from.triggerId,
    team: teamOf(workspace),
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: channel.id, name: channelName(channel) },
    ...(ephemeral ? {} : { message: messageObject(workspace, message) }),
    state: { values: from.state },
    response_url: from.responseUrl,
    actions: [from.action],
  };
}

/** A click, choice or input in a modal or Home tab. */
export function viewActionPayload(workspace: Workspace, from: Acting & { view: View; action: Fields }): Fields {
  return {
    type: 'block_actions',
    user: userOf(from.user),
    api_app_id: workspace.bot.appId,
    token: VERIFICATION_TOKEN,
    container: { type: 'view', view_id: from.view.id },
    trigger_id: from.triggerId,
    team: teamOf(workspace),
    enterprise: null,
    is_enterprise_install: false,
    view: viewObject(workspace, from.view),
    actions: [from.action],
  };
}

/** The submit button of a modal. */
export function viewSubmissionPayload(
  workspace: Workspace,
  from: Acting & { view: View; responseUrls: Fields[] },
): Fields {
  return {
    type: 'view_submission',
    team: teamOf(workspace),
    user: userOf(from.user),
    api_app_id: workspace.bot.appId,
    token: VERIFICATION_TOKEN,
    trigger_id: from.triggerId,
    view: viewObject(workspace, from.view),
    response_urls: from.responseUrls,
    is_enterprise_install: false,
    enterprise: null,
  };
}

/** A modal closed by its user; sent only for `notify_on_close`. */
export function viewClosedPayload(workspace: Workspace, from: { user: User; view: View; cleared: boolean }): Fields {
  return {
    type: 'view_closed',
    team: teamOf(workspace),
    user: userOf(from.user),
    api_app_id: workspace.bot.appId,
    token: VERIFICATION_TOKEN,
    view: viewObject(workspace, from.view),
    is_cleared: from.cleared,
    is_enterprise_install: false,
    enterprise: null,
  };
}

/** The options of an external select. */
export function suggestionPayload(
  workspace: Workspace,
  from: {
    user: User;
    actionId: string;
    blockId: string;
    value: string;
    view?: View;
    channel?: Channel;
    message?: Message;
  },
): Fields {
  return {
    type: 'block_suggestion',
    user: userOf(from.user),
    api_app_id: workspace.bot.appId,
    token: VERIFICATION_TOKEN,
    action_id: from.actionId,
    block_id: from.blockId,
    value: from.value,
    team: teamOf(workspace),
    container: from.view
      ? { type: 'view', view_id: from.view.id }
      : { type: 'message', message_ts: from.message?.ts, channel_id: from.channel?.id, is_ephemeral: false },
    ...(from.view ? { view: viewObject(workspace, from.view) } : {}),
    ...(from.channel ? { channel: { id: from.channel.id, name: channelName(from.channel) } } : {}),
  };
}

/** The wrapper around every event of the Events API. */
export function eventPayload(workspace: Workspace, event: Fields, eventId: string, nowMs: number): Fields {
  return {
    token: VERIFICATION_TOKEN,
    team_id: workspace.team.id,
    context_team_id: workspace.team.id,
    context_enterprise_id: null,
    api_app_id: workspace.bot.appId,
    event,
    type: 'event_callback',
    event_id: eventId,
    event_time: Math.floor(nowMs / 1_000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: workspace.team.id,
        user_id: workspace.bot.userId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${eventId}`,
  };
}
