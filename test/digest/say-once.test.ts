import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FatalError, RetryableError } from '../../src/core/errors.ts';
import { type Post, SAYING_TIMES, SayOnce } from '../../src/digest/say-once.ts';
import type { Chat, Posts, Said } from '../../src/ports.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { testRedis } from '../support/redis.ts';
import { ChannelsOfSlack } from './channel.ts';
import { SimulatedClock } from './workers.ts';

const { url, prefix } = testRedis();
const CHANNEL = 'C0PAYMENTS';
const START = new Date('2026-11-16T08:00:00Z');
const { settleMs, sendWithinMs } = SAYING_TIMES;

let store: Store;
beforeAll(async () => {
  store = await openStore({ url, prefix, scope: 'test', log: { info: () => {}, warn: () => {} } });
});
afterAll(() => store.close());

/** Each has a message of its own, a Slack and a clock. */
let messages = 0;
function world() {
  messages += 1;
  const post: Post = { key: `message-${messages}`, channel: CHANNEL, message: { text: 'hello', blocks: [] } };
  const slack = new ChannelsOfSlack();
  const clock = new SimulatedClock(START);
  return { post, slack, clock, posts: store.posts };
}

let drawn = 0;
const draw = () => {
  drawn += 1;
  return `token-${drawn}`;
};
const sayerOf = (parts: { chat: Chat; posts: Posts; clock: SimulatedClock }) => new SayOnce({ ...parts, draw });

