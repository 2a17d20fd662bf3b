import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Config, ConfigError, type Fault, loadConfig, type Needs } from '../../src/config.ts';

const EXAMPLE = fileURLToPath(new URL('../../golden.example.yml', import.meta.url));
const ALL: Needs = { slack: 'required', redis: 'required' };
const NONE: Needs = { slack: 'unused', redis: 'unused' };
const OPTIONAL: Needs = { slack: 'optional', redis: 'optional' };

const SOCKET = {
  SLACK_BOT_TOKEN: 'xoxb-1-secretsecret',
  SLACK_APP_TOKEN: 'xapp-1-secretsecret',
  REDIS_URL: 'redis://127.0.0.1:6379',
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'golden-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

function load(env: Record<string, string | undefined>, needs = ALL): Config {
  return loadConfig({ env: { GOLDEN_CONFIG: EXAMPLE, ...env }, needs });
}

function faultsOf(env: Record<string, string | undefined>, needs = ALL): readonly Fault[] {
  try {
    load(env, needs);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

const pathsOf = (env: Record<string, string | undefined>, needs = ALL) => faultsOf(env, needs).map(({ path }) => path);

test('given golden.example.yml and Socket Mode, when settings are read, then they are valid and have the documented defaults', () => {
  expect(load(SOCKET)).toMatchObject({
    azure: { cloud: 'public', endpoint: 'https://management.azure.com', accessToken: undefined },
    slack: { mode: 'socket', apiUrl: 'https://slack.com/api/' },
    redisUrl: 'redis://127.0.0.1:6379',
    healthHost: '0.0.0.0',
    healthPort: 9090,
    healthPortFixed: false,
    logLevel: 'info',
  });
});

test('given faults in the environment and in the file, when settings are read, then all are reported together', () => {
  const file = join(folder, 'wrong.yml');
  writeFileSync(file, 'images: { golden: [] }\nteams: { x: { match: {}, kind: dog } }\n');
  const paths = pathsOf({
    GOLDEN_CONFIG: file,
    SLACK_BOT_TOKEN: 'x',
    REDIS_URL: 'http://x',
    LOG_LEVEL: 'loud',
    AZURE_CLOUD: 'mars',
  });
  expect(paths).toEqual([
    'AZURE_CLOUD',
    'SLACK_BOT_TOKEN',
    'SLACK_APP_TOKEN',
    'REDIS_URL',
    'LOG_LEVEL',
    'images.golden',
    'teams.x.kind',
    'teams.x.match',
  ]);
});

test('given secrets that are wrong, when they are reported, then neither they nor any part of them is shown', () => {
  const secrets = {
    SLACK_BOT_TOKEN: 'xoxp-hunter2-hunter2',
    REDIS_URL: 'http://me:hunter2@redis',
    SLACK_APP_TOKEN: 'hunter2',
  };
  const { message } = new ConfigError(faultsOf({ ...secrets, AZURE_ACCESS_TOKEN: 'hunter2' }));
  expect(message).not.toContain('hunter2');
  expect(message).toContain('xoxp-…, 20 characters');
});

test.each(['AZURE_RESOURCE_MANAGER_ENDPOINT', 'AZURE_AUTHORITY_HOST', 'SLACK_API_URL'])(
  'given a password in the address of %s, when it is refused, then the address is shown without it',
  (name) => {
    const [fault] = faultsOf({ ...SOCKET, [name]: 'https://bob:hunter2@host.example' });
    expect(fault).toMatchObject({ path: name, found: expect.stringContaining('[hidden]@host.example') });
  },
);

test('given no file, when settings are read, then it is said how to make one', () => {
  const [fault] = faultsOf({ ...SOCKET, GOLDEN_CONFIG: join(folder, 'none.yml') });
  expect(fault).toMatchObject({ path: 'GOLDEN_CONFIG', remedy: expect.stringContaining('golden.example.yml') });
});

test('given a process that needs Azure alone, when Slack and Redis are not set or wrong, then it does not mind', () => {
  expect(load({ SLACK_BOT_TOKEN: 'wrong', REDIS_URL: 'wrong' }, NONE)).toMatchObject({
    slack: undefined,
    redisUrl: undefined,
  });
});

test('given parts that are optional, when they are left out, then nothing is wrong; when set, they are checked', () => {
  expect(load({}, OPTIONAL)).toMatchObject({ slack: undefined, redisUrl: undefined });
  expect(pathsOf({ SLACK_BOT_TOKEN: 'xoxb-1', REDIS_URL: 'x' }, OPTIONAL)).toEqual(['SLACK_APP_TOKEN', 'REDIS_URL']);
});

test('given a signing secret and a port, when settings are read, then Slack comes by HTTP', () => {
  const { SLACK_APP_TOKEN: _, ...rest } = SOCKET;
  const http = { ...rest, SLACK_SIGNING_SECRET: '0123456789abcdef', PORT: '3000' };
  expect(load(http).slack).toEqual({
    mode: 'http',
    botToken: SOCKET.SLACK_BOT_TOKEN,
    signingSecret: '0123456789abcdef',
    port: 3000,
    apiUrl: 'https://slack.com/api/',
  });
  expect(pathsOf({ ...http, PORT: undefined })).toEqual(['PORT']);
  expect(pathsOf({ ...http, HEALTH_PORT: '3000' })).toEqual(['HEALTH_PORT']);
});

test('given both an app token and a signing secret, when settings are read, then Socket Mode wins', () => {
  expect(load({ ...SOCKET, SLACK_SIGNING_SECRET: '0123456789abcdef' }).slack?.mode).toBe('socket');
});

test.each([
  ['no mode', { PORT: 'http', SLACK_API_URL: 'x' }, ['SLACK_API_URL', 'PORT', 'SLACK_APP_TOKEN']],
  [
    'Socket Mode',
    { PORT: '0', SLACK_SIGNING_SECRET: 'x', SLACK_APP_TOKEN: 'xapp-1' },
    ['SLACK_SIGNING_SECRET', 'PORT'],
  ],
  ['HTTP', { PORT: '99999', SLACK_SIGNING_SECRET: 'x' }, ['SLACK_SIGNING_SECRET', 'PORT']],
])(
  'given faults of either mode and the variables of %s, when settings are read, then each is reported once',
  (_mode, set, paths) => {
    const { SLACK_APP_TOKEN: _, ...rest } = SOCKET;
    expect(pathsOf({ ...rest, ...set })).toEqual(paths);
  },
);

test.each([
  ['public', 'https://management.azure.com', 'https://login.microsoftonline.com', 'https://portal.azure.com'],
  [
    'usgovernment',
    'https://management.usgovcloudapi.net',
    'https://login.microsoftonline.us',
    'https://portal.azure.us',
  ],
  ['china', 'https://management.chinacloudapi.cn', 'https://login.chinacloudapi.cn', 'https://portal.azure.cn'],
])(
  'given AZURE_CLOUD=%s, when settings are read, then endpoint, authority, audience and portal follow',
  (cloud, endpoint, authorityHost, portal) => {
    expect(load({ AZURE_CLOUD: cloud }, NONE).azure).toMatchObject({
      endpoint,
      authorityHost,
      portal,
      tokenScope: `${endpoint}/.default`,
    });
  },
);

test.each([
  'http://127.0.0.1:4002',
  'http://127.0.0.1:4002/',
  'http://localhost:4002',
  'http://[::1]:4002',
  'http://127.1:4002',
])('given an endpoint of plain http on the loopback interface, %s, when a token is set, then both are taken', (url) => {
  const { azure } = load({ AZURE_RESOURCE_MANAGER_ENDPOINT: url, AZURE_ACCESS_TOKEN: 't' }, NONE);
  expect(azure.accessToken).toBe('t');
  expect(azure.endpoint).toMatch(/^http:\/\/[^/]+:4002$/);
});

test.each([
  ['http://azure.example.com', 't', ['AZURE_RESOURCE_MANAGER_ENDPOINT', 'AZURE_ACCESS_TOKEN']],
  ['http://127.0.0.1.example.com', undefined, ['AZURE_RESOURCE_MANAGER_ENDPOINT']],
  ['http://localhost.example.com', undefined, ['AZURE_RESOURCE_MANAGER_ENDPOINT']],
  ['http://127.0.0.1@example.com', undefined, ['AZURE_RESOURCE_MANAGER_ENDPOINT']],
  ['ftp://127.0.0.1', undefined, ['AZURE_RESOURCE_MANAGER_ENDPOINT']],
  ['http://127.0.0.1:1', undefined, ['AZURE_ACCESS_TOKEN']],
  ['https://azure.example.com', 't', ['AZURE_ACCESS_TOKEN']],
  [undefined, 't', ['AZURE_ACCESS_TOKEN']],
])('given the endpoint %s and the token %s, when settings are read, then %j is at fault', (url, token, paths) => {
  expect(pathsOf({ AZURE_RESOURCE_MANAGER_ENDPOINT: url, AZURE_ACCESS_TOKEN: token }, NONE)).toEqual(paths);
});

test.each([
  ['https://slack.example.com/api', 'https://slack.example.com/api/'],
  ['http://127.0.0.1:4001/api/', 'http://127.0.0.1:4001/api/'],
])("given Slack's address %s, when settings are read, then it ends with one slash", (address, apiUrl) => {
  expect(load({ ...SOCKET, SLACK_API_URL: address }).slack?.apiUrl).toBe(apiUrl);
});

test.each([
  ['SLACK_API_URL', 'http://slack.example.com/api/'],
  ['SLACK_APP_TOKEN', 'xoxb-1-secretsecret'],
  ['HEALTH_PORT', '65536'],
  ['HEALTH_PORT', '-1'],
  ['HEALTH_HOST', 'a b'],
  ['REDIS_URL', 'redis:'],
  ['AZURE_AUTHORITY_HOST', 'http://127.0.0.1'],
])('given %s=%s, when settings are read, then it is at fault, with a remedy', (name, value) => {
  const faults = faultsOf({ ...SOCKET, [name]: value });
  expect(faults).toMatchObject([{ path: name, remedy: expect.stringMatching(/\.$/) }]);
});

test('given blanks and line breaks around values, when settings are read, then they do not count', () => {
  const config = load({ ...SOCKET, SLACK_BOT_TOKEN: 'xoxb-1-secret\n', LOG_LEVEL: '  ', HEALTH_PORT: ' 0 ' });
  expect(config).toMatchObject({ slack: { botToken: 'xoxb-1-secret' }, logLevel: 'info', healthPort: 0 });
});

test.each([
  ['GOLDEN_CONFG', 'GOLDEN_CONFIG'],
  ['golden_config', 'GOLDEN_CONFIG'],
  ['SLACK_BTO_TOKEN', 'SLACK_BOT_TOKEN'],
  ['REDIS-URL', 'REDIS_URL'],
  ['LOG_LEVELS', 'LOG_LEVEL'],
])('given %s in the environment, when settings are read, then %s is suggested', (name, meant) => {
  expect(faultsOf({ ...SOCKET, [name]: 'x' })).toMatchObject([
    { path: name, remedy: expect.stringContaining(`Did you mean ${meant}?`) },
  ]);
});

test('given variables of others that begin like ours, when settings are read, then they do not count', () => {
  const foreign = {
    GOLDEN_PORT: 'tcp://10.0.0.1:9090',
    GOLDEN_SERVICE_HOST: '10.0.0.1',
    SLACK_API_TOKEN: 'x',
    AZURE_CLIENT_ID: 'x',
    SPORT: 'x',
  };
  expect(faultsOf({ ...SOCKET, ...foreign })).toEqual([]);
});
