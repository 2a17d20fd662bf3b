import { describe, expect, test } from '@jest/globals';
import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import { type LocalSlack, type SlackOptions, startSlack } from '../../../sandbox/slack/server.ts';
import { clientOptions } from '../../../src/slack/call.ts';
import { sdkLogger } from '../../../src/slack/logger.ts';

interface Rig extends AsyncDisposable {
  readonly slack: LocalSlack;
  readonly client: WebClient;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const SCOPES = ['chat:write', 'channels:read', 'channels:join', 'channels:history'];

async function start(options: SlackOptions = {}): Promise<Rig> {
  const slack = await startSlack({ rateLimits: 'off', app: { scopes: SCOPES }, ...options });
  const client = new WebClient(slack.botToken, { ...clientOptions(slack.apiUrl), logger: sdkLogger(silent) });
  return { slack, client, [Symbol.asyncDispose]: () => slack.close() };
}

const refusalOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'ok',
    (error: unknown) => (error instanceof WebAPIPlatformError ? error.data : error),
  );

const metadata = { event_type: 'golden_post', event_payload: { key: 'k1' } };

describe('reading a channel back', () => {
  test.each([
    ['a public channel', 'C0PAYMENTS', [], 'channels:history'],
    ['a private channel', 'C0RISK', ['channels:history'], 'groups:history'],
    ['a direct message', 'D0ALICE', ['channels:history', 'groups:history'], 'im:history'],
  ])('given %s, when the scope for it is missing, then Slack names it', async (_, channel, granted, needed) => {
    await using rig = await start({ app: { scopes: ['chat:write', 'mpim:history', ...granted] } });
    rig.slack.state.channels.get('C0RISK')!.members.push(rig.slack.state.bot.userId);
    expect(await refusalOf(rig.client.conversations.history({ channel }))).toMatchObject({
      error: 'missing_scope',
      needed,
    });
  });

  test('given a message with metadata, when it is not asked for, then it is left out', async () => {
    await using rig = await start();
    await rig.client.chat.postMessage({ channel: 'C0PAYMENTS', text: 'a', metadata });
    const plain = await rig.client.conversations.history({ channel: 'C0PAYMENTS' });
    const whole = await rig.client.conversations.history({ channel: 'C0PAYMENTS', include_all_metadata: true });
    expect([plain.messages?.[0]?.metadata, whole.messages?.[0]?.metadata]).toEqual([undefined, metadata]);
  });

  test('given three messages, when a range is asked for, then its ends count only if they are included', async () => {
    await using rig = await start();
    const say = async (text: string) => (await rig.client.chat.postMessage({ channel: 'C0PAYMENTS', text })).ts!;
    const [oldest, , latest] = [await say('a'), await say('b'), await say('c')];
    const texts = async (inclusive: boolean) =>
      (await rig.client.conversations.history({ channel: 'C0PAYMENTS', oldest, latest, inclusive })).messages?.map(
        ({ text }) => text,
      );
    expect([await texts(false), await texts(true)]).toEqual([['b'], ['c', 'b', 'a']]);
  });

  test('given more than fits a page, when the cursor is followed, then every message comes once, newest first', async () => {
    await using rig = await start();
    for (const text of ['a', 'b', 'c']) await rig.client.chat.postMessage({ channel: 'C0PAYMENTS', text });
    const first = await rig.client.conversations.history({ channel: 'C0PAYMENTS', limit: 2 });
    const cursor = first.response_metadata?.next_cursor ?? '';
    const second = await rig.client.conversations.history({ channel: 'C0PAYMENTS', limit: 2, cursor });
    expect([first, second].map((page) => [page.messages?.map(({ text }) => text), page.has_more])).toEqual([
      [['c', 'b'], true],
      [['a'], false],
    ]);
  });

  test('given a thread, when its replies of a range are asked for, then the parent comes first all the same', async () => {
    await using rig = await start();
    const post = async (text: string, thread_ts?: string) =>
      (await rig.client.chat.postMessage({ channel: 'C0PAYMENTS', text, ...(thread_ts && { thread_ts }) })).ts!;
    const ts = await post('parent');
    const first = await post('one', ts);
    await post('two', ts);
    const { messages } = await rig.client.conversations.replies({ channel: 'C0PAYMENTS', ts, oldest: first });
    expect(messages?.map(({ text }) => text)).toEqual(['parent', 'two']);
    expect(messages?.[0]).toMatchObject({ thread_ts: ts, reply_count: 2 });
  });

  test.each([
    ['an oldest that is no time', { oldest: 'yesterday' }, 'invalid_ts_oldest'],
    ['a limit beyond 999', { limit: 1_000 }, 'invalid_limit'],
  ])('given %s, then it is refused', async (_, range, error) => {
    await using rig = await start();
    const asked = rig.client.conversations.history({ channel: 'C0PAYMENTS', ...range });
    expect(await refusalOf(asked)).toMatchObject({ error });
  });
});

