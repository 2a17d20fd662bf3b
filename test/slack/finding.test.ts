import { describe, expect, test } from '@jest/globals';
import { FatalError } from '../../src/core/errors.ts';
import { openChat } from '../../src/slack/chat.ts';
import { aPace, openRig, openServer, type Rig, type RigOptions, SCOPES, silent } from './adapters.ts';

const CHANNEL = 'C0PAYMENTS';
const MESSAGE = { text: 'Hello', blocks: [] };

const say = async (rig: Rig, key: string, place: { channel?: string; thread?: string } = {}): Promise<string> => {
  const said = await rig.chat.say({ channel: CHANNEL, message: MESSAGE, key, ...place });
  if (said.kind !== 'said') throw new Error(`not said: ${said.kind}`);
  return said.ts;
};

const find = (rig: Rig, key: string, place: { channel?: string; thread?: string; sinceMs?: number } = {}) =>
  rig.chat.find({ channel: CHANNEL, key, sinceMs: Date.now(), ...place });

const noise = (rig: Rig, messages: number): void => {
  for (let i = 0; i < messages; i += 1) rig.slack.say({ user: 'U0BOB', channel: CHANNEL, text: `message ${i}` });
};

describe('looking for what was said', () => {
  test('given that it is there, then it is found', async () => {
    await using rig = await openRig();
    const ts = await say(rig, 'k1');
    await say(rig, 'k2');
    expect(await find(rig, 'k1')).toEqual({ kind: 'found', channel: CHANNEL, ts });
  });

  test('given that its answer was lost, then it is found', async () => {
    await using rig = await openRig();
    rig.slack.faults.plant({ kind: 'lost-answer', method: 'chat.postMessage' });
    await rig.chat.say({ channel: CHANNEL, message: MESSAGE, key: 'k1' });
    expect(await find(rig, 'k1')).toMatchObject({ kind: 'found' });
  });

  test('given that it is not there, then it is absent', async () => {
    await using rig = await openRig();
    await say(rig, 'k2');
    expect(await find(rig, 'k1')).toEqual({ kind: 'absent' });
  });

  test('given a reply, then it is found in its thread alone', async () => {
    await using rig = await openRig();
    const thread = await say(rig, 'k1');
    const ts = await say(rig, 'k2', { thread });
    expect(await find(rig, 'k2', { thread })).toEqual({ kind: 'found', channel: CHANNEL, ts });
    expect(await find(rig, 'k2')).toEqual({ kind: 'absent' });
  });

  test('given more messages than a page holds, then every page is read', async () => {
    await using rig = await openRig();
    const ts = await say(rig, 'k1');
    noise(rig, 450);
    expect(await find(rig, 'k1')).toEqual({ kind: 'found', channel: CHANNEL, ts });
    expect(await find(rig, 'k2')).toEqual({ kind: 'absent' });
    expect(rig.called('conversations.history')).toBe(6);
  });

  test('given more messages than are read, then it is never called absent', async () => {
    await using rig = await openRig();
    noise(rig, 10_001);
    expect(await find(rig, 'k1')).toEqual({ kind: 'unreadable' });
  });

  test('given one from before the time, then it is not looked at', async () => {
    let now = 1_800_000_000_000;
    await using rig = await openRig({ slack: { now: () => now } });
    await say(rig, 'k1');
    now += 120_000;
    expect(await find(rig, 'k1', { sinceMs: now })).toEqual({ kind: 'absent' });
  });

  test('given a clock of ours that is half a minute ahead of Slack’s, then it is found all the same', async () => {
    await using rig = await openRig({ slack: { now: () => 1_800_000_000_000 } });
    await say(rig, 'k1');
    expect(await find(rig, 'k1', { sinceMs: 1_800_000_030_000 })).toMatchObject({ kind: 'found' });
  });

  test('given somebody else’s message with our key, then it is not ours', async () => {
    await using rig = await openRig();
    await say(rig, 'k1');
    Object.assign(rig.slack.state.messages[0]!, { bot_id: 'B0OTHER', user: 'U0OTHER' });
    expect(await find(rig, 'k1')).toEqual({ kind: 'absent' });
  });

  test('given a public channel that the bot was taken out of, then it joins and looks', async () => {
    await using rig = await openRig();
    await say(rig, 'k1');
    const channel = rig.slack.state.channels.get(CHANNEL)!;
    channel.members = channel.members.filter((member) => member !== rig.slack.state.bot.userId);
    expect(await find(rig, 'k1')).toMatchObject({ kind: 'found' });
  });
});

