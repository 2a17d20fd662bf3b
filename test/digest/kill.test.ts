import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { RetryableError } from '../../src/core/errors.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { testRedis } from '../support/redis.ts';
import { ChannelsOfSlack } from './channel.ts';
import { Fate, type Mode } from './crash.ts';
import { aRecipient, aWorker, PLATFORM_CHANNEL, runJob, SimulatedClock } from './workers.ts';

/**
 * A digest job is struck at every effect it has: before it, after it, and with the answer lost. Whoever takes over must
 * leave exactly one message where it may look, and never two where it may not.
 */
const { url, prefix } = testRedis();
const CHANNEL = 'C0PAYMENTS';
const WEEK = '2026-W47';
const MODES: readonly Mode[] = ['before', 'after', 'lost'];
const JUST_AFTER = new Date('2026-11-16T08:00:05Z'); // 09:00:05 in Berlin
const DETAILS = 2;

let store: Store;
let histories = 0;
beforeAll(async () => {
  store = await openStore({ url, prefix, scope: 'test', log: { info: () => {}, warn: () => {} } });
});
afterAll(async () => {
  await store.close();
  process.stdout.write(`${histories} histories of a digest job run\n`);
});

/** Keeps the histories apart: each has a team of its own. */
let team = '';
beforeEach(() => {
  team = '';
});

async function begin(readable: boolean) {
  histories += 1;
  team = `team-${histories}`;
  const slack = new ChannelsOfSlack();
  slack.readable = readable;
  const clock = new SimulatedClock(new Date('2026-11-10T00:00:00Z'));
  await store.ledger.since(team, clock.now().getTime());
  clock.moveTo(JUST_AFTER);
  return { slack, clock, recipient: aRecipient({ key: team, details: DETAILS }) };
}

/** A lost answer, as each adapter reports it. */
const lost = (effect: string): unknown => {
  if (effect === 'chat.say') return { kind: 'unsure', why: 'The connection broke.' };
  if (effect === 'chat.find') return { kind: 'busy', waitMs: 1000 };
  throw new RetryableError('Redis did not answer.', 'Ask again.');
};

/** One history: workers that are struck where they are told to, then one that lives. */
async function live(readable: boolean, strikes: readonly { readonly at: number; readonly mode: Mode }[]) {
  const { slack, clock, recipient } = await begin(readable);
  let effects: readonly string[] = [];
  for (const { at, mode } of strikes) {
    const fate = new Fate(at, mode, lost);
    const ended = await runJob(aWorker(store, slack, clock, fate), recipient, clock, fate);
    effects = fate.effects;
    // BullMQ gives the job of a killed worker to another one when its lock has run out.
    if (ended === 'died') clock.advance(40_000);
  }
  const last = new Fate();
  await runJob(aWorker(store, slack, clock, last), recipient, clock, last);
  const [entry] = await store.ledger.weeks(team, [WEEK]);
  return { slack, effects: effects.length > 0 ? effects : last.effects, outcome: entry?.outcome };
}

/** A history in which the channel is closed until an hour after the digest was due. */
async function mended(strikes: readonly { readonly at: number; readonly mode: Mode }[]) {
  const { slack, clock, recipient } = await begin(true);
  slack.closed.add(CHANNEL);
  const strike = strikes[0] ?? { at: -1, mode: 'before' as const };
  const fate = new Fate(strike.at, strike.mode, lost);
  await runJob(aWorker(store, slack, clock, fate), recipient, clock, fate);
  clock.advance(3_600_000);
  await runJob(aWorker(store, slack, clock), recipient, clock);
  slack.closed.delete(CHANNEL);
  clock.advance(3_600_000);
  await runJob(aWorker(store, slack, clock), recipient, clock);
  const [entry] = await store.ledger.weeks(team, [WEEK]);
  return { slack, effects: fate.effects, outcome: entry?.outcome };
}

