import type { Week } from '../core/digest.ts';
import { GoldenError } from '../core/errors.ts';
import { folded, type TeamDigest } from '../core/team.ts';
import type { DueWeek } from '../core/week.ts';
import type { ChatMessage, Clock, Ledger, Mutes, Notes, WeekEntry, WeekOutcome } from '../ports.ts';
import { dueNow, entryOf } from './due.ts';
import type { Post, Progress, SayOnce } from './say-once.ts';

/** Who gets a message every week. */
export interface Recipient {
  /** Names it in the ledger: a team's name, or `PLATFORM`. */
  readonly key: string;
  readonly channel: string;
  readonly time: TeamDigest;
  /** Makes this week's message. @throws RetryableError, FatalError */
  compose(of: {
    readonly week: Week;
    readonly earlier: readonly WeekEntry[];
    /** When it should have come, where it comes late. */
    readonly lateSince: Date | undefined;
  }): Promise<Composed>;
}

/** The platform's name in the ledger; no team can have it. */
export const PLATFORM = '@platform';

/** A digest ready to be said: one message for the channel, the details for its thread. */
export interface Composed {
  readonly head: ChatMessage;
  readonly thread: readonly ChatMessage[];
}

/** Why a week's digest is not where it belongs. */
export type Problem =
  /** `final`: it is not tried again. */
  | { readonly kind: 'undelivered'; readonly why: string; readonly remedy: string; readonly final: boolean }
  | { readonly kind: 'unsure' };

/** How far a recipient's digest is. */
export type Delivered =
  /** Nothing is due. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'done'; readonly week: Week; readonly outcome: WeekOutcome }
  /** Come back then: somebody else is at it, Slack asks to wait, or it is not this one's turn yet. */
  | { readonly kind: 'later'; readonly waitMs: number }
  /** It cannot be delivered now; the sweep tries again. */
  | { readonly kind: 'trouble'; readonly week: Week; readonly why: string; readonly remedy: string };

/** The week is somebody else's, or done. */
type NotOurs = Extract<Delivered, { kind: 'later' | 'nothing' }>;

export interface WeeklyParts {
  readonly ledger: Ledger;
  readonly notes: Notes;
  readonly mutes: Mutes;
  readonly once: Pick<SayOnce, 'say' | 'look' | 'find'>;
  readonly clock: Clock;
  readonly draw: () => string;
  /**
   * Tells whoever can help. Safe to call again: everybody is told once.
   *
   * @returns milliseconds after which it has to be called again; 0 when everybody is told
   */
  readonly tell: (recipient: Recipient, week: Week, problem: Problem) => Promise<number>;
  /** How long a worker may be silent before another one takes over, in milliseconds. */
  readonly leaseMs?: number;
}

/** Longer than the longest wait between two renewals: one message, with its wait for a turn and Slack's timeout. */
const LEASE_MS = 60_000;
/** Composed messages are kept for a retry, not for ever. */
const COMPOSED_MS = 14 * 86_400_000;
/** Other digests that are due at the same minute come before the details of this one. */
const AFTER_THE_HEADS_MS = 1;

/** Delivers weekly messages: at most one for each recipient and ISO week, and one for each wherever that can be known. */
export class Weekly {
  readonly #parts: WeeklyParts;
  readonly #leaseMs: number;

  constructor(parts: WeeklyParts) {
    this.#parts = parts;
    this.#leaseMs = parts.leaseMs ?? LEASE_MS;
  }

