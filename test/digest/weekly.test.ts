import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FatalError, RetryableError } from '../../src/core/errors.ts';
import type { Recipient } from '../../src/digest/weekly.ts';
import type { Chat, WeekEntry } from '../../src/ports.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { testRedis } from '../support/redis.ts';
import { ChannelsOfSlack } from './channel.ts';
import { aRecipient, aWorker, MONDAYS, PLATFORM_CHANNEL, runJob, SimulatedClock } from './workers.ts';

const { url, prefix } = testRedis();
const CHANNEL = 'C0PAYMENTS';
const LAST_WEEK = '2026-W46';
const WEEK = '2026-W47';
const NEXT_WEEK = '2026-W48';
const JUST_AFTER = new Date('2026-11-16T08:00:05Z'); // 09:00:05 in Berlin
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let store: Store;
beforeAll(async () => {
  store = await openStore({ url, prefix, scope: 'test', log: { info: () => {}, warn: () => {} } });
});
afterAll(() => store.close());

/** Each has a team of its own, whose first digest was due just before `now`. */
let teams = 0;
async function world(given: { readonly details?: number; readonly since?: string; readonly now?: Date } = {}) {
  teams += 1;
  const key = `team-${teams}`;
  const { details = 0, since = '2026-11-12T00:00:00Z', now = JUST_AFTER } = given;
  await store.ledger.since(key, Date.parse(since));
  const slack = new ChannelsOfSlack();
  const clock = new SimulatedClock(now);
  const recipient = aRecipient({ key, details });
  const worker = (chat: Chat = slack) => aWorker(store, chat, clock);
  const run = (who: Recipient = recipient, chat: Chat = slack) => runJob(worker(chat), who, clock);
  const entryOf = async (week = WEEK): Promise<WeekEntry | undefined> => (await store.ledger.weeks(key, [week]))[0];
  return { key, slack, clock, recipient, worker, run, entryOf };
}

/** A Slack that takes every message, and whose answers never come until it is mended. */
function losing(slack: ChannelsOfSlack, isLost: () => boolean): Chat {
  return {
    find: (place) => slack.find(place),
    say: async (post) => {
      const said = await slack.say(post);
      return isLost() ? { kind: 'unsure', why: 'The connection broke.' } : said;
    },
  };
}

describe('a digest that is due', () => {
  test('given nothing is due, then nothing is done', async () => {
    const { run, slack, worker, recipient } = await world({ now: new Date('2026-11-15T08:00:00Z') });
    expect(await worker().isPending(recipient)).toBe(false);
    expect(await run()).toEqual({ kind: 'nothing' });
    expect(slack.all()).toEqual([]);
  });

  test('given it is on time, then it is posted, and no more pending', async () => {
    const { run, worker, recipient, slack, entryOf, clock } = await world();
    expect(await worker().isPending(recipient)).toBe(true);
    const ended = await run();
    expect(ended).toMatchObject({ kind: 'done', week: WEEK, outcome: { state: 'posted', late: false } });
    expect(await worker().isPending(recipient)).toBe(false);
    expect(await entryOf()).toMatchObject({ outcome: { ts: slack.all()[0]?.ts }, atMs: clock.now().getTime() });
  });

  test('given it was due hours ago, then it is posted as late', async () => {
    const { run } = await world({ now: new Date(JUST_AFTER.getTime() + 5 * HOUR_MS) });
    expect(await run()).toMatchObject({ outcome: { state: 'posted', late: true } });
  });

  test('given other digests are due, then its details come after a turn of theirs', async () => {
    const { worker, recipient, slack } = await world({ details: 2 });
    const weekly = worker();
    expect(await weekly.deliver(recipient)).toEqual({ kind: 'later', waitMs: 1 });
    expect(slack.all()).toHaveLength(1);
    expect(await weekly.deliver(recipient)).toMatchObject({ kind: 'done' });
    expect(slack.in(CHANNEL, 'threads').map(({ key }) => key.split(':').at(-1))).toEqual(['1', '2']);
  });

  test('given Slack is busy in the middle of the thread, then the rest follows, and nothing twice', async () => {
    const { run, slack, recipient } = await world({ details: 3 });
    let calls = 0;
    const busy: Chat = {
      find: (place) => slack.find(place),
      say: async (post) => {
        calls += 1;
        return calls === 3 ? { kind: 'busy', waitMs: 30_000 } : slack.say(post);
      },
    };
    expect(await run(recipient, busy)).toMatchObject({ outcome: { state: 'posted' } });
    expect(slack.in(CHANNEL)).toHaveLength(1);
    expect(slack.in(CHANNEL, 'threads').map(({ key }) => key.split(':').at(-1))).toEqual(['1', '2', '3']);
  });

  test('given Slack refuses a detail, then the digest is posted without it', async () => {
    const { run, slack, recipient } = await world({ details: 2 });
    const picky: Chat = {
      find: (place) => slack.find(place),
      say: async (post) =>
        post.key.endsWith(':1') ? { kind: 'refused', about: 'other', why: 'x', remedy: 'y' } : slack.say(post),
    };
    expect(await run(recipient, picky)).toMatchObject({ outcome: { state: 'posted' } });
    expect(slack.in(CHANNEL, 'threads')).toHaveLength(1);
  });

  test('given Slack refuses the message itself, then the week ends undelivered and everybody is told', async () => {
    const { run, slack, recipient } = await world();
    const picky: Chat = {
      find: (place) => slack.find(place),
      say: async (post) =>
        post.channel === CHANNEL ? { kind: 'refused', about: 'other', why: 'x', remedy: 'y' } : slack.say(post),
    };
    expect(await run(recipient, picky)).toMatchObject({
      kind: 'done',
      outcome: { state: 'undelivered', why: 'x', remedy: 'y' },
    });
    expect([slack.in(PLATFORM_CHANNEL).length, slack.in('U0BOB').length]).toEqual([1, 1]);
  });
});

