import { describe, expect, test } from '@jest/globals';
import { FatalError, RetryableError } from '../../src/core/errors.ts';
import type { ChatMessage } from '../../src/ports.ts';
import { openChat } from '../../src/slack/chat.ts';
import { aPace, openRig, openServer, type Rig, SCOPES, silent } from './adapters.ts';

const MESSAGE: ChatMessage = {
  text: '3 of 5 machines are current',
  blocks: [{ type: 'section', text: { type: 'plain_text', text: 'three of five' } }],
};
const TABLE = {
  type: 'table',
  rows: [
    [
      { type: 'raw_text', text: 'Image' },
      { type: 'raw_text', text: 'VMs' },
    ],
    [
      { type: 'raw_text', text: 'ubuntu-22' },
      { type: 'raw_text', text: '7' },
    ],
  ],
};
const CHART = {
  type: 'data_visualization',
  title: 'Machines by week',
  chart: {
    type: 'line',
    series: [{ name: 'current', data: [{ label: 'W1', value: 1 }] }],
    axis_config: { categories: ['W1'], x_label: 'Week', y_label: 'Machines' },
  },
};

const CHANNEL = 'C0PAYMENTS';
const say = (rig: Rig, post: Partial<Parameters<Rig['chat']['say']>[0]> = {}) =>
  rig.chat.say({ channel: CHANNEL, message: MESSAGE, key: 'k1', ...post });
const seen = (rig: Rig, channel = CHANNEL) => rig.slack.seen('U0BOB', channel);

describe('saying', () => {
  test('given a channel, then it is said once, with its key, and nothing in it is linked or unfurled', async () => {
    await using rig = await openRig();
    const said = await say(rig);
    expect(said).toEqual({ kind: 'said', channel: CHANNEL, ts: seen(rig)[0]?.ts });
    expect(seen(rig)).toMatchObject([
      { text: MESSAGE.text, metadata: { event_type: 'golden_post', event_payload: { key: 'k1' } } },
    ]);
    expect(rig.slack.calls.find((call) => call.kind === 'api')).toMatchObject({
      args: { link_names: 'false', parse: 'none', unfurl_links: 'false', unfurl_media: 'false' },
    });
  });

  test('given a thread, then it is said there', async () => {
    await using rig = await openRig();
    const parent = await say(rig);
    const thread = parent.kind === 'said' ? parent.ts : '';
    await say(rig, { thread, key: 'k2' });
    expect(seen(rig)[1]).toMatchObject({ thread_ts: thread });
  });

  test('given a person, then it is a direct message', async () => {
    await using rig = await openRig();
    expect(await say(rig, { channel: 'U0ALICE' })).toMatchObject({ kind: 'said', channel: 'D0ALICE' });
  });

  test('given a public channel the bot is not in, then it joins and says it once', async () => {
    await using rig = await openRig();
    expect(await say(rig, { channel: 'C0RANDOM' })).toMatchObject({ kind: 'said' });
    expect([seen(rig, 'C0RANDOM').length, rig.called('conversations.join')]).toEqual([1, 1]);
  });

  test('given its turn, then all messages and those of the channel are counted', async () => {
    await using rig = await openRig();
    await say(rig);
    expect(rig.pace.reserved).toEqual([`slack:post slack:post:${CHANNEL}`]);
  });

  test('given no turn soon, then Slack is not asked', async () => {
    await using rig = await openRig({ pace: aPace(60_000) });
    expect(await say(rig)).toEqual({ kind: 'busy', waitMs: 60_000 });
    expect(rig.called('chat.postMessage')).toBe(0);
  });

  test('given a turn that comes soon, then it is waited for', async () => {
    await using rig = await openRig({ pace: aPace(20) });
    expect(await say(rig)).toMatchObject({ kind: 'said' });
  });

  test('given that it is not ours any more, then Slack is not asked', async () => {
    await using rig = await openRig();
    expect(await say(rig, { stillOurs: () => false })).toMatchObject({ kind: 'busy' });
    expect(rig.called('chat.postMessage')).toBe(0);
  });
});