  /** Whether something is to be done for a recipient now. Asks the ledger alone. */
  async isPending(recipient: Recipient): Promise<boolean> {
    const { send, skip } = await dueNow(recipient, this.#parts);
    return send !== undefined || skip.length > 0;
  }

  /**
   * Does what is due: sends, sends late, skips. Safe to call at any time, from any number of processes, again after a crash.
   *
   * @throws FatalError, RetryableError where Slack or Redis cannot be used at all; nothing is lost by that
   */
  async deliver(recipient: Recipient): Promise<Delivered> {
    const { send, skip, entries, sinceMs } = await dueNow(recipient, this.#parts);
    for (const { week } of skip) {
      const ended = await this.#held(recipient, week, () => this.#skip(recipient, week, entryOf(entries, week)));
      if (ended.kind === 'later') return ended;
    }
    if (!send) return { kind: 'nothing' };
    // What was skipped just now is named in the one that follows.
    const earlier = skip.length > 0 ? (await dueNow(recipient, this.#parts)).entries : entries;
    return this.#held(recipient, send.week, async (token) => {
      // What was composed under this ledger needs no looking: it goes on where it stopped.
      const isOurs = (await this.#parts.notes.get(headKey(recipient.key, send.week))) !== undefined;
      if (send.due.getTime() < sinceMs && !isOurs) {
        const known = await this.#beforeTheLedger(recipient, send);
        if (known) return known;
      }
      return this.#send(recipient, send, earlier, token);
    });
  }

  /** Works on a week that nobody else works on, and gives it back, with what stood in the way. */
  async #held(recipient: Recipient, week: Week, work: (token: string) => Promise<Delivered>): Promise<Delivered> {
    const { ledger, clock, draw } = this.#parts;
    const token = draw();
    const taken = await this.#take(recipient, week, token);
    if (taken !== 'taken') return taken;
    let trouble: { readonly why: string; readonly remedy: string } | undefined;
    try {
      const delivered = await work(token);
      if (delivered.kind === 'trouble') trouble = delivered;
      return delivered;
    } catch (error) {
      trouble = error instanceof GoldenError ? { why: error.message, remedy: error.hint } : FAULT;
      throw error;
    } finally {
      const noted = trouble && { why: trouble.why, remedy: trouble.remedy, atMs: clock.now().getTime() };
      await ledger.giveBack(recipient.key, week, token, noted);
    }
  }

  /**
   * A week that was due before the ledger began may have been posted under an earlier one, in a Redis that was lost. Where
   * nobody may look it is a first digest, as it nearly always is.
   */
  async #beforeTheLedger({ channel, key, ...rest }: Recipient, { week, due }: DueWeek): Promise<Delivered | undefined> {
    const found = await this.#parts.once.find({ key: headKey(key, week), channel }, due);
    if (found.kind === 'busy') return { kind: 'later', waitMs: found.waitMs };
    if (found.kind !== 'found') return undefined;
    const outcome: WeekOutcome = { state: 'posted', channel: found.channel, ts: found.ts, late: false };
    return this.#settle({ ...rest, key, channel }, week, outcome);
  }

  /** Ends a week that is too late to be sent; its message may have been said before everything stopped. */
  async #skip(recipient: Recipient, week: Week, entry: WeekEntry | undefined): Promise<Delivered> {
    const { key, time } = recipient;
    const channel = await this.#channelOf(recipient, week);
    const head = await this.#parts.once.look({ key: headKey(key, week), channel });
    switch (head.kind) {
      case 'later':
        return head;
      case 'said':
        return this.#settle(recipient, week, { state: 'posted', channel: head.channel, ts: head.ts, late: false });
      case 'unsure':
        return this.#settleTold(recipient, week, { state: 'unsure', channel });
      case 'not':
        return entry?.trouble
          ? this.#settleTold(recipient, week, { ...entry.trouble, state: 'undelivered' })
          : this.#settle(recipient, week, { state: 'skipped', why: notRunning(time) });
    }
  }