describe('a ledger that began after a digest was due', () => {
  test('given the history may be read, when the digest has details, then they follow it', async () => {
    const { run, slack } = await world({
      details: 2,
      since: '2026-11-16T08:30:00Z',
      now: new Date('2026-11-16T08:30:00Z'),
    });
    expect(await run()).toMatchObject({ kind: 'done', outcome: { state: 'posted', late: false } });
    expect([slack.in(CHANNEL).length, slack.in(CHANNEL, 'threads').length]).toEqual([1, 2]);
  });
});

describe('a time that golden.yml moves', () => {
  const FRIDAYS = { ...MONDAYS, day: 'friday' as const };
  const WEDNESDAY = new Date('2026-11-18T08:00:00Z');

  test('given it moves into the past of its week, then the digest comes at once', async () => {
    const { run, recipient, entryOf, slack } = await world({ now: WEDNESDAY });
    expect(await run({ ...recipient, time: FRIDAYS })).toEqual({ kind: 'nothing' });
    expect(await run()).toMatchObject({ kind: 'done', week: WEEK, outcome: { state: 'posted', late: true } });
    expect(slack.in(CHANNEL)).toHaveLength(1);
    expect(await run({ ...recipient, time: FRIDAYS })).toEqual({ kind: 'nothing' });
    expect(await entryOf()).toMatchObject({ outcome: { state: 'posted' } });
  });

  test('given it moves back before anybody looked, then nothing happened', async () => {
    const { run, recipient, slack } = await world({ now: WEDNESDAY });
    expect(await run({ ...recipient, time: FRIDAYS })).toEqual({ kind: 'nothing' });
    expect(await run({ ...recipient, time: FRIDAYS })).toEqual({ kind: 'nothing' });
    expect(slack.all()).toEqual([]);
  });

  test('given it was due and missed before it moved, then it is skipped as before', async () => {
    const { run, entryOf, clock } = await world({ now: WEDNESDAY });
    expect(await run()).toEqual({ kind: 'nothing' });
    expect(await entryOf()).toMatchObject({ outcome: { state: 'skipped' } });
    clock.moveTo(new Date('2026-11-23T08:00:05Z'));
    expect(await run()).toMatchObject({ kind: 'done', week: NEXT_WEEK });
  });
});

