import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GoldenError, RetryableError } from '../../src/core/errors.ts';
import type { TeamDigest } from '../../src/core/team.ts';
import { weekAfter, weekAt } from '../../src/core/week.ts';
import type { Chat } from '../../src/ports.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { testRedis } from '../support/redis.ts';
import { ChannelsOfSlack } from './channel.ts';
import { Fate, type Mode } from './crash.ts';
import { aRecipient, aWorker, MONDAYS, SimulatedClock } from './workers.ts';

/**
 * Whatever happens in whatever order, a week has at most one digest in the channel, one outcome that never changes, and an
 * outcome that fits what stands there.
 */
const { url, prefix } = testRedis();
const CHANNEL = 'C0PAYMENTS';
const START = new Date('2026-11-10T00:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DETAILS = 2;
const RUNS = 200;
const SEED = Number(process.env.GOLDEN_SEED ?? Date.now() % 2 ** 31);

let store: Store;
beforeAll(async () => {
  store = await openStore({ url, prefix, scope: 'test', log: { info: () => {}, warn: () => {} } });
});
afterAll(() => store.close());

type Slack = 'up' | 'busy' | 'away' | 'deaf' | 'mute';
type Event =
  /** Workers look, one of them struck at one of its effects. */
  | { readonly kind: 'wake'; readonly strike: number; readonly mode: Mode }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'muted'; readonly hours: number }
  | { readonly kind: 'unmuted' }
  | { readonly kind: 'closed' | 'readable'; readonly is: boolean }
  | { readonly kind: 'slack'; readonly is: Slack }
  | { readonly kind: 'moved'; readonly time: TeamDigest };

const event = fc.oneof(
  { weight: 8, arbitrary: wakeOf() },
  {
    weight: 6,
    arbitrary: fc.integer({ min: 1, max: 90 }).map((hours): Event => ({ kind: 'time', ms: hours * HOUR_MS })),
  },
  {
    weight: 2,
    arbitrary: fc.integer({ min: -5, max: 50 }).map((min): Event => ({ kind: 'time', ms: min * MINUTE_MS })),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 300 }).map((hours): Event => ({ kind: 'muted', hours })) },
  { weight: 1, arbitrary: fc.constant<Event>({ kind: 'unmuted' }) },
  { weight: 2, arbitrary: fc.boolean().map((is): Event => ({ kind: 'closed', is })) },
  { weight: 1, arbitrary: fc.boolean().map((is): Event => ({ kind: 'readable', is })) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom<Slack>('up', 'up', 'busy', 'away', 'deaf', 'mute')
      .map((is): Event => ({ kind: 'slack', is })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        day: fc.constantFrom('monday', 'wednesday', 'sunday'),
        time: fc.constantFrom('00:00', '09:00', '23:59'),
      })
      .map((time): Event => ({ kind: 'moved', time: { ...MONDAYS, ...time } })),
  },
);

function wakeOf() {
  return fc
    .record({ strike: fc.integer({ min: -12, max: 30 }), mode: fc.constantFrom<Mode>('before', 'after', 'lost') })
    .map((wake): Event => ({ kind: 'wake', ...wake }));
}

/** A Slack that has its days: `deaf` takes no message and `mute` takes it, and neither says so. */
class Moody implements Chat {
  readonly slack = new ChannelsOfSlack();
  is: Slack = 'up';

  async say(post: Parameters<Chat['say']>[0]): ReturnType<Chat['say']> {
    switch (this.is) {
      case 'up':
        return this.slack.say(post);
      case 'busy':
        return { kind: 'busy', waitMs: 30_000 };
      case 'away':
        throw new RetryableError('Slack cannot be reached.', 'Wait.');
      case 'mute':
        await this.slack.say(post);
        return { kind: 'unsure', why: 'no answer' };
      case 'deaf':
        return { kind: 'unsure', why: 'no answer' };
    }
  }

  async find(place: Parameters<Chat['find']>[0]): ReturnType<Chat['find']> {
    return this.is === 'up' ? this.slack.find(place) : { kind: 'busy', waitMs: 30_000 };
  }
}

let lives = 0;

