/** A JSON object whose fields nobody has checked yet. */
export type Fields = Record<string, unknown>;

/** One person or bot, in the shape that `users.info` answers. */
export interface User {
  id: string;
  team_id: string;
  name: string;
  real_name: string;
  deleted: boolean;
  is_bot: boolean;
  is_app_user: boolean;
  is_restricted: boolean;
  is_ultra_restricted: boolean;
  is_stranger?: boolean;
  tz: string;
  tz_label: string;
  tz_offset: number;
  locale: string;
  color: string;
  updated: number;
  profile: { title: string; real_name: string; display_name: string; email?: string; bot_id?: string; team: string };
}

/** A conversation: public or private channel, or a direct message with the app. */
export interface Channel {
  id: string;
  name: string;
  kind: 'public' | 'private' | 'im';
  archived: boolean;
  topic: string;
  members: string[];
  created: number;
}

/** A user group, mentioned as `<!subteam^id>`. */
export interface UserGroup {
  id: string;
  handle: string;
  name: string;
  users: string[];
  disabled: boolean;
}

/** A message as stored: what `conversations.history` answers, plus where it is and who sees it. */
export interface Message {
  channel: string;
  ts: string;
  /** Absent on what Slack itself says (for example "operation_timeout"). */
  user?: string;
  bot_id?: string;
  text: string;
  blocks?: Fields[];
  attachments?: Fields[];
  thread_ts?: string;
  /** Also shown in the channel, although it is a reply. */
  broadcast?: boolean;
  edited?: { user: string; ts: string };
  metadata?: Fields;
  reactions?: { name: string; users: string[] }[];
  files?: string[];
  /** Set on an ephemeral message: the only user who sees it. */
  ephemeralTo?: string;
  /** Set on what Slack itself says. */
  fromSlack?: boolean;
}

/** A modal or Home tab with the ids Slack gives it; `fields` is what the app sent. */
export interface View {
  id: string;
  user: string;
  type: 'modal' | 'home';
  hash: string;
  fields: Fields;
  externalId: string;
  rootId: string;
  previousId: string | null;
  /** What the user filled in: block_id, action_id, state value. */
  state: ViewState;
  /** What the app's last `errors` response says, by block_id. */
  errors?: Record<string, string>;
  /** What Slack itself says at the foot of the modal, such as a missing acknowledgement. */
  problem?: string;
}

/** What inputs hold: block_id, action_id, value as Slack shapes it. */
export type ViewState = Record<string, Record<string, Fields>>;

/** A file from upload URL to `files.info`. */
export interface StoredFile {
  id: string;
  name: string;
  title: string;
  altText: string;
  bytes: Uint8Array | undefined;
  length: number;
  mimetype: string;
  completedAt: number | undefined;
  channels: string[];
}

/** What the local Slack holds; tests read it, the Web API and the page change it. */
export interface Workspace {
  team: { id: string; name: string; domain: string };
  bot: { userId: string; botId: string; appId: string; name: string };
  users: Map<string, User>;
  channels: Map<string, Channel>;
  groups: Map<string, UserGroup>;
  /** Everything posted, oldest first, ephemeral messages included. */
  messages: Message[];
  views: Map<string, View>;
  /** Open modals of a user, bottom first; at most three. */
  modals: Map<string, string[]>;
  homes: Map<string, string>;
  files: Map<string, StoredFile>;
}

/** Which of the three ways in an envelope takes. */
export type EnvelopeType = 'slash_commands' | 'interactive' | 'events_api';

/** One payload for the app; delivered once unless `duplicate` or a retry says otherwise. */
export interface Envelope {
  id: string;
  type: EnvelopeType;
  payload: Fields;
  acceptsResponse: boolean;
}

/** How a delivery ended. */
export interface Ack {
  acked: boolean;
  /** Milliseconds from sending to the ack, or to giving up. */
  ms: number;
  payload?: Fields;
  /** As a user reads it: `operation_timeout`, `dispatch_failed`, `http_service_error`. */
  error?: string;
}

/** One line of the log of all traffic between app and Slack. */
export type Call =
  | { kind: 'api'; at: number; ms: number; method: string; args: Fields; status: number; answer: Fields; token: string }
  | ({ kind: 'ack'; at: number; envelope: Envelope; retry: number; connection?: number } & Ack)
  | { kind: 'response_url'; at: number; id: string; args: Fields; status: number; answer: Fields };
