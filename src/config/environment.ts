import { CLOUDS } from './clouds.ts';
import { shown } from './faults.ts';
import type { AzureSettings, Config, LogLevel, PostingSettings, SlackSettings } from './settings.ts';
import type { Reader, Variables } from './variables.ts';

/** What each variable has to be. What several have to agree on is in the functions below them. */

const path: Reader<string> = {
  expected: 'a path',
  remedy: 'Name the YAML file with images and teams.',
  read: (text) => text,
};

const botToken = token(
  'xoxb-',
  "the bot's token",
  'Copy "Bot User OAuth Token" from the page OAuth & Permissions of your Slack app; it begins with xoxb-.',
);
const appToken = token(
  'xapp-',
  'an app-level token',
  'Make one with the scope connections:write on the page Basic Information of your Slack app; it begins with xapp-.',
);

const signingSecret: Reader<string> = {
  expected: 'the signing secret',
  remedy: 'Copy "Signing Secret" from the page Basic Information of your Slack app.',
  secret: true,
  read: (text) => (/^\S{8,}$/.test(text) && !/^x[a-z]{3}-/.test(text) ? text : undefined),
};

const redisUrl: Reader<string> = {
  expected: "Redis's address",
  remedy: 'Write redis://host:6379, or rediss://user:password@host:6380 for TLS; a database number may follow, as /1.',
  secret: true,
  read: (text) => {
    const url = URL.parse(text);
    if (!url || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') return undefined;
    return /^(\/\d{0,4})?$/.test(url.pathname) ? text : undefined;
  },
};

const slackApiUrl: Reader<string> = {
  expected: "the address of Slack's Web API",
  remedy:
    'Leave it out for https://slack.com/api/. Plain http is for a loopback address alone, as http://127.0.0.1:4001/api/.',
  read: (text) => {
    const url = serverAddress(text);
    return url && `${withoutLastSlash(url.href)}/`;
  },
};

const armEndpoint: Reader<URL> = {
  expected: "Azure Resource Manager's address",
  remedy: "Leave it out for the cloud's own. Plain http is for a loopback address alone, as http://127.0.0.1:4002.",
  read: serverAddress,
};

const authorityHost: Reader<string> = {
  expected: "Microsoft Entra's address",
  remedy: "Leave it out for the cloud's own; else https://login.example.com.",
  read: (text) => {
    const url = serverAddress(text);
    return url?.protocol === 'https:' ? withoutLastSlash(url.href) : undefined;
  },
};

const accessToken: Reader<string> = {
  expected: 'a bearer token',
  remedy: 'A local Azure takes any text without spaces.',
  secret: true,
  read: (text) => (/^[\x21-\x7e]+$/.test(text) ? text : undefined),
};

const cloud = word(['public', 'usgovernment', 'china']);
const logLevel = word(['debug', 'info', 'warn', 'error', 'silent']);
const port = portFrom(1);
const portOrFree = portFrom(0);

const host: Reader<string> = {
  expected: 'an address to listen on',
  remedy: 'Write 0.0.0.0 for every interface, or 127.0.0.1 for this machine alone.',
  read: (text) => (/^[\w.:-]+$/.test(text) ? text : undefined),
};

/** Where golden.yml is. */
export function readConfigPath(variables: Variables): string {
  return variables.optional('GOLDEN_CONFIG', path) ?? 'golden.yml';
}

/** Azure's side of the environment; the scope is golden.yml's to say. */
export function readAzure(variables: Variables): Omit<AzureSettings, 'scope'> {
  const name = variables.optional('AZURE_CLOUD', cloud) ?? 'public';
  const url = variables.optional('AZURE_RESOURCE_MANAGER_ENDPOINT', armEndpoint);
  const authority = variables.optional('AZURE_AUTHORITY_HOST', authorityHost);
  const isPlain = url?.protocol === 'http:';
  if (!isPlain && variables.text('AZURE_ACCESS_TOKEN') !== undefined) {
    // A fixed token expires within the hour and belongs to a person: it must not become the way to sign in to Azure.
    variables.faults.push({
      path: 'AZURE_ACCESS_TOKEN',
      problem: 'is only for an AZURE_RESOURCE_MANAGER_ENDPOINT of plain http on the loopback interface',
      found: shown(url?.href ?? `${CLOUDS[name].endpoint}/`),
      remedy:
        'Unset it: the identity comes from @azure/identity (a managed identity, AZURE_CLIENT_ID ..., or `az login`).',
    });
  }
  return {
    cloud: name,
    ...CLOUDS[name],
    ...(url && { endpoint: withoutLastSlash(url.href) }),
    ...(authority && { authorityHost: authority }),
    accessToken: isPlain ? variables.required('AZURE_ACCESS_TOKEN', accessToken) : undefined,
  };
}

const SLACK_API = 'https://slack.com/api/';

/**
 * Slack's side of the environment, all of it. With both SLACK_APP_TOKEN and SLACK_SIGNING_SECRET the bot uses Socket Mode:
 * people tend to copy every secret of their app's page, and Socket Mode needs nothing that is reachable from outside.
 */
export function readSlack(variables: Variables): SlackSettings | undefined {
  const bySocket = variables.text('SLACK_APP_TOKEN') !== undefined;
  const byHttp = !bySocket && variables.text('SLACK_SIGNING_SECRET') !== undefined;
  // Whatever is set is read, also what the mode does not use: else its fault would come up one start later.
  const token = variables.required('SLACK_BOT_TOKEN', botToken);
  const apiUrl = variables.optional('SLACK_API_URL', slackApiUrl) ?? SLACK_API;
  const appLevel = variables.optional('SLACK_APP_TOKEN', appToken);
  const secret = variables.optional('SLACK_SIGNING_SECRET', signingSecret);
  const listenOn = byHttp ? variables.required('PORT', port) : variables.optional('PORT', port);
  if (bySocket) return token && appLevel ? { mode: 'socket', botToken: token, appToken: appLevel, apiUrl } : undefined;
  if (!byHttp) {
    variables.faults.push({
      path: 'SLACK_APP_TOKEN',
      problem: 'is not set, and neither is SLACK_SIGNING_SECRET',
      remedy:
        'Set SLACK_APP_TOKEN for Socket Mode (nothing has to be reachable from outside), or SLACK_SIGNING_SECRET and PORT for HTTP.',
    });
    return undefined;
  }
  return token && secret && listenOn !== undefined
    ? { mode: 'http', botToken: token, signingSecret: secret, port: listenOn, apiUrl }
    : undefined;
}

/** What it takes to talk in Slack without listening there. */
export function readPosting(variables: Variables): PostingSettings | undefined {
  const token = variables.required('SLACK_BOT_TOKEN', botToken);
  const apiUrl = variables.optional('SLACK_API_URL', slackApiUrl) ?? SLACK_API;
  return token === undefined ? undefined : { botToken: token, apiUrl };
}

/** Whether anything of Slack's is set. */
export function hasSlack(variables: Variables): boolean {
  return (['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET'] as const).some(
    (name) => variables.text(name) !== undefined,
  );
}

/** Redis's address. @param required Whether not to be set is a fault. */
export function readRedis(variables: Variables, required: boolean): string | undefined {
  return required ? variables.required('REDIS_URL', redisUrl) : variables.optional('REDIS_URL', redisUrl);
}

/** Where health and metrics are served. */
export function readHealth(variables: Variables): Pick<Config, 'healthHost' | 'healthPort' | 'healthPortFixed'> {
  return {
    healthHost: variables.optional('HEALTH_HOST', host) ?? '0.0.0.0',
    healthPort: variables.optional('HEALTH_PORT', portOrFree) ?? 9090,
    healthPortFixed: variables.text('HEALTH_PORT') !== undefined,
  };
}

/** How much is logged. */
export function readLogLevel(variables: Variables, otherwise: LogLevel): LogLevel {
  return variables.optional('LOG_LEVEL', logLevel) ?? otherwise;
}

/** An address of a server: https, or plain http on the loopback interface, without user, query or fragment. */
function serverAddress(text: string): URL | undefined {
  const url = URL.parse(text);
  if (url === null) return undefined;
  const extras = [url.username, url.password, url.search, url.hash];
  if (extras.some((extra) => extra !== '')) return undefined;
  if (url.protocol === 'https:') return url;
  return url.protocol === 'http:' && isLoopback(url.hostname) ? url : undefined;
}

/** `URL` has already brought every spelling of an IPv4 address (127.1, 0x7f000001) into its usual one. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function withoutLastSlash(address: string): string {
  return address.endsWith('/') ? address.slice(0, -1) : address;
}

function token(prefix: string, expected: string, remedy: string): Reader<string> {
  return {
    expected,
    remedy,
    secret: true,
    read: (text) =>
      text.startsWith(prefix) && /^[\x21-\x7e]+$/.test(text) && text.length > prefix.length ? text : undefined,
  };
}

function word<const T extends string>(words: readonly T[]): Reader<T> {
  return {
    expected: `one of ${words.join(', ')}`,
    remedy: `Write ${words.join(' or ')}.`,
    read: (text) => words.find((candidate) => candidate === text.toLowerCase()),
  };
}

function portFrom(least: number): Reader<number> {
  return {
    expected: `a port (${least} to 65535)`,
    remedy: least === 0 ? 'Write for example 9090; 0 takes a free one.' : 'Write for example 3000.',
    read: (text) =>
      /^\d{1,5}$/.test(text) && Number(text) >= least && Number(text) <= 65_535 ? Number(text) : undefined,
  };
}
