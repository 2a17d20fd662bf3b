import type { Fields } from './types.ts';

/** A slash command as the manifest declares it. */
export interface SlashCommand {
  command: string;
  description: string;
  usageHint: string;
  shouldEscape: boolean;
}

/** What the manifest says about the app. */
export interface AppSettings {
  name: string;
  scopes: string[];
  commands: SlashCommand[];
  botEvents: string[];
  homeTab: boolean;
}

/** One line for whoever wants to print what happens; the server itself prints nothing. */
export interface LogLine {
  event: string;
  [detail: string]: unknown;
}

/** What a test does at the edges of a call, such as killing who made it. */
export type OnCall = (phase: 'before' | 'after', method: string, args: Fields) => Awaitable<'go' | 'drop'>;

type Awaitable<T> = T | Promise<T>;

/** Options of `startSlack`; all have a default that behaves like the real thing. */
export interface SlackOptions {
  /** Port on 127.0.0.1; 0 or absent takes a free one. */
  port?: number;
  /** The app manifest (parsed JSON or YAML): name, commands, scopes, events, Home tab. */
  manifest?: unknown;
  /** Overrides single facts of the manifest. */
  app?: Partial<AppSettings>;
  /** HTTP mode: where events, commands and interactions are posted. Absent: Socket Mode. */
  requestUrl?: string;
  botToken?: string;
  appToken?: string;
  signingSecret?: string;
  /** Milliseconds since 1970; message timestamps, triggers, response URLs and rate limits follow it. */
  now?: () => number;
  /** `slack` (default) meters methods by their tiers; `off` never answers 429 unless planted. */
  rateLimits?: 'slack' | 'off';
  /** Messages a workspace takes per minute, in all channels; Slack says "several hundred". Absent: no such limit. */
  postsPerMinute?: number;
  /**
   * Called before a Web API method is carried out, and after it before its answer is sent; waited for. `drop` breaks the
   * connection there: before, as if the call had never come; after, as if its answer were lost. `go` goes on.
   */
  onCall?: OnCall;
  /** How long the app may take to acknowledge; Slack gives 3,000 ms. */
  ackTimeoutMs?: number;
  /** When an unacknowledged event is sent again; Slack: at once, after 1 and after 5 minutes. */
  eventRetryDelaysMs?: readonly number[];
  /** Time until an uploaded file can be shown; Slack processes files in the background. */
  fileProcessingMs?: number;
  /** Block types refused as `invalid_blocks`, as a workspace without a newer block does. */
  refuseBlocks?: readonly string[];
  /** Commands or sentences shown to a newcomer on top of the page. */
  tryThese?: readonly string[];
  onLog?: (line: LogLine) => void;
}

/** Options with every default filled in. */
export interface Settings
  extends Required<Omit<SlackOptions, 'manifest' | 'app' | 'requestUrl' | 'port' | 'postsPerMinute' | 'onCall'>> {
  app: AppSettings;
  requestUrl: string | undefined;
  postsPerMinute: number | undefined;
  onCall: OnCall | undefined;
}

const DEFAULT_APP: AppSettings = {
  name: 'Golden',
  scopes: [
    'chat:write',
    'commands',
    'usergroups:read',
    'users:read',
    'channels:read',
    'channels:join',
    'files:read',
    'files:write',
  ],
  commands: [{ command: '/golden', description: 'Golden images', usageHint: 'help', shouldEscape: true }],
  botEvents: ['app_home_opened'],
  homeTab: true,
};

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((here, key) => (isObject(here) ? here[key] : undefined), value);
const strings = (value: unknown): string[] | undefined =>
  Array.isArray(value) ? value.filter((v) => typeof v === 'string') : undefined;
const string = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Reads from an app manifest what the local Slack acts upon; whatever is missing keeps its default. */
export function appFromManifest(manifest: unknown, defaults: AppSettings = DEFAULT_APP): AppSettings {
  if (!isObject(manifest)) return defaults;
  const commands = at(manifest, 'features', 'slash_commands');
  const botScopes = strings(at(manifest, 'oauth_config', 'scopes', 'bot'));
  return {
    name: string(at(manifest, 'features', 'bot_user', 'display_name')) ?? defaults.name,
    scopes: botScopes
      ? [...botScopes, ...(strings(at(manifest, 'oauth_config', 'scopes', 'bot_optional')) ?? [])]
      : defaults.scopes,
    commands: Array.isArray(commands) ? commands.filter(isObject).map(commandOf) : [],
    botEvents: strings(at(manifest, 'settings', 'event_subscriptions', 'bot_events')) ?? [],
    homeTab: at(manifest, 'features', 'app_home', 'home_tab_enabled') === true,
  };
}

const commandOf = (fields: Fields): SlashCommand => ({
  command: string(fields.command) ?? '',
  description: string(fields.description) ?? '',
  usageHint: string(fields.usage_hint) ?? '',
  shouldEscape: fields.should_escape === true,
});

/** Fills every option the caller left out. */
export function settingsOf(options: SlackOptions): Settings {
  return {
    app: { ...appFromManifest(options.manifest), ...options.app },
    requestUrl: options.requestUrl,
    botToken: options.botToken ?? 'xoxb-sandbox-golden',
    appToken: options.appToken ?? 'xapp-sandbox-golden',
    signingSecret: options.signingSecret ?? 'sandbox-signing-secret',
    now: options.now ?? Date.now,
    rateLimits: options.rateLimits ?? 'slack',
    postsPerMinute: options.postsPerMinute,
    onCall: options.onCall,
    ackTimeoutMs: options.ackTimeoutMs ?? 3_000,
    eventRetryDelaysMs: options.eventRetryDelaysMs ?? [0, 60_000, 300_000],
    fileProcessingMs: options.fileProcessingMs ?? 200,
    refuseBlocks: options.refuseBlocks ?? [],
    tryThese: options.tryThese ?? [],
    onLog: options.onLog ?? (() => {}),
  };
}