describe('a Slack that refuses the richer form', () => {
  test.each([
    ['charts', ['data_visualization'], ['section', 'table']],
    ['charts and tables', ['data_visualization', 'table'], ['section', 'rich_text']],
  ])('given one that refuses %s, then they are left out and it is said once', async (_, refuseBlocks, types) => {
    await using rig = await openRig({ slack: { refuseBlocks } });
    const message = { text: MESSAGE.text, blocks: [...MESSAGE.blocks, CHART, TABLE] };
    expect(await say(rig, { message })).toMatchObject({ kind: 'said' });
    expect(seen(rig)).toHaveLength(1);
    const said = seen(rig)[0]?.blocks?.map(({ type }) => type);
    expect(said).toEqual(expect.arrayContaining(types));
    expect(said).not.toEqual(expect.arrayContaining(refuseBlocks));
  });

  test.each(['invalid_blocks', 'invalid_arguments', 'msg_blocks_too_long'])(
    'given %s for all blocks, then it is said as text',
    async (error) => {
      await using rig = await openRig();
      rig.slack.faults.plant({ kind: 'refuse', method: 'chat.postMessage', error });
      expect(await say(rig)).toMatchObject({ kind: 'said' });
      expect(seen(rig)[0]).not.toHaveProperty('blocks');
    },
  );

  test('given that not even text is taken, then it is refused, and not because of the channel', async () => {
    await using rig = await openRig();
    rig.slack.faults.plant({ kind: 'refuse', method: 'chat.postMessage', error: 'invalid_blocks', times: 9 });
    expect(await say(rig)).toMatchObject({
      kind: 'refused',
      about: 'other',
      why: expect.stringContaining('text alone'),
    });
  });
});

describe('a channel that is the trouble', () => {
  test.each([
    ['archived', 'C0OLD', 'Channel C0OLD is archived.'],
    ['not there', 'C0NOWHERE', 'The bot sees no channel C0NOWHERE.'],
    ['private and closed to the bot', 'C0RISK', 'The bot sees no channel C0RISK.'],
    ['a person who left', 'U0GONE', 'User U0GONE is deactivated.'],
    ['nobody', 'U0NOBODY', 'There is no user U0NOBODY in this workspace.'],
    ['a person of another workspace', 'U0STRANGER', 'User U0STRANGER takes no messages of the bot.'],
  ])('given one that is %s, then it is refused with what to do', async (_, channel, why) => {
    await using rig = await openRig();
    expect(await say(rig, { channel })).toEqual({ kind: 'refused', about: 'channel', why, remedy: expect.any(String) });
  });

  test.each([
    ['restricted_action', 'keeps the bot from posting'],
    ['restricted_action_read_only_channel', 'is read-only'],
    ['restricted_action_of_next_year', '(restricted_action_of_next_year)'],
    ['slack_connect_file_link_sharing_blocked', '(slack_connect_file_link_sharing_blocked)'],
  ])('given %s, then it says so in words', async (error, words) => {
    await using rig = await openRig();
    rig.slack.faults.plant({ kind: 'refuse', method: 'chat.postMessage', error });
    const said = await say(rig);
    expect(said).toMatchObject({ kind: 'refused', about: 'channel', why: expect.stringContaining(words) });
  });

  test('given a public channel and no scope to join, then the bot asks to be invited', async () => {
    await using rig = await openRig({ scopes: SCOPES.filter((scope) => scope !== 'channels:join') });
    expect(await say(rig, { channel: 'C0RANDOM' })).toMatchObject({
      kind: 'refused',
      about: 'channel',
      why: expect.stringContaining('channels:join'),
      remedy: expect.stringContaining('/invite @golden'),
    });
  });

  test.each([
    ['is private after all', 'method_not_supported_for_channel_type', 'is private'],
    ['is full', 'too_many_members', 'is full'],
    ['cannot be joined for a new reason', 'weather_is_bad', 'cannot join it by itself'],
  ])('given one to join that %s, then it is refused once', async (_, error, words) => {
    await using rig = await openRig();
    rig.slack.faults.plant({ kind: 'refuse', method: 'conversations.join', error });
    const said = await say(rig, { channel: 'C0RANDOM' });
    expect(said).toMatchObject({ kind: 'refused', about: 'channel', why: expect.stringContaining(words) });
    expect(rig.called('chat.postMessage')).toBe(1);
  });

  test('given a join that is limited, then it is busy and others wait too', async () => {
    await using rig = await openRig();
    rig.slack.faults.plant({ kind: 'rate-limit', method: 'conversations.join', retryAfterSec: 7 });
    expect(await say(rig, { channel: 'C0RANDOM' })).toEqual({ kind: 'busy', waitMs: 7_000 });
    expect(rig.pace.held).toEqual([['slack:join', 7_000]]);
  });

  test('given a join that had to wait, when it is said again, then it joins before it posts', async () => {
    await using rig = await openRig();
    rig.slack.faults.plant({ kind: 'rate-limit', method: 'conversations.join', retryAfterSec: 1 });
    expect(await say(rig, { channel: 'C0RANDOM' })).toMatchObject({ kind: 'busy' });
    expect(await say(rig, { channel: 'C0RANDOM' })).toMatchObject({ kind: 'said' });
    expect([rig.called('chat.postMessage'), rig.called('conversations.join')]).toEqual([2, 2]);
  });

  test('given a join whose answer is lost, then it is busy: nothing was said', async () => {
    await using rig = await openRig();
    rig.slack.faults.plant({ kind: 'lost-answer', method: 'conversations.join' });
    expect(await say(rig, { channel: 'C0RANDOM' })).toMatchObject({ kind: 'busy' });
  });
});