/** A Slack that answers so once, whether or not it took the message, and as it should after that. */
function answering(slack: ChannelsOfSlack, answer: Said | Error, isTaken = false): Chat {
  let isAnswered = false;
  return {
    find: (place) => slack.find(place),
    say: async (post) => {
      if (isAnswered) return slack.say(post);
      isAnswered = true;
      if (isTaken) await slack.say(post);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}

const LOST: Said = { kind: 'unsure', why: 'The connection broke.' };

describe('what Slack answers', () => {
  test('given that it took the message, then it is said, and said no more', async () => {
    const { post, slack, clock, posts } = world();
    const once = sayerOf({ chat: slack, posts, clock });
    const first = await once.say(post);
    const second = await once.say(post);
    expect(first).toEqual({ kind: 'said', channel: CHANNEL, ts: slack.all()[0]?.ts, justNow: true });
    expect(second).toEqual({ ...first, justNow: false });
    expect(slack.all()).toHaveLength(1);
  });

  test('given a refusal, then it is handed on, and the next attempt says it', async () => {
    const { post, slack, clock, posts } = world();
    const refused: Said = { kind: 'refused', about: 'channel', why: 'It is archived.', remedy: 'Unarchive it.' };
    const once = sayerOf({ chat: answering(slack, refused), posts, clock });
    expect(await once.say(post)).toEqual(refused);
    expect(await once.say(post)).toMatchObject({ kind: 'said', justNow: true });
  });

  test('given that it is busy, then it is later by as much as it says, and the next attempt says it', async () => {
    const { post, slack, clock, posts } = world();
    const once = sayerOf({ chat: answering(slack, { kind: 'busy', waitMs: 7000 }), posts, clock });
    expect(await once.say(post)).toEqual({ kind: 'later', waitMs: 7000 });
    expect(await once.say(post)).toMatchObject({ kind: 'said', justNow: true });
  });

  test.each([
    ['retryable', new RetryableError('Slack cannot be reached.', 'Wait.')],
    ['fatal', new FatalError('No token.', 'Set it.')],
  ])('given a %s error, then it is thrown, and the next attempt says it', async (_, error) => {
    const { post, slack, clock, posts } = world();
    const once = sayerOf({ chat: answering(slack, error), posts, clock });
    await expect(once.say(post)).rejects.toBe(error);
    expect(await once.say(post)).toMatchObject({ kind: 'said', justNow: true });
  });
});

describe('an answer that is lost', () => {
  test('given that the call may be under way, then nobody looks, and nobody says it', async () => {
    const { post, slack, clock, posts } = world();
    const once = sayerOf({ chat: answering(slack, LOST), posts, clock });
    expect(await once.say(post)).toEqual({ kind: 'later', waitMs: settleMs });
    clock.advance(settleMs - 1);
    expect(await once.say(post)).toEqual({ kind: 'later', waitMs: 1 });
    expect(slack.all()).toEqual([]);
  });

  test.each([
    ['there', true, false],
    ['not there', false, true],
  ])('given that the message is %s when it is looked for, then it stands once', async (_, isTaken, justNow) => {
    const { post, slack, clock, posts } = world();
    const once = sayerOf({ chat: answering(slack, LOST, isTaken), posts, clock });
    await once.say(post);
    clock.advance(settleMs);
    expect(await once.say(post)).toMatchObject({ kind: 'said', ts: slack.all()[0]?.ts, justNow });
    expect(slack.all()).toHaveLength(1);
  });

  test.each([true, false])('given that nobody may look (taken: %s), then it is unsure for ever', async (isTaken) => {
    const { post, slack, clock, posts } = world();
    slack.readable = false;
    const once = sayerOf({ chat: answering(slack, LOST, isTaken), posts, clock });
    await once.say(post);
    clock.advance(settleMs);
    expect(await once.say(post)).toEqual({ kind: 'unsure' });
    slack.readable = true;
    clock.advance(settleMs);
    expect(await once.say(post)).toEqual({ kind: 'unsure' });
    expect(slack.all()).toHaveLength(isTaken ? 1 : 0);
  });

  test('given that Slack is busy when it is looked for, then it is looked for later', async () => {
    const { post, slack, clock, posts } = world();
    const find = [async () => ({ kind: 'busy' as const, waitMs: 30_000 })];
    const lossy = answering(slack, LOST, true);
    const once = sayerOf({ chat: { ...lossy, find: (place) => (find.pop() ?? lossy.find)(place) }, posts, clock });
    await once.say(post);
    clock.advance(settleMs);
    expect(await once.say(post)).toEqual({ kind: 'later', waitMs: 30_000 });
    expect(await once.say(post)).toMatchObject({ kind: 'said', justNow: false });
  });

  test('given a reply in a thread, then it is looked for in that thread since it was begun', async () => {
    const { post, slack, clock, posts } = world();
    const places: unknown[] = [];
    const lossy = answering(slack, LOST, true);
    const find: Chat['find'] = (place) => {
      places.push(place);
      return lossy.find(place);
    };
    const once = sayerOf({ chat: { ...lossy, find }, posts, clock });
    const reply = { ...post, thread: '1.000000' };
    await once.say(reply);
    clock.advance(settleMs);
    await once.say(reply);
    expect(places).toEqual([{ channel: CHANNEL, thread: '1.000000', key: post.key, sinceMs: START.getTime() }]);
  });
});

describe('several that say the same', () => {
  test('given that they begin at once, then one of them says it and the others come back', async () => {
    const { post, slack, clock, posts } = world();
    const told = await Promise.all([1, 2, 3, 4].map(() => sayerOf({ chat: slack, posts, clock }).say(post)));
    expect(slack.all()).toHaveLength(1);
    expect(told.filter(({ kind }) => kind === 'said').length).toBeGreaterThan(0);
    expect(told.every(({ kind }) => kind === 'said' || kind === 'later')).toBe(true);
  });

  test('given that they find it missing at once, then one of them says it again', async () => {
    const { post, slack, clock, posts } = world();
    await sayerOf({ chat: answering(slack, LOST), posts, clock }).say(post);
    clock.advance(settleMs);
    const told = await Promise.all([1, 2, 3, 4].map(() => sayerOf({ chat: slack, posts, clock }).say(post)));
    expect(slack.all()).toHaveLength(1);
    expect(told.filter((progress) => progress.kind === 'said' && progress.justNow)).toHaveLength(1);
  });

  test('given one that was suspended before it sent, when another one has said it, then it keeps silent', async () => {
    const { post, slack, clock, posts } = world();
    const suspended: Chat = {
      find: (place) => slack.find(place),
      say: async (given) => {
        clock.advance(settleMs);
        await sayerOf({ chat: slack, posts, clock }).say(post);
        return slack.say(given);
      },
    };
    expect(await sayerOf({ chat: suspended, posts, clock }).say(post)).toMatchObject({ kind: 'later' });
    expect(slack.all()).toHaveLength(1);
    expect(await sayerOf({ chat: slack, posts, clock }).say(post)).toMatchObject({ kind: 'said', justNow: false });
  });

  test('given one that was suspended while it began, when another one has said it, then it keeps silent', async () => {
    const { post, slack, clock } = world();
    const posts = over(store.posts, {
      begin: async (key: string, token: string, nowMs: number) => {
        const begun = await store.posts.begin(key, token, nowMs);
        clock.advance(settleMs);
        await sayerOf({ chat: slack, posts: store.posts, clock }).say(post);
        return begun;
      },
    });
    expect(await sayerOf({ chat: slack, posts, clock }).say(post)).toMatchObject({ kind: 'later' });
    expect(slack.all()).toHaveLength(1);
  });

  test('given one that was suspended while it began anew, when another one has said it, then it keeps silent', async () => {
    const { post, slack, clock } = world();
    await sayerOf({ chat: answering(slack, LOST), posts: store.posts, clock }).say(post);
    clock.advance(settleMs);
    const posts = over(store.posts, {
      retake: async (key: string, old: string, token: string, nowMs: number) => {
        const begun = await store.posts.retake(key, old, token, nowMs);
        clock.advance(settleMs);
        await sayerOf({ chat: slack, posts: store.posts, clock }).say(post);
        return begun;
      },
    });
    expect(await sayerOf({ chat: slack, posts, clock }).say(post)).toMatchObject({ kind: 'later' });
    expect(slack.all()).toHaveLength(1);
  });

  test('given a sender that is slow, then it sends until it is too late and not after that', async () => {
    const asked: boolean[] = [];
    const { post, slack, clock, posts } = world();
    const slow: Chat = {
      find: (place) => slack.find(place),
      say: async ({ stillOurs }) => {
        clock.advance(sendWithinMs - 1);
        asked.push(stillOurs?.() ?? true);
        clock.advance(1);
        asked.push(stillOurs?.() ?? true);
        return { kind: 'busy', waitMs: 1 };
      },
    };
    await sayerOf({ chat: slow, posts, clock }).say(post);
    expect(asked).toEqual([true, false]);
  });
});

describe('looking without saying', () => {
  test('given that nobody began, then it is not said', async () => {
    const { post, slack, clock, posts } = world();
    expect(await sayerOf({ chat: slack, posts, clock }).look(post)).toEqual({ kind: 'not' });
  });

  test('given that it was said, then it says where', async () => {
    const { post, slack, clock, posts } = world();
    const once = sayerOf({ chat: slack, posts, clock });
    await once.say(post);
    expect(await once.look(post)).toEqual({ kind: 'said', channel: CHANNEL, ts: slack.all()[0]?.ts, justNow: false });
  });

  test('given that the call may be under way, then it comes back when it cannot be', async () => {
    const { post, slack, clock, posts } = world();
    const once = sayerOf({ chat: answering(slack, LOST, true), posts, clock });
    await once.say(post);
    clock.advance(settleMs - 10);
    expect(await once.look(post)).toEqual({ kind: 'later', waitMs: 10 });
  });

  test.each([
    ['there', true, 'said'],
    ['not there', false, 'not'],
  ])('given an answer that was lost and a message that is %s, then that is told', async (_, isTaken, kind) => {
    const { post, slack, clock, posts } = world();
    const once = sayerOf({ chat: answering(slack, LOST, isTaken), posts, clock });
    await once.say(post);
    clock.advance(settleMs);
    expect(await once.look(post)).toMatchObject({ kind });
    // It is remembered: nobody has to look again.
    slack.readable = false;
    expect(await once.look(post)).toMatchObject({ kind });
    expect(slack.all()).toHaveLength(isTaken ? 1 : 0);
  });

  test('given that nobody may look, then it is unsure for ever', async () => {
    const { post, slack, clock, posts } = world();
    slack.readable = false;
    const once = sayerOf({ chat: answering(slack, LOST, true), posts, clock });
    await once.say(post);
    clock.advance(settleMs);
    expect(await once.look(post)).toEqual({ kind: 'unsure' });
    slack.readable = true;
    expect(await once.look(post)).toEqual({ kind: 'unsure' });
  });
});

/** The same port with some calls changed. */
function over<T extends object>(port: T, changes: Partial<T>): T {
  return new Proxy(port, {
    get: (target, property) => {
      const value = Reflect.get(property in changes ? changes : target, property) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