describe('a mute', () => {
  const mute = (team: string, untilMs: number) => store.mutes.put({ team, untilMs, by: 'U0BOB' });

  test('given it is in force, then the week ends silently', async () => {
    const { key, run, slack } = await world();
    const untilMs = JUST_AFTER.getTime() + DAY_MS;
    await mute(key, untilMs);
    expect(await run()).toMatchObject({ kind: 'done', outcome: { state: 'muted', untilMs } });
    expect(slack.all()).toEqual([]);
  });

  test('given it was lifted after the week had ended, then the next digest is the next one', async () => {
    const { key, run, slack, clock } = await world();
    await mute(key, JUST_AFTER.getTime() + 30 * DAY_MS);
    await run();
    await store.mutes.remove(key);
    expect(await run()).toEqual({ kind: 'nothing' });
    clock.moveTo(new Date('2026-11-23T08:00:05Z'));
    expect(await run()).toMatchObject({ week: NEXT_WEEK, outcome: { state: 'posted' } });
    expect(slack.in(CHANNEL)).toHaveLength(1);
  });

  test('given it ended before the digest was due, then it is posted', async () => {
    const { key, run } = await world();
    await mute(key, JUST_AFTER.getTime());
    expect(await run()).toMatchObject({ outcome: { state: 'posted' } });
  });

  test('given golden.yml spells the team in another case than then, then it is muted all the same', async () => {
    const { key, run } = await world();
    await mute(key.toUpperCase(), JUST_AFTER.getTime() + DAY_MS);
    expect(await run()).toMatchObject({ outcome: { state: 'muted' } });
  });

  test('given the digest was said before somebody muted, then its thread is finished and the week is posted', async () => {
    const { key, worker, recipient, run, slack } = await world({ details: 2 });
    await worker().deliver(recipient);
    await mute(key, JUST_AFTER.getTime() + DAY_MS);
    expect(await run()).toMatchObject({ outcome: { state: 'posted' } });
    expect(slack.in(CHANNEL, 'threads')).toHaveLength(2);
  });

  test('given nobody knows whether the digest was said before somebody muted, then it is looked for', async () => {
    const { key, worker, recipient, run, slack } = await world();
    await worker(losing(slack, () => true)).deliver(recipient);
    await mute(key, JUST_AFTER.getTime() + DAY_MS);
    expect(await run()).toMatchObject({ outcome: { state: 'posted' } });
    expect(slack.in(CHANNEL)).toHaveLength(1);
  });

  test('given the digest was begun and not said before somebody muted, then the week ends silently', async () => {
    const { key, worker, recipient, run, slack } = await world();
    const losingAll: Chat = { find: (place) => slack.find(place), say: async () => ({ kind: 'unsure', why: 'x' }) };
    await worker(losingAll).deliver(recipient);
    await mute(key, JUST_AFTER.getTime() + DAY_MS);
    expect(await run()).toMatchObject({ outcome: { state: 'muted' } });
    expect(slack.all()).toEqual([]);
  });
});

