import { expect, test } from '@jest/globals';
import { ErrorCode, WebAPIPlatformError, WebAPIRateLimitedError, WebClient } from '@slack/web-api';
import { type LocalSlack, type SlackOptions, startSlack } from '../../../sandbox/slack/server.ts';

interface Rig extends AsyncDisposable {
  slack: LocalSlack;
  client: WebClient;
}

async function start(options: SlackOptions = {}): Promise<Rig> {
  const slack = await startSlack(options);
  const quiet = {
    debug() {},
    info() {},
    warn() {},
    error() {},
    setLevel() {},
    getLevel: () => 'error' as never,
    setName() {},
  };
  const client = new WebClient(slack.botToken, {
    slackApiUrl: slack.apiUrl,
    logger: quiet,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
  });
  return { slack, client, [Symbol.asyncDispose]: () => slack.close() };
}

const errorOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call;
    return 'ok';
  } catch (error) {
    return error instanceof WebAPIPlatformError ? error.data.error : String((error as { code?: string }).code ?? error);
  }
};

test.each([
  ['an unknown channel', 'C0NOWHERE', 'channel_not_found'],
  ['a public channel it is not in', 'C0RANDOM', 'not_in_channel'],
  ['a private channel it is not in', 'C0RISK', 'channel_not_found'],
  ['an archived channel', 'C0OLD', 'is_archived'],
  ['a team channel', 'C0PAYMENTS', 'ok'],
  ['a person', 'U0ALICE', 'ok'],
])('given %s, when the app posts there, then Slack answers as documented', async (_, channel, expected) => {
  await using rig = await start();
  expect(await errorOf(rig.client.chat.postMessage({ channel, text: 'Hello' }))).toBe(expected);
});

test.each([
  ['no text', { text: '' }, 'no_text'],
  [
    'a faulty block',
    { text: 'a', blocks: [{ type: 'header', text: { type: 'plain_text', text: '' } }] },
    'invalid_blocks',
  ],
])('given %s, then the message is refused', async (_, content, expected) => {
  await using rig = await start();
  expect(await errorOf(rig.client.chat.postMessage({ channel: 'C0PAYMENTS', ...content }))).toBe(expected);
});

test('given a wrong token, an unknown method and a scope that is not granted, then each has its own error', async () => {
  await using rig = await start({ app: { scopes: ['chat:write'] } });
  const stranger = new WebClient('xoxb-wrong', { slackApiUrl: rig.slack.apiUrl });

  expect(await errorOf(stranger.auth.test())).toBe('invalid_auth');
  expect(await errorOf(rig.client.apiCall('chat.shout'))).toBe('unknown_method');
  await expect(rig.client.users.info({ user: 'U0BOB' })).rejects.toMatchObject({
    data: { error: 'missing_scope', needed: 'users:read', provided: 'chat:write' },
  });
});

test('given a message of blocks, when only text is updated, then the blocks are gone and it counts as edited', async () => {
  await using rig = await start();
  const blocks = [{ type: 'divider' }];
  const { ts } = await rig.client.chat.postMessage({ channel: 'C0PAYMENTS', text: 'first', blocks });

  await rig.client.chat.update({ channel: 'C0PAYMENTS', ts: String(ts), text: 'second' });

  const [message] = rig.slack.seen('U0BOB', 'C0PAYMENTS');
  expect(message).toMatchObject({ text: 'second', edited: { user: 'U0GOLDEN' } });
  expect(message?.blocks).toBeUndefined();
});

test('given an ephemeral message, when the app updates it by its ts, then there is no such message', async () => {
  await using rig = await start();
  const { message_ts } = await rig.client.chat.postEphemeral({ channel: 'C0PAYMENTS', user: 'U0ALICE', text: 'psst' });

  const update = rig.client.chat.update({ channel: 'C0PAYMENTS', ts: String(message_ts), text: 'louder' });

  expect(await errorOf(update)).toBe('message_not_found');
});

test('given a burst beyond what a channel takes, then Slack answers 429 with the seconds to wait', async () => {
  await using rig = await start({ now: () => 1_800_000_000_000 });
  const posts = Array.from({ length: 11 }, () => rig.client.chat.postMessage({ channel: 'C0PAYMENTS', text: 'again' }));

  const outcomes = await Promise.allSettled(posts);

  const refused = outcomes.filter((o) => o.status === 'rejected').map((o) => o.reason);
  expect(refused).toHaveLength(1);
  expect(refused[0]).toBeInstanceOf(WebAPIRateLimitedError);
  expect(refused[0]).toMatchObject({ retryAfter: 1 });
});

test('given an answer lost on the way, when the app posts, then it sees a failure and the message is there', async () => {
  await using rig = await start();
  rig.slack.faults.plant({ kind: 'lost-answer', method: 'chat.postMessage' });

  const outcome = await errorOf(rig.client.chat.postMessage({ channel: 'C0PAYMENTS', text: 'done' }));

  expect(outcome).toBe(ErrorCode.RequestError);
  expect(rig.slack.seen('U0BOB', 'C0PAYMENTS')).toMatchObject([{ text: 'done' }]);
});

test('given a planted refusal for one channel, then it hits that channel once', async () => {
  await using rig = await start();
  rig.slack.faults.plant({
    kind: 'refuse',
    method: 'chat.postMessage',
    error: 'restricted_action',
    channel: 'C0CHECKOUT',
  });
  const post = (channel: string) => errorOf(rig.client.chat.postMessage({ channel, text: 'a' }));

  expect([await post('C0PAYMENTS'), await post('C0CHECKOUT'), await post('C0CHECKOUT')]).toEqual([
    'ok',
    'restricted_action',
    'ok',
  ]);
});

test('given a file, when it is uploaded in three steps, then it has its type only after it was processed', async () => {
  let now = 1_800_000_000_000;
  await using rig = await start({ now: () => now });
  const uploaded = await rig.client.filesUploadV2({
    file: Buffer.from('picture'),
    filename: 'trend.png',
    title: 'Trend',
  });
  const id = String(uploaded.files[0]?.files?.[0]?.id);
  const before = await rig.client.files.info({ file: id });
  const early = await errorOf(rig.client.chat.postMessage({ channel: 'C0PAYMENTS', text: 'a', blocks: [image(id)] }));

  now += 1_000;

  expect([before.file?.mimetype, early]).toEqual(['', 'invalid_blocks']);
  expect((await rig.client.files.info({ file: id })).file?.mimetype).toBe('image/png');
  expect(await errorOf(rig.client.chat.postMessage({ channel: 'C0PAYMENTS', text: 'a', blocks: [image(id)] }))).toBe(
    'ok',
  );
});

const image = (id: string) => ({ type: 'image', alt_text: 'Trend', slack_file: { id } });

test('given a trigger, when it is used twice or too late, then the modal does not open', async () => {
  let now = 1_800_000_000_000;
  await using rig = await start({ now: () => now, ackTimeoutMs: 1 });
  const view = { type: 'modal' as const, title: { type: 'plain_text' as const, text: 'Hi' }, blocks: [] };
  const open = (trigger_id: string) => errorOf(rig.client.views.open({ trigger_id, view }));
  const first = await rig.slack.slash({ user: 'U0ALICE', channel: 'C0PAYMENTS', text: '' });
  const second = await rig.slack.slash({ user: 'U0ALICE', channel: 'C0PAYMENTS', text: '' });

  const outcomes = [await open(first.triggerId), await open(first.triggerId)];
  now += 3_001;

  expect([...outcomes, await open(second.triggerId)]).toEqual(['ok', 'exchanged_trigger_id', 'expired_trigger_id']);
});