describe('where the bot may not look', () => {
  test.each<[string, RigOptions, string]>([
    ['no history scope', { scopes: SCOPES.filter((scope) => !scope.endsWith(':history')) }, CHANNEL],
    ['the scope for public channels alone', { scopes: SCOPES.filter((scope) => scope !== 'groups:history') }, 'C0RISK'],
    ['a direct message', {}, 'D0ALICE'],
    ['a person’s id', {}, 'U0ALICE'],
    ['a channel that is gone', {}, 'C0NOWHERE'],
  ])('given %s, then it is unreadable', async (_, options, channel) => {
    await using rig = await openRig(options);
    rig.slack.state.channels.get('C0RISK')!.members.push(rig.slack.state.bot.userId);
    expect(await find(rig, 'k1', { channel })).toEqual({ kind: 'unreadable' });
  });

  test('given a thread whose first message is gone, then it is unreadable', async () => {
    await using rig = await openRig();
    expect(await find(rig, 'k1', { thread: '1700000000.000000' })).toEqual({ kind: 'unreadable' });
  });

  test('given a public channel that cannot be joined any more, then it is unreadable', async () => {
    await using rig = await openRig();
    rig.slack.faults.plant({ kind: 'refuse', method: 'conversations.join', error: 'is_archived' });
    expect(await find(rig, 'k1', { channel: 'C0RANDOM' })).toEqual({ kind: 'unreadable' });
  });
});

describe('when Slack cannot say', () => {
  test('given 429 on the second page, then it is busy, and every replica waits', async () => {
    await using rig = await openRig();
    noise(rig, 250);
    rig.slack.faults.plant({ kind: 'delay', method: 'conversations.history', delayMs: 0 });
    const counting = { now: 0 };
    const pace = {
      ...rig.pace,
      reserve: async () => {
        counting.now += 1;
        if (counting.now === 2)
          rig.slack.faults.plant({ kind: 'rate-limit', method: 'conversations.history', retryAfterSec: 12 });
        return 0;
      },
    };
    const chat = openChat(rig.slack, { pace, logger: silent });
    expect(await chat.find({ channel: CHANNEL, key: 'k1', sinceMs: Date.now() })).toEqual({
      kind: 'busy',
      waitMs: 12_000,
    });
    expect(rig.pace.held).toEqual([['slack:history', 12_000]]);
  });

  test.each([
    ['an internal error', { kind: 'refuse', method: 'conversations.history', error: 'internal_error' }],
    ['HTTP 502', { kind: 'http-error', method: 'conversations.history', status: 502 }],
    ['a lost answer', { kind: 'lost-answer', method: 'conversations.history' }],
    ['a word nobody knows', { kind: 'refuse', method: 'conversations.history', error: 'brand_new_rule' }],
    ['that it does not say who we are', { kind: 'http-error', method: 'auth.test', status: 500 }],
  ] as const)('given %s, then it is busy, and absent or found after it', async (_, fault) => {
    await using rig = await openRig();
    rig.slack.faults.plant(fault);
    expect(await find(rig, 'k1')).toMatchObject({ kind: 'busy' });
    expect(await find(rig, 'k1')).toEqual({ kind: 'absent' });
  });

  test('given no turn soon, then it is busy', async () => {
    await using rig = await openRig({ pace: aPace(45_000) });
    expect(await find(rig, 'k1')).toEqual({ kind: 'busy', waitMs: 45_000 });
  });

  test('given a revoked token, then whoever runs Golden is told', async () => {
    await using rig = await openRig();
    rig.slack.faults.plant({ kind: 'refuse', method: 'conversations.history', error: 'token_revoked' });
    await expect(find(rig, 'k1')).rejects.toThrow(FatalError);
  });

  test.each([
    ['more than it gave, and no way to ask for it', '{"ok":true,"messages":[],"has_more":true}'],
    ['ok and nothing else', '{"ok":true,"bot_id":"B1","user_id":"U1","team_id":"T1"}'],
  ])('given an answer that says %s, then it is not absent', async (_, body) => {
    await using server = await openServer((_request, response) => response.writeHead(200).end(body));
    const chat = openChat({ botToken: 'xoxb-1', apiUrl: server.apiUrl }, { pace: aPace(), logger: silent });
    expect(await chat.find({ channel: CHANNEL, key: 'k', sinceMs: 0 })).toEqual({ kind: 'unreadable' });
  });
});
