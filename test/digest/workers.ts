import { RetryableError } from '../../src/core/errors.ts';
import type { TeamDigest } from '../../src/core/team.ts';
import { SayOnce } from '../../src/digest/say-once.ts';
import { tellProblem } from '../../src/digest/tell.ts';
import { type Composed, type Delivered, type Recipient, Weekly } from '../../src/digest/weekly.ts';
import type { Chat, ChatMessage } from '../../src/ports.ts';
import type { Store } from '../../src/store/index.ts';
import { aTeam } from '../slack/build.ts';
import { Fate } from './crash.ts';

/** A clock that moves when told to. */
export class SimulatedClock {
  #ms: number;
  constructor(start: Date) {
    this.#ms = start.getTime();
  }
  now(): Date {
    return new Date(this.#ms);
  }
  advance(ms: number): void {
    this.#ms += ms;
  }
  moveTo(date: Date): void {
    this.#ms = Math.max(this.#ms, date.getTime());
  }
}

export const MONDAYS: TeamDigest = {
  day: 'monday',
  time: '09:00',
  timezone: 'Europe/Berlin',
  catchUpHours: 24,
  escalateAfterWeeks: 4,
};

const said = (text: string): ChatMessage => ({ text, blocks: [] });

/** A recipient whose digest says its week, with so many messages in the thread. */
export function aRecipient(
  given: { key?: string; channel?: string; time?: TeamDigest; details?: number } = {},
): Recipient {
  const { key = 'payments', channel = 'C0PAYMENTS', time = MONDAYS, details = 0 } = given;
  return {
    key,
    channel,
    time,
    compose: async ({ week }): Promise<Composed> => ({
      head: said(`${key} ${week}`),
      thread: Array.from({ length: details }, (_, index) => said(`${key} ${week} detail ${index + 1}`)),
    }),
  };
}

export const PLATFORM_CHANNEL = 'C0PLATFORM';
let drawn = 0;

/** A worker over a store and a Slack; every call it makes there is an effect of its fate. */
export function aWorker(
  store: Pick<Store, 'ledger' | 'notes' | 'posts' | 'mutes'>,
  slack: Chat,
  clock: SimulatedClock,
  fate = new Fate(),
) {
  const draw = () => {
    drawn += 1;
    return `token-${drawn}`;
  };
  const once = new SayOnce({ chat: fate.over('chat', slack), posts: fate.over('posts', store.posts), clock, draw });
  const weekly = new Weekly({
    ledger: fate.over('ledger', store.ledger),
    notes: fate.over('notes', store.notes),
    mutes: fate.over('mutes', store.mutes),
    once,
    clock,
    draw,
    tell: (recipient, week, problem) =>
      tellProblem(
        {
          once,
          people: fate.over('people', { approvers: async () => ['U0BOB'] }),
          platform: { channel: PLATFORM_CHANNEL, digest: MONDAYS },
          teams: [aTeam({ name: recipient.key, channel: recipient.channel, digest: recipient.time })],
          view: (what, { kind }) => said(`${what.recipient} ${what.week} ${kind}`),
          onUntold: () => {},
        },
        recipient,
        week,
        problem,
      ),
  });
  return weekly;
}

/** What a queue does with a job: runs it, again when it says so or when Redis or Slack failed it, until it is over. */
export async function runJob(
  weekly: Weekly,
  recipient: Recipient,
  clock: SimulatedClock,
  fate = new Fate(),
): Promise<Delivered | 'died'> {
  for (let runs = 0; runs < 60; runs += 1) {
    const ended = await Promise.race([
      fate.died.then(() => 'died' as const),
      weekly.deliver(recipient).catch((error: unknown) => {
        if (!(error instanceof RetryableError)) throw error;
        return { kind: 'later', waitMs: 5000 } as const;
      }),
    ]);
    if (ended === 'died' || ended.kind !== 'later') return ended;
    clock.advance(Math.max(1, ended.waitMs));
  }
  throw new Error('The job does not come to an end.');
}