async function liveThrough(events: readonly Event[]): Promise<void> {
  lives += 1;
  const key = `team-${lives}`;
  const chat = new Moody();
  const clock = new SimulatedClock(START);
  let time = MONDAYS;
  const outcomes = new Map<string, string>();
  await store.ledger.since(key, START.getTime());

  for (const each of events) {
    await happen(each);
    await check();
  }
  // In the end everything works again, and a day later than the last digest is due nothing is left to do.
  chat.is = 'up';
  chat.slack.closed.clear();
  for (let rounds = 0; rounds < 4; rounds += 1) {
    await wake(new Fate());
    clock.advance(26 * HOUR_MS);
  }
  await wake(new Fate());
  await check();
  expect(await aWorker(store, chat, clock).isPending(aRecipient({ key, time }))).toBe(false);

  async function happen(one: Event): Promise<void> {
    switch (one.kind) {
      case 'wake':
        return wake(new Fate(one.strike, one.mode, lost));
      case 'time':
        return clock.advance(one.ms);
      case 'muted':
        return store.mutes.put({ team: key, untilMs: clock.now().getTime() + one.hours * HOUR_MS, by: 'U0BOB' });
      case 'unmuted':
        return store.mutes.remove(key);
      case 'closed':
        return void (one.is ? chat.slack.closed.add(CHANNEL) : chat.slack.closed.delete(CHANNEL));
      case 'readable':
        chat.slack.readable = one.is;
        return;
      case 'slack':
        chat.is = one.is;
        return;
      case 'moved':
        time = one.time;
    }
  }

  /** A job, as far as the queue carries it before something else happens; a killed worker's is carried on by the next. */
  async function wake(fate: Fate): Promise<void> {
    const worker = aWorker(store, chat, clock, fate);
    const recipient = aRecipient({ key, time, details: DETAILS });
    for (let runs = 0; runs < 8; runs += 1) {
      const ended = await Promise.race([
        fate.died.then(() => 'died' as const),
        worker.deliver(recipient).catch((error: unknown) => {
          if (!(error instanceof GoldenError)) throw error;
          return { kind: 'later', waitMs: 5000 } as const;
        }),
      ]);
      if (ended === 'died') return clock.advance(40_000);
      if (ended.kind !== 'later') return;
      clock.advance(Math.max(1, ended.waitMs));
    }
  }

  async function check(): Promise<void> {
    const heads = chat.slack.in(CHANNEL).map((standing) => standing.key);
    const details = chat.slack.in(CHANNEL, 'threads').map((standing) => standing.key);
    expect(heads).toEqual([...new Set(heads)]);
    expect(details).toEqual([...new Set(details)]);
    for (const { week, outcome } of await store.ledger.weeks(key, weeksUntil(clock.now()))) {
      if (outcome === undefined) continue;
      const text = JSON.stringify(outcome);
      expect(outcomes.get(week) ?? text).toBe(text);
      outcomes.set(week, text);
      const stands = heads.includes(`digest:${key}:${week}`);
      const fits = stands ? ['posted', 'unsure'] : ['unsure', 'skipped', 'muted', 'undelivered'];
      expect({ week, stands, state: fits.includes(outcome.state) ? 'fits' : outcome.state }).toEqual({
        week,
        stands,
        state: 'fits',
      });
    }
  }
}

/** A lost answer, as each adapter reports it. */
function lost(effect: string): unknown {
  if (effect === 'chat.say') return { kind: 'unsure', why: 'The connection broke.' };
  if (effect === 'chat.find') return { kind: 'busy', waitMs: 1000 };
  throw new RetryableError('Redis did not answer.', 'Ask again.');
}

function weeksUntil(now: Date): readonly string[] {
  const weeks = [weekAt(START, 'UTC')];
  while (weeks.at(-1)! < weekAt(now, 'UTC')) weeks.push(weekAfter(weeks.at(-1)!));
  return weeks;
}

test('given any events in any order, then no week has two digests, and its outcome fits what stands', async () => {
  process.stdout.write(`GOLDEN_SEED=${SEED}\n`);
  const events = fc.array(event, { minLength: 5, maxLength: 30 });
  await fc.assert(fc.asyncProperty(events, liveThrough), { numRuns: RUNS, seed: SEED });
}, 120_000);