function check({ slack, outcome, effects }: Awaited<ReturnType<typeof live>>, readable: boolean, at: string): void {
  const heads = slack.in(CHANNEL);
  const details = slack.in(CHANNEL, 'threads').map(({ key }) => key);
  const told = slack.in(PLATFORM_CHANNEL);
  const seen = { at, effects, details, outcome: outcome?.state };
  // Without the scope a digest that may be there counts as one, and somebody is told to look.
  const unsure = !readable && outcome?.state === 'unsure';
  expect({ ...seen, heads: heads.length, told: told.length }).toEqual({
    ...seen,
    heads: unsure ? Math.min(1, heads.length) : 1,
    outcome: unsure ? 'unsure' : 'posted',
    // A notice may come twice where nobody can look whether it came, but it comes.
    told: unsure ? Math.min(2, Math.max(1, told.length)) : 0,
  });
  expect(new Set(details).size).toBe(details.length);
  if (readable) expect(details).toHaveLength(DETAILS);
}

test('given a quiet life, when a digest is due, then it is posted once with its details', async () => {
  const lived = await live(true, []);
  check(lived, true, 'nowhere');
  expect(lived.effects.filter((effect) => effect === 'chat.say')).toHaveLength(1 + DETAILS);
});

test.each([true, false])(
  'given history readable: %s, when a worker is struck at any effect, then the rule holds',
  async (readable) => {
    const { effects } = await live(readable, []);
    for (const [at, effect] of effects.entries()) {
      for (const mode of MODES) check(await live(readable, [{ at, mode }]), readable, `${mode} ${at} ${effect}`);
    }
  },
  120_000,
);

test.each([true, false])(
  'given history readable: %s, when two workers are struck one after the other, then the rule holds',
  async (readable) => {
    const { effects } = await live(readable, []);
    for (let first = 0; first < effects.length; first += 1) {
      for (let second = 0; second < effects.length; second += 1) {
        for (const modes of [
          ['after', 'after'],
          ['lost', 'after'],
        ] as const) {
          const strikes = [
            { at: first, mode: modes[0] },
            { at: second, mode: modes[1] },
          ];
          check(await live(readable, strikes), readable, `${modes.join('+')} at ${first} and ${second}`);
        }
      }
    }
  },
  240_000,
);

test('given a closed channel that somebody mends, when a worker is struck at any effect, then the digest comes late and once', async () => {
  const { effects } = await mended([]);
  for (const [at, effect] of effects.entries()) {
    for (const mode of MODES) {
      const { slack, outcome } = await mended([{ at, mode }]);
      const told = [slack.in(PLATFORM_CHANNEL).length, slack.in('U0BOB').length];
      const seen = { at: `${mode} ${at} ${effect}`, heads: slack.in(CHANNEL).length, told, state: outcome?.state };
      expect(seen).toEqual({ ...seen, heads: 1, told: [1, 1], state: 'posted' });
    }
  }
}, 120_000);

test('given a channel that stays closed, when the catch-up hours are over, then the week ends undelivered and everybody was told once', async () => {
  const { slack, clock, recipient } = await begin(true);
  slack.closed.add(CHANNEL);
  for (let hours = 0; hours < 30; hours += 1) {
    await runJob(aWorker(store, slack, clock), recipient, clock);
    clock.advance(3_600_000);
  }
  const [entry] = await store.ledger.weeks(team, [WEEK]);
  expect(entry?.outcome).toMatchObject({ state: 'undelivered', why: 'The channel is archived.' });
  expect([slack.in(PLATFORM_CHANNEL).length, slack.in('U0BOB').length]).toEqual([1, 1]);
});

test('given three workers that are woken for one digest at once, when all work, then it is posted once', async () => {
  const { slack, clock, recipient } = await begin(true);
  const workers = [1, 2, 3].map(() => aWorker(store, slack, clock));
  // The same moment for all: who is told to come back later must not move the time of who is at it.
  for (let rounds = 0; rounds < 10; rounds += 1) {
    await Promise.all(workers.map((worker) => worker.deliver(recipient)));
    clock.advance(1000);
  }
  expect(slack.in(CHANNEL)).toHaveLength(1);
  expect(slack.in(CHANNEL, 'threads')).toHaveLength(DETAILS);
});