describe('a week that nobody was there for', () => {
  const TWO_WEEKS = { since: '2026-11-08T00:00:00Z' }; // last week's was due, too

  test('given it is too late for one and not for the next, then one is skipped and one posted', async () => {
    const { run, slack, entryOf } = await world(TWO_WEEKS);
    expect(await run()).toMatchObject({ week: WEEK, outcome: { state: 'posted' } });
    expect((await entryOf(LAST_WEEK))?.outcome).toMatchObject({
      state: 'skipped',
      why: expect.stringContaining('24 hours'),
    });
    expect(slack.all()).toHaveLength(1);
  });

  test('given it was skipped only now, then the digest that follows knows of it', async () => {
    const { key, run, recipient } = await world(TWO_WEEKS);
    let known: readonly WeekEntry[] = [];
    await run({
      ...recipient,
      key,
      compose: (of) => {
        known = of.earlier;
        return recipient.compose(of);
      },
    });
    expect(known.find(({ week }) => week === LAST_WEEK)).toMatchObject({ outcome: { state: 'skipped' } });
  });

  test('given its message had been said before everything stopped, then it counts as posted', async () => {
    const { worker, recipient, run, slack, clock, entryOf } = await world({ details: 1 });
    await worker().deliver(recipient);
    clock.advance(2 * DAY_MS);
    await run();
    expect((await entryOf())?.outcome).toMatchObject({ state: 'posted', ts: slack.all()[0]?.ts });
  });

  test('given its message may have been said, and is found, then it counts as posted', async () => {
    const { worker, recipient, run, slack, clock, entryOf } = await world();
    await worker(losing(slack, () => true)).deliver(recipient);
    clock.advance(2 * DAY_MS);
    await run();
    expect((await entryOf())?.outcome).toMatchObject({ state: 'posted', ts: slack.all()[0]?.ts });
  });

  test('given its message may have been said, and the channel in golden.yml is another one since, then it is looked for where it was said', async () => {
    const { worker, recipient, run, slack, clock, entryOf } = await world();
    await worker(losing(slack, () => true)).deliver(recipient);
    clock.advance(2 * DAY_MS);
    await run({ ...recipient, channel: 'C0OTHER' });
    expect((await entryOf())?.outcome).toMatchObject({ state: 'posted', channel: CHANNEL });
  });

  test('given its message may have been said, and nobody may look, then it is unsure and somebody is told', async () => {
    const { worker, recipient, run, slack, clock, entryOf } = await world();
    slack.readable = false;
    await worker(losing(slack, () => true)).deliver(recipient);
    clock.advance(2 * DAY_MS);
    await run();
    expect((await entryOf())?.outcome).toEqual({ state: 'unsure', channel: CHANNEL });
    expect(slack.in(PLATFORM_CHANNEL)).toHaveLength(1);
  });
});

describe('what keeps it from being made', () => {
  const failing = (recipient: Recipient, error: Error): Recipient => ({
    ...recipient,
    compose: () => Promise.reject(error),
  });

  test.each([
    ['retryable', new RetryableError('Azure is busy.', 'Wait.'), 'Azure is busy.'],
    ['fatal', new FatalError('Azure refuses.', 'Look.'), 'Azure refuses.'],
  ])('given a %s error, then it is thrown and noted, and the next attempt posts', async (_, error, why) => {
    const { worker, recipient, run, entryOf } = await world();
    await expect(worker().deliver(failing(recipient, error))).rejects.toBe(error);
    expect(await entryOf()).toMatchObject({ outcome: undefined, trouble: { why, remedy: error.hint } });
    expect(await run()).toMatchObject({ outcome: { state: 'posted' } });
    expect((await entryOf())?.trouble).toBeUndefined();
  });

  test('given a bug, then it is thrown, and the week is free for the next attempt', async () => {
    const { worker, recipient, run, entryOf } = await world();
    await expect(worker().deliver(failing(recipient, new TypeError('x is undefined')))).rejects.toThrow('x is');
    expect((await entryOf())?.trouble).toMatchObject({ why: expect.stringContaining('a fault of its own') });
    expect(await run()).toMatchObject({ outcome: { state: 'posted' } });
  });

  test('given it lasts for as long as the digest would be sent late, then the week ends undelivered with that reason', async () => {
    const { worker, recipient, run, clock, slack, entryOf } = await world();
    const error = new FatalError('Azure refuses.', 'Look.');
    await expect(worker().deliver(failing(recipient, error))).rejects.toBe(error);
    clock.advance(25 * HOUR_MS);
    await run(failing(recipient, error));
    expect((await entryOf())?.outcome).toEqual(
      expect.objectContaining({ state: 'undelivered', why: 'Azure refuses.', remedy: 'Look.' }),
    );
    expect([slack.in(PLATFORM_CHANNEL).length, slack.in('U0BOB').length]).toEqual([1, 1]);
  });
});

