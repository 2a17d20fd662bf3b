import { expect, test } from '@jest/globals';
import { startSlack } from '../../../sandbox/slack/server.ts';

const post = async (url: string, body: unknown): Promise<{ status: number; text: string }> => {
  const response = await fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  return { status: response.status, text: await response.text() };
};

async function start() {
  let now = 1_800_000_000_000;
  const slack = await startSlack({ now: () => now, ackTimeoutMs: 1 });
  const { responseUrl } = await slack.slash({ user: 'U0ALICE', channel: 'C0PAYMENTS', text: 'help' });
  const later = (ms: number) => {
    now += ms;
  };
  const answers = () => slack.seen('U0ALICE', 'C0PAYMENTS').filter((m) => !m.fromSlack);
  return { slack, responseUrl, later, answers, [Symbol.asyncDispose]: () => slack.close() };
}

test('given a response URL, when it is used a sixth time, then it is used up', async () => {
  await using rig = await start();
  const statuses: number[] = [];
  for (let use = 1; use <= 6; use += 1) statuses.push((await post(rig.responseUrl, { text: `${use}` })).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
});

test('given a response URL, when half an hour has passed, then it is expired', async () => {
  await using rig = await start();
  rig.later(30 * 60_000);
  const atTheEdge = await post(rig.responseUrl, { text: 'still' });
  rig.later(1);
  const beyond = await post(rig.responseUrl, { text: 'late' });
  expect(atTheEdge.status).toBe(200);
  expect(beyond).toEqual({ status: 404, text: '{"ok":false,"error":"expired_url"}' });
});

test('given an answer in the channel, then everybody sees it; without response_type only the asker does', async () => {
  await using rig = await start();
  await post(rig.responseUrl, { text: 'to you' });
  await post(rig.responseUrl, { text: 'to all', response_type: 'in_channel' });
  expect(rig.answers().map((m) => m.text)).toEqual(['to you', 'to all']);
  expect(rig.slack.seen('U0BOB', 'C0PAYMENTS').map((m) => m.text)).toEqual(['to all']);
});

test('given a button in an ephemeral message, when its URL replaces and then deletes, then the same message changes and goes', async () => {
  await using rig = await start();
  const button = { type: 'button', action_id: 'more', text: { type: 'plain_text', text: 'More' } };
  await post(rig.responseUrl, { text: 'first', blocks: [{ type: 'actions', elements: [button] }] });
  const ephemeralId = rig.answers()[0]?.ts ?? '';
  const { responseUrl } = await rig.slack.click({ user: 'U0ALICE', ephemeralId, actionId: 'more' });

  await post(responseUrl, { text: 'second', replace_original: true });
  const replaced = rig.answers();
  await post(responseUrl, { delete_original: true });

  expect(replaced).toMatchObject([{ ts: ephemeralId, text: 'second', ephemeralTo: 'U0ALICE' }]);
  expect(rig.answers()).toEqual([]);
});

test.each([
  ['nothing to say', {}, 'no_text'],
  ['a faulty block', { blocks: [{ type: 'banner' }] }, 'invalid_blocks'],
  ['an unknown field', { text: 'a', colour: 'red' }, 'invalid_payload'],
])('given %s, then the body is refused and no use is spent', async (_, body, error) => {
  await using rig = await start();
  const refused = await post(rig.responseUrl, body);
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(refused.text).toContain(error);
  expect(rig.answers()).toEqual([]);
});

test('given a planted failure, then one POST fails and the next one works', async () => {
  await using rig = await start();
  rig.slack.faults.plant({ kind: 'response-url', status: 500 });
  expect([
    (await post(rig.responseUrl, { text: 'a' })).status,
    (await post(rig.responseUrl, { text: 'b' })).status,
  ]).toEqual([500, 200]);
});
