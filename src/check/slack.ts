import { WebClient } from '@slack/web-api';
import type { Config, SlackSettings } from '../config.ts';
import { type Finding, PROBE_MS, type Probe } from './probe.ts';
import { asking } from './slack-call.ts';
import { channelProbe, userGroupProbe, userProbe } from './slack-people.ts';

/** The scopes that the bot needs, and what for. */
const SCOPES: Readonly<Record<string, string>> = {
  commands: 'the command /golden',
  'chat:write': 'to post answers',
  'channels:read': 'to know its channels',
  'channels:join': 'to join the public ones',
  'users:read': 'to know who approves',
  'usergroups:read': 'to know who is in a group of approvers',
};

/** The scopes that an admin may refuse, and what is worse without them. */
const OPTIONAL_SCOPES: Readonly<Record<string, string>> = {
  'channels:history':
    'to find a digest whose answer was lost; without it such a digest is not posted again, and may be missing',
  'groups:history': 'the same in private channels',
  'groups:read': 'to know private channels',
};

/** Looks at Slack: the tokens, the scopes granted, and every channel, user and group that golden.yml names. */
export function slackProbes(config: Config): readonly Probe[] {
  const { slack } = config;
  if (!slack) return [notSet];
  const web = clientOf(slack, slack.botToken);
  const channels = new Map(
    config.teams.flatMap(({ name, channel }) => (channel === undefined ? [] : [[channel, name] as const])),
  );
  const approvers = config.teams.map((team) => team.approvers);
  return [
    tokenProbe(web),
    ...(slack.mode === 'socket' ? [appTokenProbe(slack)] : []),
    ...[...channels].map(([id, team]) => channelProbe(web, id, `team ${team}`)),
    ...(config.platform.channel === undefined || channels.has(config.platform.channel)
      ? []
      : [channelProbe(web, config.platform.channel, 'the platform')]),
    ...unique(approvers.flatMap(({ users }) => users)).map((id) => userProbe(web, id)),
    ...unique(approvers.flatMap(({ userGroups }) => userGroups)).map((id) => userGroupProbe(web, id)),
  ];
}

/** A client that says at once what is wrong instead of trying for half an hour. */
function clientOf({ apiUrl }: SlackSettings, token: string): WebClient {
  return new WebClient(token, {
    slackApiUrl: apiUrl,
    timeout: PROBE_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    maxRequestConcurrency: 3,
    // The library's own log goes to the standard output, which belongs to our result.
    logger: {
      debug() {},
      info() {},
      warn() {},
      error() {},
      setLevel() {},
      getLevel: () => 'error' as never,
      setName() {},
    },
  });
}

const notSet: Probe = {
  name: 'Slack',
  remedy: '',
  look: async () => [
    {
      name: 'Slack',
      state: 'missing',
      detail: 'SLACK_BOT_TOKEN is not set',
      remedy:
        'Make the app from manifest.yml and set SLACK_BOT_TOKEN with SLACK_APP_TOKEN; `golden status` does without.',
    },
  ],
};

function tokenProbe(web: WebClient): Probe {
  const name = 'Slack token';
  const remedy = 'Copy "Bot User OAuth Token" from the page OAuth & Permissions of the app into SLACK_BOT_TOKEN.';
  return {
    name,
    remedy,
    look: () =>
      asking(name, remedy, async () => {
        const answer = await web.auth.test();
        const granted = answer.response_metadata?.scopes;
        return [
          { name, state: 'ok', detail: `${answer.user ?? 'bot'} in ${answer.team ?? 'Slack'}` },
          ...scopesFindings(granted),
        ];
      }),
  };
}

function scopesFindings(granted: readonly string[] | undefined): readonly Finding[] {
  if (granted === undefined) {
    const remedy = 'Compare OAuth & Permissions with manifest.yml.';
    return [{ name: 'Slack scopes', state: 'advice', detail: 'Slack did not tell', remedy }];
  }
  return [
    scopesFinding('Slack scopes', SCOPES, granted, {
      state: 'missing',
      remedy: 'Add what is missing on the page OAuth & Permissions, as in manifest.yml, and install the app again.',
    }),
    scopesFinding('Slack optional scopes', OPTIONAL_SCOPES, granted, {
      state: 'advice',
      remedy: 'Add them on the page OAuth & Permissions, and install the app again; or do without.',
    }),
  ];
}

function scopesFinding(
  name: string,
  wanted: Readonly<Record<string, string>>,
  granted: readonly string[],
  otherwise: { readonly state: 'missing' | 'advice'; readonly remedy: string },
): Finding {
  const missing = Object.keys(wanted).filter((scope) => !granted.includes(scope));
  if (missing.length === 0) return { name, state: 'ok', detail: `all ${Object.keys(wanted).length} granted` };
  return { name, ...otherwise, detail: missing.map((scope) => `${scope} (${wanted[scope]})`).join(', ') };
}

function appTokenProbe(slack: Extract<SlackSettings, { mode: 'socket' }>): Probe {
  const name = 'Slack app token';
  const remedy =
    'Make an app-level token with the scope connections:write (Basic Information), turn Socket Mode on, and set SLACK_APP_TOKEN.';
  return {
    name,
    remedy,
    look: () =>
      asking(name, remedy, async () => {
        await clientOf(slack, slack.appToken).apps.connections.open({});
        return [{ name, state: 'ok', detail: 'may open connections' }];
      }),
  };
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}
