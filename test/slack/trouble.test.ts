import { describe, expect, test } from '@jest/globals';
import { ALICE, CHANNEL, inWorld, readable, until } from './world.ts';

describe('a Slack in trouble', () => {
  test('given a response URL that fails, when it is answered, then the answer comes another way', () =>
    inWorld(
      { prepare: (slack) => slack.faults.plant({ kind: 'response-url', status: 500, times: 5 }) },
      async (world) => {
        const answer = await world.ask('status team-x');
        expect(answer.ephemeralTo).toBe(ALICE);
        expect(answer.text).toContain('78 %');
      },
    ));

  test('given no way to answer at all, then it is logged and the next question is answered', () =>
    inWorld({}, async (world) => {
      world.slack.faults.plant({ kind: 'response-url', status: 500 });
      world.slack.faults.plant({ kind: 'refuse', method: 'chat.postEphemeral', error: 'user_not_in_channel' });
      await world.slack.slash({ user: ALICE, channel: CHANNEL, text: 'status team-x' });
      await until(() =>
        world.log.some(
          ({ message, fields }) =>
            message === 'an answer could not be said' && fields.refusal === 'user_not_in_channel',
        ),
      );
      expect((await world.ask('status team-x')).text).toContain('78 %');
    }));

  test('given a storm of 429, when the answer is said, then it arrives after as long as Slack asks for', () =>
    inWorld({}, async (world) => {
      world.slack.faults.plant({ kind: 'response-url', status: 500 });
      world.slack.faults.plant({ kind: 'rate-limit', method: 'chat.postEphemeral', retryAfterSec: 1, times: 2 });
      const started = performance.now();
      expect((await world.ask('status team-x')).text).toContain('78 %');
      expect(performance.now() - started).toBeGreaterThan(1_900);
    }));

  test('given one answer that waits for Slack, when another is asked meanwhile, then that one does not wait', () =>
    inWorld({}, async (world) => {
      world.slack.faults.plant({ kind: 'response-url', status: 500 });
      world.slack.faults.plant({ kind: 'rate-limit', method: 'chat.postEphemeral', retryAfterSec: 3 });
      await world.slack.slash({ user: ALICE, channel: CHANNEL, text: 'status team-x' });
      await until(() => world.log.some(({ message }) => message === 'Slack is busy; the call waits'));
      const started = performance.now();
      await world.slack.openHome(ALICE);
      await world.slack.waitFor(() => world.slack.state.homes.size > 0, { what: 'the Home tab' });
      expect(performance.now() - started).toBeLessThan(1_500);
    }));

  test('given a workspace without tables, when a list is asked, then it comes as lines', () =>
    inWorld({ slack: { refuseBlocks: ['table'] } }, async (world) => {
      const list = await world.ask('list team-x');
      expect(list.blocks?.some(({ type }) => type === 'rich_text')).toBe(true);
      expect(readable(list)).toContain('web-01');
    }));

  test.each(['refresh_requested', 'abrupt'] as const)(
    'given a socket that goes (%s), when it is back, then questions are answered',
    (reason) =>
      inWorld({}, async (world) => {
        const connected = () => world.log.filter(({ message }) => message === 'connected to Slack').length;
        expect(connected()).toBe(1);
        world.slack.dropSockets(reason);
        await until(() => connected() === 2);
        expect((await world.ask('status team-x')).text).toContain('78 %');
      }),
  );

  test('given a Slack that is down at first, when it comes up, then the bot connects without a restart', () =>
    inWorld(
      {
        impatient: true,
        prepare: (slack) => {
          slack.faults.plant({ kind: 'http-error', method: 'auth.test', status: 503, times: 2 });
          slack.faults.plant({ kind: 'http-error', method: 'apps.connections.open', status: 503, times: 2 });
        },
      },
      async (world) => {
        expect(world.bot.ready()).toBe(false);
        await until(() => world.bot.ready());
        expect(world.log.some(({ level, message }) => level === 'error' && message.includes('trying again in'))).toBe(
          true,
        );
        expect((await world.ask('status team-x')).text).toContain('78 %');
      },
    ));

  test('given a token that Slack refuses, when the bot starts, then the log says which setting to mend', () =>
    inWorld(
      {
        impatient: true,
        prepare: (slack) =>
          slack.faults.plant({ kind: 'refuse', method: 'auth.test', error: 'invalid_auth', times: 3 }),
      },
      async (world) => {
        await until(() => world.log.some(({ fields }) => String(fields.remedy).includes('SLACK_BOT_TOKEN')));
      },
    ));

  test('given a Redis that hangs, when a command comes, then it is answered all the same, once', () =>
    inWorld({ deps: { once: () => new Promise(() => {}) } }, async (world) => {
      const { envelope } = await world.slack.slash({ user: ALICE, channel: CHANNEL, text: 'status team-x' });
      await world.slack.duplicate(envelope);
      await until(() => world.counted.length > 0);
      expect(world.counted).toEqual(['status answered']);
      expect(world.log.filter(({ message }) => message === 'a duplicate was passed over')).toHaveLength(1);
    }));
});
