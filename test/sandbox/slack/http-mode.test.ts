import { expect, test } from '@jest/globals';
import { inHttpMode } from './bolt-app.ts';

test('given a bot behind HTTP, when a user types a command, then the signature is accepted and the ack is the answer', async () => {
  await using rig = await inHttpMode((app) =>
    app.command('/golden', async ({ ack, command }) => ack(`Hello ${command.user_name}`)),
  );

  const { ack } = await rig.slack.slash({ user: 'U0BOB', channel: 'C0PLATFORM', text: 'help' });

  expect(ack.acked).toBe(true);
  expect(rig.slack.seen('U0BOB', 'C0PLATFORM')).toMatchObject([{ text: 'Hello bob', ephemeralTo: 'U0BOB' }]);
});

test('given the wrong signing secret, when a payload arrives, then Bolt refuses it and the user reads of it', async () => {
  await using rig = await inHttpMode((app) => app.command('/golden', async ({ ack }) => ack('never')));
  await using other = await inHttpMode(() => {}, { signingSecret: 'another-secret' });
  other.slack.setRequestUrl(`http://127.0.0.1:${rig.port}/slack/events`);

  const { ack } = await other.slack.slash({ user: 'U0BOB', channel: 'C0PLATFORM', text: 'help' });

  expect(ack).toMatchObject({ acked: false, error: 'http_service_error' });
  expect(other.slack.seen('U0BOB', 'C0PLATFORM').at(-1)?.text).toBe(
    '/golden failed with the error "http_service_error"',
  );
});

test('given an event the app does not take at first, then it is sent again with the retry headers', async () => {
  const retries: unknown[] = [];
  await using rig = await inHttpMode(
    (app) => {
      app.event('app_home_opened', async ({ context }) => {
        retries.push(context.retryNum);
      });
    },
    { eventRetryDelaysMs: [0] },
  );
  const address = `http://127.0.0.1:${rig.port}/slack/events`;
  rig.slack.setRequestUrl('http://127.0.0.1:9/slack/events');
  const first = await rig.slack.openHome('U0ALICE');
  rig.slack.setRequestUrl(address);
  await rig.slack.waitFor(() => retries.length > 0);

  expect(first).toMatchObject({ acked: false, error: 'dispatch_failed' });
  expect(retries).toEqual([1]);
});