  async #take(recipient: Recipient, week: Week, token: string): Promise<'taken' | NotOurs> {
    const { ledger, clock } = this.#parts;
    const nowMs = clock.now().getTime();
    const taken = await ledger.take(recipient.key, week, { token, nowMs, leaseMs: this.#leaseMs });
    if (taken === 'taken') return taken;
    return taken === 'busy' ? { kind: 'later', waitMs: this.#leaseMs / 4 } : { kind: 'nothing' };
  }

  async #send(
    recipient: Recipient,
    due: DueWeek & { readonly late: boolean },
    entries: readonly WeekEntry[],
    token: string,
  ): Promise<Delivered> {
    const { notes, once, tell, mutes, clock } = this.#parts;
    const nowMs = clock.now().getTime();
    const { week, late } = due;
    const key = headKey(recipient.key, week);
    const mute = (await mutes.all(nowMs)).find(({ team }) => folded(team) === folded(recipient.key));
    if (mute) {
      // What was said before somebody muted the team gets its details and its outcome all the same.
      const begun = await once.look({ key, channel: await this.#channelOf(recipient, week) });
      if (begun.kind === 'later') return begun;
      if (begun.kind === 'not') return this.#settle(recipient, week, { state: 'muted', untilMs: mute.untilMs });
    }
    const { channel, head, thread } = await this.#composed(recipient, due, entries);
    const said = await this.#say({ key, channel, message: head }, recipient, week, token);
    switch (said.kind) {
      case 'later':
      case 'nothing':
        return said;
      case 'unsure':
        return this.#settleTold(recipient, week, { state: 'unsure', channel });
      case 'refused': {
        const { why, remedy } = said;
        if (said.about === 'other') return this.#settleTold(recipient, week, { state: 'undelivered', why, remedy });
        // Somebody may mend the channel while the week lasts; what is said then has to be of that hour.
        await notes.remove(key);
        const waitMs = await tell(recipient, week, { kind: 'undelivered', why, remedy, final: false });
        return waitMs > 0 ? { kind: 'later', waitMs } : { kind: 'trouble', week, why, remedy };
      }
      case 'said': {
        if (said.justNow && thread.length > 0) return { kind: 'later', waitMs: AFTER_THE_HEADS_MS };
        for (const [index, message] of thread.entries()) {
          const detail = { key: `${key}:${index + 1}`, channel: said.channel, thread: said.ts, message };
          const told = await this.#say(detail, recipient, week, token);
          if (told.kind === 'later' || told.kind === 'nothing') return told;
          // Details that cannot be said do not keep the digest open: all of it is one command away.
        }
        return this.#settle(recipient, week, { state: 'posted', channel: said.channel, ts: said.ts, late });
      }
    }
  }

  /** Says one message while the week is still ours. */
  async #say(post: Post, recipient: Recipient, week: Week, token: string): Promise<Progress | NotOurs> {
    const ours = await this.#take(recipient, week, token);
    return ours === 'taken' ? this.#parts.once.say(post) : ours;
  }

  /** The messages of a week and where they go: made once, so that whoever goes on after a crash says the same there. */
  async #composed(
    recipient: Recipient,
    { week, due, late }: DueWeek & { readonly late: boolean },
    earlier: readonly WeekEntry[],
  ): Promise<Composed & { readonly channel: string }> {
    const { notes } = this.#parts;
    const key = headKey(recipient.key, week);
    const known = await notes.get(key);
    if (known !== undefined) return known as Composed & { channel: string };
    const composed = {
      ...(await recipient.compose({ week, earlier, lateSince: late ? due : undefined })),
      channel: recipient.channel,
    };
    await notes.put(key, composed, COMPOSED_MS);
    return composed;
  }

  /** Where a week's message went, if it did: golden.yml may name another channel since. */
  async #channelOf(recipient: Recipient, week: Week): Promise<string> {
    const known = (await this.#parts.notes.get(headKey(recipient.key, week))) as { channel?: string } | undefined;
    return known?.channel ?? recipient.channel;
  }

  /** Ends a week that somebody has to hear of. Told before it ends: who dies in between tells again, and that is done once. */
  async #settleTold(
    recipient: Recipient,
    week: Week,
    outcome: Extract<WeekOutcome, { state: 'unsure' | 'undelivered' }>,
  ): Promise<Delivered> {
    const problem: Problem =
      outcome.state === 'unsure'
        ? { kind: 'unsure' }
        : { kind: 'undelivered', why: outcome.why, remedy: outcome.remedy, final: true };
    const waitMs = await this.#parts.tell(recipient, week, problem);
    return waitMs > 0 ? { kind: 'later', waitMs } : this.#settle(recipient, week, outcome);
  }

  async #settle(recipient: Recipient, week: Week, outcome: WeekOutcome): Promise<Delivered> {
    const { ledger, notes, clock } = this.#parts;
    await ledger.settle(recipient.key, week, outcome, clock.now().getTime());
    await notes.remove(headKey(recipient.key, week));
    return { kind: 'done', week, outcome };
  }
}

/** What is no error of ours: nobody is told more than the log. */
const FAULT = {
  why: 'Golden failed to make or to post it, by a fault of its own.',
  remedy: 'Tell whoever runs Golden: its log has what went wrong.',
} as const;

function headKey(recipient: string, week: Week): string {
  return `digest:${recipient}:${week}`;
}

function notRunning({ catchUpHours }: TeamDigest): string {
  return `Golden was not running when it was due, nor in the ${catchUpHours} hours after that; or golden.yml said another time then.`;
}
