import type { ImagePolicy } from '../core/policy.ts';
import type { Platform, Team } from '../core/team.ts';

/** What Azure is asked about. */
export type AzureScope =
  /** Everything the identity can read. */
  | { readonly kind: 'everything' }
  | { readonly kind: 'managementGroups'; readonly ids: readonly string[] }
  | { readonly kind: 'subscriptions'; readonly ids: readonly string[] };

export interface AzureSettings {
  readonly cloud: 'public' | 'usgovernment' | 'china';
  /** Azure Resource Manager's address, without a slash at the end. */
  readonly endpoint: string;
  /** Token audience, e.g. `https://management.azure.com/.default`. */
  readonly tokenScope: string;
  /** Microsoft Entra's address, e.g. `https://login.microsoftonline.com`. */
  readonly authorityHost: string;
  /** The portal people are sent to. */
  readonly portal: string;
  /** A ready bearer token; only ever set for a plain http address on the loopback interface. */
  readonly accessToken: string | undefined;
  readonly scope: AzureScope;
}

export type SlackSettings =
  | { readonly mode: 'socket'; readonly botToken: string; readonly appToken: string; readonly apiUrl: string }
  | {
      readonly mode: 'http';
      readonly botToken: string;
      readonly signingSecret: string;
      readonly port: number;
      readonly apiUrl: string;
    };

/** What it takes to talk in Slack without listening. */
export interface PostingSettings {
  readonly botToken: string;
  readonly apiUrl: string;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Everything that is configured, read once and checked. */
export interface Config {
  /** The file it was read from, as it was named. */
  readonly file: string;
  readonly azure: AzureSettings;
  readonly policy: ImagePolicy;
  readonly teams: readonly Team[];
  /** Where the platform's own people read what no single team can mend. */
  readonly platform: Platform;
  /** Absent where the process does not need Slack. */
  readonly slack: SlackSettings | undefined;
  /** Absent where the process says nothing in Slack by itself. */
  readonly posting: PostingSettings | undefined;
  /** `redis://` or `rediss://`; absent where the process can do without. */
  readonly redisUrl: string | undefined;
  /** Address that /healthz, /readyz and /metrics listen on. */
  readonly healthHost: string;
  /** Port of /healthz, /readyz and /metrics; 0 takes a free one. */
  readonly healthPort: number;
  /** The port was asked for: where it is taken, another one will not do. */
  readonly healthPortFixed: boolean;
  readonly logLevel: LogLevel;
}