describe('a channel that cannot be posted in', () => {
  test('given golden.yml names another one, then the digest goes there, made anew', async () => {
    const { worker, recipient, run, slack, clock, entryOf } = await world();
    slack.closed.add(CHANNEL);
    expect(await worker().deliver(recipient)).toMatchObject({ kind: 'trouble', why: 'The channel is archived.' });
    expect((await entryOf())?.trouble).toMatchObject({ why: 'The channel is archived.' });
    clock.advance(HOUR_MS);
    let made = 0;
    const moved: Recipient = {
      ...recipient,
      channel: 'C0OTHER',
      compose: (of) => {
        made += 1;
        return recipient.compose(of);
      },
    };
    expect(await run(moved)).toMatchObject({ outcome: { state: 'posted', channel: 'C0OTHER' } });
    expect(made).toBe(1);
  });

  test('given golden.yml names another one after the digest was said, then its thread stays with it', async () => {
    const { worker, recipient, run, slack } = await world({ details: 2 });
    await worker().deliver(recipient);
    expect(await run({ ...recipient, channel: 'C0OTHER' })).toMatchObject({ outcome: { channel: CHANNEL } });
    expect(slack.in(CHANNEL, 'threads')).toHaveLength(2);
    expect(slack.in('C0OTHER', 'threads')).toEqual([]);
  });

  test('given it stays closed, then those who can help are told once', async () => {
    const { run, slack, clock } = await world();
    slack.closed.add(CHANNEL);
    for (let hours = 0; hours < 5; hours += 1) {
      expect(await run()).toMatchObject({ kind: 'trouble' });
      clock.advance(HOUR_MS);
    }
    expect([slack.in(PLATFORM_CHANNEL).length, slack.in('U0BOB').length]).toEqual([1, 1]);
  });
});

describe('a lease', () => {
  test('given somebody else holds the week, then it is for later', async () => {
    const { key, worker, recipient, clock, slack } = await world();
    await store.ledger.take(key, WEEK, { token: 'else', nowMs: clock.now().getTime(), leaseMs: 60_000 });
    expect(await worker().deliver(recipient)).toEqual({ kind: 'later', waitMs: 15_000 });
    expect(slack.all()).toEqual([]);
  });

  test('given it is lost while the digest is made, then whoever has it says it, and nobody else', async () => {
    const { key, worker, recipient, clock, slack } = await world();
    const slow: Recipient = {
      ...recipient,
      compose: async (of) => {
        clock.advance(60_001);
        await store.ledger.take(key, WEEK, { token: 'else', nowMs: clock.now().getTime(), leaseMs: 60_000 });
        return recipient.compose(of);
      },
    };
    expect(await worker().deliver(slow)).toMatchObject({ kind: 'later' });
    expect(slack.all()).toEqual([]);
  });

  test('given it is lost in the middle of the thread, then whoever has it says the rest', async () => {
    const { key, worker, recipient, clock, slack, run } = await world({ details: 3 });
    await worker().deliver(recipient);
    const slow: Chat = {
      find: (place) => slack.find(place),
      say: async (post) => {
        const said = await slack.say(post);
        clock.advance(60_001);
        await store.ledger.take(key, WEEK, { token: 'else', nowMs: clock.now().getTime(), leaseMs: 1000 });
        return said;
      },
    };
    expect(await worker(slow).deliver(recipient)).toMatchObject({ kind: 'later' });
    expect(slack.in(CHANNEL, 'threads')).toHaveLength(1);
    expect(await run()).toMatchObject({ outcome: { state: 'posted' } });
    expect(slack.in(CHANNEL, 'threads')).toHaveLength(3);
  });

  test('given somebody else ended the week meanwhile, then there is nothing to do', async () => {
    const { key, worker, recipient, clock, slack } = await world();
    const slow: Recipient = {
      ...recipient,
      compose: async (of) => {
        const outcome = { state: 'posted', channel: CHANNEL, ts: '1.0', late: false } as const;
        await store.ledger.settle(key, WEEK, outcome, clock.now().getTime());
        return recipient.compose(of);
      },
    };
    expect(await worker().deliver(slow)).toEqual({ kind: 'nothing' });
    expect(slack.all()).toEqual([]);
  });
});

test('given another time in golden.yml for a week that is done, then it is not sent again', async () => {
  const { run, recipient, clock, slack } = await world();
  await run();
  const fridays: Recipient = { ...recipient, time: { ...MONDAYS, day: 'friday' } };
  clock.moveTo(new Date('2026-11-20T08:00:05Z'));
  expect(await run(fridays)).toEqual({ kind: 'nothing' });
  expect(slack.in(CHANNEL)).toHaveLength(1);
});
