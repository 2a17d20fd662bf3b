import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RetryableError } from '../../src/core/errors.ts';
import { SAYING_TIMES, SayOnce } from '../../src/digest/say-once.ts';
import { type TellParts, tellProblem } from '../../src/digest/tell.ts';
import { PLATFORM, type Problem, type Recipient } from '../../src/digest/weekly.ts';
import type { Chat } from '../../src/ports.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { aTeam } from '../slack/build.ts';
import { testRedis } from '../support/redis.ts';
import { ChannelsOfSlack } from './channel.ts';
import { aRecipient, MONDAYS, PLATFORM_CHANNEL, SimulatedClock } from './workers.ts';

const { url, prefix } = testRedis();
const WEEK = '2026-W47';
const CLOSED: Problem = { kind: 'undelivered', why: 'It is archived.', remedy: 'Unarchive it.', final: false };

let store: Store;
beforeAll(async () => {
  store = await openStore({ url, prefix, scope: 'test', log: { info: () => {}, warn: () => {} } });
});
afterAll(() => store.close());

let teams = 0;
/** Tells of a team of its own; `approvers` are found, or thrown. */
function world(
  given: {
    readonly platform?: string | undefined;
    readonly approvers?: readonly string[] | Error;
    readonly recipient?: Partial<Recipient>;
    readonly chat?: (slack: ChannelsOfSlack) => Chat;
  } = {},
) {
  teams += 1;
  const { approvers = ['U0BOB', 'U0CAROL'], chat = (slack) => slack } = given;
  const key = given.recipient?.key ?? `team-${teams}`;
  const recipient = { ...aRecipient({ key }), ...given.recipient };
  const slack = new ChannelsOfSlack();
  const clock = new SimulatedClock(new Date('2026-11-16T08:00:00Z'));
  let drawn = 0;
  const draw = () => {
    drawn += 1;
    return `token-${teams}-${drawn}`;
  };
  const untold: Parameters<TellParts['onUntold']>[0][] = [];
  const parts: TellParts = {
    once: new SayOnce({ chat: chat(slack), posts: store.posts, clock, draw }),
    people: {
      approvers: async () => {
        if (approvers instanceof Error) throw approvers;
        return approvers;
      },
    },
    platform: { channel: 'platform' in given ? given.platform : PLATFORM_CHANNEL, digest: MONDAYS },
    teams: [aTeam({ name: `team-${teams}` })],
    view: ({ recipient: who, week, channel }, { kind }) => ({ text: [who, week, channel, kind].join(' '), blocks: [] }),
    onUntold: (details) => untold.push(details),
  };
  const tell = (problem: Problem = CLOSED) => tellProblem(parts, recipient, WEEK, problem);
  const told = () => slack.all().map(({ channel }) => channel);
  return { tell, told, untold, slack, clock, key };
}

test('given a channel that cannot be posted in, then the platform and every approver are told what and where', async () => {
  const { tell, told, slack, key, untold } = world();
  expect(await tell()).toBe(0);
  expect(told()).toEqual([PLATFORM_CHANNEL, 'U0BOB', 'U0CAROL']);
  expect(slack.all()[0]?.message.text).toBe(`${key} ${WEEK} C0PAYMENTS undelivered`);
  expect(untold).toEqual([]);
});

test('given it is told again, then nobody hears it twice', async () => {
  const { tell, told } = world();
  await tell();
  await tell();
  expect(told()).toHaveLength(3);
});

test('given two tell at once, then nobody hears it twice', async () => {
  const { tell, told } = world();
  await Promise.all([tell(), tell()]);
  expect(told().toSorted()).toEqual([PLATFORM_CHANNEL, 'U0BOB', 'U0CAROL']);
});

test('given a digest that may be there, then the platform alone is told: approvers can mend nothing', async () => {
  const { tell, told } = world();
  expect(await tell({ kind: 'unsure' })).toBe(0);
  expect(told()).toEqual([PLATFORM_CHANNEL]);
});

test('given no platform channel, then the approvers are told', async () => {
  const { tell, told, untold } = world({ platform: undefined });
  await tell();
  expect(told()).toEqual(['U0BOB', 'U0CAROL']);
  expect(untold).toEqual([]);
});

test('given neither platform channel nor approvers, then the log has it', async () => {
  const { tell, told, untold, key } = world({ platform: undefined, approvers: [] });
  expect(await tell()).toBe(0);
  expect(told()).toEqual([]);
  expect(untold).toEqual([{ team: key, week: WEEK, to: 'nobody', why: expect.stringContaining('no approvers') }]);
});

test('given Slack does not say who the approvers are, then the platform is told all the same, and the log why', async () => {
  const { tell, told, untold } = world({ approvers: new RetryableError('Slack is busy.', 'Wait.') });
  expect(await tell()).toBe(0);
  expect(told()).toEqual([PLATFORM_CHANNEL]);
  expect(untold).toMatchObject([{ to: 'the approvers', why: 'Slack is busy.' }]);
});

test("given the platform's own digest, then nothing is said where it cannot be, and the log has it", async () => {
  const { tell, told, untold } = world({ recipient: { key: PLATFORM, channel: PLATFORM_CHANNEL } });
  expect(await tell()).toBe(0);
  expect(told()).toEqual([]);
  expect(untold).toMatchObject([{ team: PLATFORM, to: 'nobody' }]);
});

test('given the platform channel is closed, too, then the approvers are told, and the log has the rest', async () => {
  const { tell, told, untold, slack } = world();
  slack.closed.add(PLATFORM_CHANNEL);
  expect(await tell()).toBe(0);
  expect(told()).toEqual(['U0BOB', 'U0CAROL']);
  expect(untold).toMatchObject([{ to: PLATFORM_CHANNEL, why: 'The channel is archived.' }]);
});

test('given Slack is busy for one of them, then the others are told, and that one when it is called again', async () => {
  let calls = 0;
  const { tell, told } = world({
    chat: (slack) => ({
      find: (place) => slack.find(place),
      say: async (post) => {
        calls += 1;
        return calls === 1 ? { kind: 'busy', waitMs: 7000 } : slack.say(post);
      },
    }),
  });
  expect(await tell()).toBe(7000);
  expect(told()).toEqual(['U0BOB', 'U0CAROL']);
  expect(await tell()).toBe(0);
  expect(told()).toEqual(['U0BOB', 'U0CAROL', PLATFORM_CHANNEL]);
});

test('given every answer is lost and nobody may look, then each is told twice and no more, and the log has it', async () => {
  const { tell, told, untold, slack, clock } = world({
    chat: (each) => ({
      find: (place) => each.find(place),
      say: async (post) => {
        await each.say(post);
        return { kind: 'unsure', why: 'no answer' };
      },
    }),
  });
  slack.readable = false;
  for (let calls = 0; calls < 6; calls += 1) {
    await tell();
    clock.advance(SAYING_TIMES.settleMs);
  }
  expect(told().toSorted()).toEqual([PLATFORM_CHANNEL, PLATFORM_CHANNEL, 'U0BOB', 'U0BOB', 'U0CAROL', 'U0CAROL']);
  expect(await tell()).toBe(0);
  expect(untold.at(-1)).toMatchObject({ to: 'U0CAROL', why: expect.stringContaining('twice') });
});
