import { expect, test } from '@jest/globals';
import type { App } from '@slack/bolt';
import { startSlack } from '../../../sandbox/slack/server.ts';
import { connect, inSocketMode } from './bolt-app.ts';

test('given a bot in Socket Mode, when a user types a command, then the ack arrives and the answer is theirs alone', async () => {
  await using rig = await inSocketMode((app) => {
    app.command('/golden', async ({ ack, respond, command }) => {
      await ack();
      await respond(`You asked for ${command.text}`);
    });
  });

  const { ack } = await rig.slack.slash({ user: 'U0ALICE', channel: 'C0PAYMENTS', text: 'status payments' });
  const answer = await rig.slack.waitFor(() => rig.slack.seen('U0ALICE', 'C0PAYMENTS').at(-1));

  expect(ack).toMatchObject({ acked: true });
  expect(answer).toMatchObject({ text: 'You asked for status payments', ephemeralTo: 'U0ALICE' });
  expect(rig.slack.seen('U0BOB', 'C0PAYMENTS')).toEqual([]);
});

test('given an app that never acknowledges, when the time is over, then the user reads of a timeout', async () => {
  await using rig = await inSocketMode((app) => app.command('/golden', async () => {}), { ackTimeoutMs: 50 });

  await rig.slack.slash({ user: 'U0ALICE', channel: 'C0PAYMENTS', text: 'help' });

  expect(rig.slack.seen('U0ALICE', 'C0PAYMENTS').at(-1)?.text).toBe(
    '/golden failed with the error "operation_timeout"',
  );
});

test('given no connection, when a user types a command, then it fails at once', async () => {
  const slack = await startSlack();

  const { ack } = await slack.slash({ user: 'U0ALICE', channel: 'C0PAYMENTS', text: 'help' });
  await slack.close();

  expect(ack).toMatchObject({ acked: false, error: 'dispatch_failed' });
});

test('given two connections, when commands come in turn, then each payload reaches one of them', async () => {
  const seen: string[] = [];
  const wire = (app: App) =>
    app.command('/golden', async ({ ack, command }) => {
      seen.push(command.text);
      await ack();
    });
  await using rig = await inSocketMode(wire);
  const second = await connect(rig.slack, wire);
  for (const text of ['a', 'b', 'c', 'd']) await rig.slack.slash({ user: 'U0ALICE', channel: 'C0PAYMENTS', text });
  await second.stop();

  const connections = rig.slack.calls.flatMap((call) => (call.kind === 'ack' ? [call.connection] : []));
  expect(seen).toEqual(['a', 'b', 'c', 'd']);
  expect(new Set(connections).size).toBe(2);
});

test('given a payload delivered twice, then the app sees the same trigger in two envelopes', async () => {
  const triggers: string[] = [];
  await using rig = await inSocketMode((app) => {
    app.command('/golden', async ({ ack, command }) => {
      triggers.push(command.trigger_id);
      await ack();
    });
  });
  const { envelope } = await rig.slack.slash({ user: 'U0ALICE', channel: 'C0PAYMENTS', text: 'rebuild' });

  await rig.slack.duplicate(envelope);
  await rig.slack.waitFor(() => triggers.length === 2);

  expect(new Set(triggers).size).toBe(1);
});

test('given a card with a button, when it is clicked, then the payload names message, value and user', async () => {
  const clicks: unknown[] = [];
  await using rig = await inSocketMode((app) => {
    app.action('approve', async ({ ack, body }) => {
      await ack();
      clicks.push(body);
    });
  });
  const blocks = [
    {
      type: 'actions',
      elements: [{ type: 'button', action_id: 'approve', text: { type: 'plain_text', text: 'Approve' }, value: 'a-1' }],
    },
  ];
  const posted = await rig.app.client.chat.postMessage({ channel: 'C0PAYMENTS', text: 'Approve?', blocks });

  await rig.slack.click({ user: 'U0BOB', messageTs: String(posted.ts), actionId: 'approve' });

  expect(clicks).toMatchObject([
    {
      user: { id: 'U0BOB' },
      message: { ts: posted.ts },
      actions: [{ value: 'a-1', type: 'button' }],
      container: { is_ephemeral: false },
    },
  ]);
});

test('given a command that opens a modal, when it is filled in and submitted, then the app gets the values and it closes', async () => {
  const values: unknown[] = [];
  await using rig = await inSocketMode((app) => {
    app.command('/golden', async ({ ack, body, client }) => {
      await ack();
      await client.views.open({ trigger_id: body.trigger_id, view: reasonModal });
    });
    app.view('reason', async ({ ack, view }) => {
      await ack();
      values.push(view.state.values.why?.text?.value);
    });
  });
  await rig.slack.slash({ user: 'U0BOB', channel: 'C0PAYMENTS', text: 'deny' });
  await rig.slack.waitFor(() => rig.slack.state.modals.get('U0BOB')?.length === 1);

  const empty = await rig.slack.submitView({ user: 'U0BOB' });
  await rig.slack.submitView({ user: 'U0BOB', values: { text: 'Too late in the year' } });

  expect(empty).toEqual({ errors: { why: 'Please complete this required field.' } });
  expect(values).toEqual(['Too late in the year']);
  expect(rig.slack.state.modals.get('U0BOB')).toEqual([]);
});

const reasonModal = {
  type: 'modal' as const,
  callback_id: 'reason',
  title: { type: 'plain_text' as const, text: 'Reason' },
  submit: { type: 'plain_text' as const, text: 'Send' },
  blocks: [
    {
      type: 'input',
      block_id: 'why',
      label: { type: 'plain_text', text: 'Why?' },
      element: { type: 'plain_text_input', action_id: 'text' },
    },
  ],
};