describe('Slack in trouble', () => {
  test('given 429, then nothing is said, and every replica waits as long as Slack asks', async () => {
    await using rig = await openRig();
    rig.slack.faults.plant({ kind: 'rate-limit', method: 'chat.postMessage', retryAfterSec: 30 });
    expect(await say(rig)).toEqual({ kind: 'busy', waitMs: 30_000 });
    expect([rig.pace.held, seen(rig)]).toEqual([[['slack:post', 30_000]], []]);
  });

  test.each(['ratelimited', 'rate_limited', 'team_added_to_org'])(
    'given the word %s, then it is busy',
    async (error) => {
      await using rig = await openRig();
      rig.slack.faults.plant({ kind: 'refuse', method: 'chat.postMessage', error });
      expect(await say(rig)).toMatchObject({ kind: 'busy' });
    },
  );

  test.each(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'some_new_error'])(
    'given %s after it was said, then it is unsure and not tried again',
    async (error) => {
      await using rig = await openRig();
      rig.slack.faults.plant({ kind: 'refuse-after', method: 'chat.postMessage', error });
      expect(await say(rig)).toMatchObject({ kind: 'unsure' });
      expect([seen(rig).length, rig.called('chat.postMessage')]).toEqual([1, 1]);
    },
  );

  test.each([
    ['HTTP 500 after it was said', { kind: 'refuse-after', method: 'chat.postMessage', error: 'x', status: 500 }],
    ['HTTP 503', { kind: 'http-error', method: 'chat.postMessage', status: 503 }],
    ['HTTP 408', { kind: 'http-error', method: 'chat.postMessage', status: 408 }],
    ['an answer that is lost', { kind: 'lost-answer', method: 'chat.postMessage' }],
    ['a connection that breaks', { kind: 'lost-request', method: 'chat.postMessage' }],
  ] as const)('given %s, then it is unsure and not tried again', async (_, fault) => {
    await using rig = await openRig();
    rig.slack.faults.plant(fault);
    expect(await say(rig)).toMatchObject({ kind: 'unsure' });
    expect(rig.called('chat.postMessage') + Number(fault.kind === 'lost-request')).toBeLessThanOrEqual(2);
    expect(rig.slack.faults.planted).toEqual([]);
  });

  test('given an answer that comes too late, then it is unsure', async () => {
    await using rig = await openRig({ chat: { timeoutMs: 50 } });
    rig.slack.faults.plant({ kind: 'late-answer', method: 'chat.postMessage', delayMs: 400 });
    expect(await say(rig)).toEqual({ kind: 'unsure', why: 'no answer in time' });
    expect(seen(rig)).toHaveLength(1);
  });

  test('given that nobody listens, then it is busy: the request never left', async () => {
    const server = await openServer(() => {});
    await server[Symbol.asyncDispose]();
    const chat = openChat({ botToken: 'xoxb-1', apiUrl: server.apiUrl }, { pace: aPace(), logger: silent });
    expect(await chat.say({ channel: CHANNEL, message: MESSAGE, key: 'k' })).toMatchObject({ kind: 'busy' });
  });

  test('given a name that is unknown, then it is busy: the request never left', async () => {
    const settings = { botToken: 'xoxb-1', apiUrl: 'http://slack.invalid/api/' };
    const chat = openChat(settings, { pace: aPace(), logger: silent });
    expect(await chat.say({ channel: CHANNEL, message: MESSAGE, key: 'k' })).toMatchObject({ kind: 'busy' });
  });

  test('given a server that speaks no TLS, then it is busy: the request never left', async () => {
    await using server = await openServer((_request, response) => response.end('{"ok":true}'));
    const settings = { botToken: 'xoxb-1', apiUrl: server.apiUrl.replace('http:', 'https:') };
    const chat = openChat(settings, { pace: aPace(), logger: silent });
    expect(await chat.say({ channel: CHANNEL, message: MESSAGE, key: 'k' })).toMatchObject({ kind: 'busy' });
  });

  test('given a proxy that refuses, then an error says so: it was not said', async () => {
    await using rig = await openRig();
    rig.slack.faults.plant({ kind: 'http-error', method: 'chat.postMessage', status: 403 });
    await expect(say(rig)).rejects.toThrow(RetryableError);
  });

  test.each([
    ['a page of HTML', 200, '<html>sign in</html>', { kind: 'unsure' }],
    ['nothing at all', 200, '', { kind: 'unsure' }],
    ['ok without a message', 200, '{"ok":true}', { kind: 'unsure' }],
    ['429 that names no time', 429, '{"ok":false}', { kind: 'busy', waitMs: 30_000 }],
  ])('given an answer that is %s, then it is told apart', async (_, status, body, expected) => {
    await using server = await openServer((_request, response) => response.writeHead(status).end(body));
    const chat = openChat({ botToken: 'xoxb-1', apiUrl: server.apiUrl }, { pace: aPace(), logger: silent });
    expect(await chat.say({ channel: CHANNEL, message: MESSAGE, key: 'k' })).toMatchObject(expected);
  });

  test.each([
    ['invalid_auth', 'does not know'],
    ['token_revoked', 'revoked'],
    ['account_inactive', 'deactivated'],
    ['missing_scope', 'lacks the scope chat:write'],
  ])('given %s, then whoever runs Golden is told', async (error, words) => {
    await using rig = await openRig();
    rig.slack.faults.plant({ kind: 'refuse', method: 'chat.postMessage', error, needed: 'chat:write' });
    const failed = await say(rig).catch((thrown: unknown) => thrown);
    expect(failed).toBeInstanceOf(FatalError);
    expect(failed).toMatchObject({ message: expect.stringContaining(words), hint: expect.any(String) });
  });

  test('given a word nobody knows, then it is refused: Slack says of errors alone that they may have had effects', async () => {
    await using rig = await openRig();
    rig.slack.faults.plant({ kind: 'refuse', method: 'chat.postMessage', error: 'brand_new_rule' });
    expect(await say(rig)).toMatchObject({ kind: 'refused', about: 'other' });
  });
});
