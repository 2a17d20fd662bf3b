import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ALICE, CHANNEL, inWorld, until } from './world.ts';

describe('who may ask', () => {
  const body = new URLSearchParams({
    command: '/golden',
    text: 'status team-x',
    team_id: 'T0GOLDEN',
    user_id: ALICE,
    channel_id: CHANNEL,
    trigger_id: 'forged.1',
    response_url: 'http://127.0.0.1:9/none',
  }).toString();

  test.each<{ what: string; secret?: string; ageSec?: number; status: number }>([
    { what: 'signed with another secret', secret: 'wrong', status: 401 },
    { what: 'six minutes old', ageSec: 360, status: 401 },
    { what: 'six minutes from the future', ageSec: -360, status: 401 },
    { what: 'signed just now', status: 200 },
  ])('given a request $what, when it comes in, then the answer is $status', ({ secret, ageSec = 0, status }) =>
    inWorld({ mode: 'http' }, async (world) => {
      const timestamp = String(Math.floor(Date.now() / 1000) - ageSec);
      const key = secret ?? world.slack.signingSecret;
      const signature = `v0=${createHmac('sha256', key).update(`v0:${timestamp}:${body}`).digest('hex')}`;
      const response = await fetch(`http://127.0.0.1:${world.bot.port}/slack/events`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': signature,
        },
      });
      expect(response.status).toBe(status);
      if (status === 401) expect(world.counted).toEqual([]);
      else await until(() => world.counted.length === 1);
    }),
  );

  test('given somebody of another workspace, when they click in a shared channel, then they learn nothing', () =>
    inWorld({}, async (world) => {
      const mine = await world.ask('status team-x');
      await world.slack.click({ user: ALICE, ephemeralId: mine.ts, actionId: 'golden:share' });
      await world.slack.waitFor(() => world.last('U0STRANGER'), { what: 'the shared answer' });
      await until(() => world.counted.length === 2);
      await world.slack.click({
        user: 'U0STRANGER',
        messageTs: world.last('U0STRANGER')!.ts,
        actionId: 'golden:run:list',
      });
      await world.slack.waitFor(() => world.last('U0STRANGER')?.text.includes('my own workspace'), {
        what: 'a refusal',
      });
      expect(world.counted).toEqual(['status answered', 'status answered']);
    }));
});
