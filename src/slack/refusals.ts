import { FatalError } from '../core/errors.ts';

/** What stands in the way, and what somebody can do about it. Plain text. */
export interface Trouble {
  readonly why: string;
  readonly remedy: string;
}

const REINSTALL = 'Check SLACK_BOT_TOKEN, or install the app again and set the new token.';

/** Words about the token or the whole workspace: nothing works until somebody who runs Golden acts. */
const TOKEN: Readonly<Record<string, readonly [why: string, remedy: string]>> = {
  not_authed: ['Slack got no token', 'Set SLACK_BOT_TOKEN.'],
  invalid_auth: ['Slack does not know the bot’s token', REINSTALL],
  account_inactive: ['the bot’s account is deactivated', REINSTALL],
  token_revoked: ['the bot’s token was revoked', REINSTALL],
  token_expired: ['the bot’s token has expired', 'Turn token rotation off for the app, and set its new token.'],
  not_allowed_token_type: [
    'the token is of the wrong kind',
    'Set SLACK_BOT_TOKEN to the token that begins with xoxb-.',
  ],
  two_factor_setup_required: ['the workspace demands two-factor authentication', REINSTALL],
  accesslimited: ['Slack refuses calls from this network', 'Ask a Slack admin to allow the address Golden calls from.'],
  ekm_access_denied: ['admins have suspended the workspace’s key', 'Ask a Slack admin to grant access again.'],
  team_access_not_granted: ['the app is not allowed in this workspace', 'Ask a Slack admin to approve the app.'],
  access_denied: ['Slack denies the app access', 'Ask a Slack admin to approve the app.'],
};

/** Slack's refusal as an error for whoever runs Golden; undefined where it is about one call alone. */
export function tokenTrouble(
  refused: { readonly error: string; readonly needed?: string },
  cause?: unknown,
): FatalError | undefined {
  const { error, needed } = refused;
  if (error === 'missing_scope') {
    const scope = needed === undefined ? 'a scope' : `the scope ${needed.split(',').join(' or ')}`;
    return new FatalError(
      `Slack refuses: the bot lacks ${scope}.`,
      'Add it on the page OAuth & Permissions of the app, as in manifest.yml, and install the app again.',
      cause,
    );
  }
  const [why, remedy] = TOKEN[error] ?? [];
  return why === undefined || remedy === undefined
    ? undefined
    : new FatalError(`Slack refuses: ${why} (${error}).`, remedy, cause);
}

const RENAME = 'name another channel in golden.yml';

/** Words about the place: whoever rules the channel can mend it. */
const CHANNEL: Readonly<Record<string, readonly [why: (channel: string) => string, remedy: string]>> = {
  is_archived: [(channel) => `Channel ${channel} is archived.`, `Unarchive it, or ${RENAME}.`],
  channel_not_found: [
    (channel) => `The bot sees no channel ${channel}.`,
    `If it is private, invite the bot there: /invite @golden. If it is gone, ${RENAME}.`,
  ],
  not_in_channel: [
    (channel) => `The bot is not in channel ${channel} and cannot join it by itself.`,
    'Invite it there: /invite @golden.',
  ],
  method_not_supported_for_channel_type: [
    (channel) => `Channel ${channel} is private, and the bot is not in it.`,
    'Invite it there: /invite @golden.',
  ],
  too_many_members: [(channel) => `Channel ${channel} is full.`, `Make room for the bot, or ${RENAME}.`],
  restricted_action: [
    (channel) => `A setting of the workspace keeps the bot from posting in channel ${channel}.`,
    'Ask a Slack admin to allow apps to post there.',
  ],
  restricted_action_read_only_channel: [
    (channel) => `Channel ${channel} is read-only.`,
    `Allow the bot to post there, or ${RENAME}.`,
  ],
  restricted_action_thread_only_channel: [
    (channel) => `Channel ${channel} takes replies only.`,
    `Allow messages there, or ${RENAME}.`,
  ],
  restricted_action_non_threadable_channel: [
    (channel) => `Channel ${channel} takes no threads.`,
    `Allow threads there, or ${RENAME}.`,
  ],
  restricted_action_thread_locked: [() => 'The thread is locked.', 'Unlock it, or wait for the next message.'],
  no_permission: [(channel) => `The bot may not post in channel ${channel}.`, 'Invite it there: /invite @golden.'],
  user_not_found: [(user) => `There is no user ${user} in this workspace.`, 'Correct the id in golden.yml.'],
  user_disabled: [(user) => `User ${user} is deactivated.`, 'Name somebody else in golden.yml.'],
  user_not_visible: [(user) => `The bot may not see user ${user}.`, 'Name somebody else in golden.yml.'],
  cannot_dm_bot: [
    (user) => `User ${user} takes no messages of the bot.`,
    'Name a person of this workspace in golden.yml.',
  ],
  messages_tab_disabled: [
    () => 'The app takes no direct messages.',
    'Turn the Messages tab on in the page App Home of the app, as in manifest.yml.',
  ],
};

/** Families of words that Slack adds to without notice. */
const CHANNEL_FAMILIES = /^(restricted_action|posting_to_|slack_connect_|external_channel_|channel_|user_)|_blocked$/;

/** A refusal that is about the channel (or the person) it was meant for; undefined where it is about something else. */
export function placeTrouble(error: string, place: string): Trouble | undefined {
  const nobody = error === 'channel_not_found' && /^[UW]/.test(place);
  const [why, remedy] = CHANNEL[nobody ? 'user_not_found' : error] ?? [];
  if (why !== undefined && remedy !== undefined) return { why: why(place), remedy };
  if (!CHANNEL_FAMILIES.test(error)) return undefined;
  return {
    why: `Slack does not let the bot post in ${place} (${error}).`,
    remedy: `Ask whoever manages the channel or the workspace, or ${RENAME}.`,
  };
}