describe('joining', () => {
  test.each([
    ['an archived channel', 'C0OLD', 'is_archived'],
    ['a private channel it is in', 'C0RISK', 'method_not_supported_for_channel_type'],
    ['a channel that is not there', 'C0NOWHERE', 'channel_not_found'],
  ])('given %s, when the app joins, then Slack refuses', async (_, channel, error) => {
    await using rig = await start();
    rig.slack.state.channels.get('C0RISK')!.members.push(rig.slack.state.bot.userId);
    expect(await refusalOf(rig.client.conversations.join({ channel }))).toMatchObject({ error });
  });
});

describe('calls that go wrong', () => {
  const post = (rig: Rig) => refusalOf(rig.client.chat.postMessage({ channel: 'C0PAYMENTS', text: 'a' }));
  const said = (rig: Rig) => rig.slack.seen('U0ALICE', 'C0PAYMENTS').length;

  test('given a request lost on the way, when the app posts, then nothing is said', async () => {
    await using rig = await start();
    rig.slack.faults.plant({ kind: 'lost-request', method: 'chat.postMessage', channel: 'C0PAYMENTS' });
    expect(await post(rig)).toMatchObject({ code: 'slack_webapi_request_error' });
    expect(said(rig)).toBe(0);
  });

  test('given an error after the deed, when the app posts, then it is refused and said', async () => {
    await using rig = await start();
    rig.slack.faults.plant({ kind: 'refuse-after', method: 'chat.postMessage', error: 'internal_error' });
    expect(await post(rig)).toMatchObject({ error: 'internal_error' });
    expect(said(rig)).toBe(1);
  });

  test('given an answer that comes late, when the app posts, then it is said at once', async () => {
    await using rig = await start();
    rig.slack.faults.plant({ kind: 'late-answer', method: 'chat.postMessage', delayMs: 150 });
    let answered = false;
    const posting = post(rig).finally(() => {
      answered = true;
    });
    await rig.slack.waitFor(() => said(rig) === 1);
    expect(answered).toBe(false);
    await posting;
  });

  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('given a hook that drops the connection %s the call, then %i messages are said', async (at, messages) => {
    const phases: string[] = [];
    await using rig = await start({
      onCall: (phase, method) => {
        phases.push(`${phase} ${method}`);
        return phase === at ? 'drop' : 'go';
      },
    });
    expect(await post(rig)).toMatchObject({ code: 'slack_webapi_request_error' });
    expect([said(rig), phases.at(-1)]).toEqual([messages, `${at} chat.postMessage`]);
  });

  test('given a limit for the whole workspace, when many channels are posted to, then the one too many waits', async () => {
    await using rig = await start({ rateLimits: 'slack', postsPerMinute: 2, now: () => 1_800_000_000_000 });
    const channels = ['C0PAYMENTS', 'C0CHECKOUT', 'C0PLATFORM'];
    const outcomes = await Promise.allSettled(
      channels.map((channel) => rig.client.chat.postMessage({ channel, text: 'a' })),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(outcomes[2]).toMatchObject({ reason: { retryAfter: 30 } });
  });
});
