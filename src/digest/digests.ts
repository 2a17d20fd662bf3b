import type { Digest, PlatformDigest, Trouble, Week } from '../core/digest.ts';
import { RetryableError, UserError } from '../core/errors.ts';
import { folded, type Platform, type Team, type TeamDigest } from '../core/team.ts';
import { lastDue, nextDue, weekAt, weekBefore } from '../core/week.ts';
import type { Clock, Ledger, Mutes } from '../ports.ts';
import { weeksUpTo } from './due.ts';
import type { Memory } from './memory.ts';
import type { Post, Progress, SayOnce } from './say-once.ts';
import { type Composed, type Delivered, PLATFORM, type Recipient, type Weekly } from './weekly.ts';

/** Says digests as messages. */
export interface DigestViews {
  /**
   * @param how `weekly` mentions the approvers where nothing moves; `now` is asked for by a person.
   * @param lateSince When it should have come, where it comes late.
   */
  team(digest: Digest, how: 'weekly' | 'now', lateSince?: Date): Composed;
  platform(digest: PlatformDigest): Composed;
}

export interface DigestsParts {
  readonly weekly: Weekly;
  readonly once: Pick<SayOnce, 'say'>;
  readonly memory: Pick<Memory, 'digestOf' | 'platformDigestOf' | 'record'>;
  readonly mutes: Pick<Mutes, 'all'>;
  readonly ledger: Pick<Ledger, 'weeks'>;
  readonly views: DigestViews;
  readonly clock: Clock;
  readonly teams: readonly Team[];
  readonly platform: Platform;
  /** Waits so many milliseconds; tests do not. */
  readonly pause?: (ms: number) => Promise<void>;
}

/** A digest to come. */
export interface Upcoming {
  /** A team's name, or `PLATFORM`. */
  readonly key: string;
  readonly channel: string;
  readonly week: Week;
  readonly due: Date;
  readonly mutedUntil: Date | undefined;
}

/** A team that gets digests. */
export type DigestTeam = Team & { readonly channel: string; readonly digest: TeamDigest };

/** The weekly digests of all teams and of the platform. */
export class Digests {
  readonly #parts: DigestsParts;
  readonly #recipients: ReadonlyMap<string, Recipient>;

  constructor(parts: DigestsParts) {
    this.#parts = parts;
    const { teams, platform } = parts;
    const recipients = teams.filter(hasDigest).map((team) => this.#teamRecipient(team));
    if (platform.channel !== undefined) recipients.push(this.#platformRecipient(platform.channel));
    this.#recipients = new Map(recipients.map((recipient) => [recipient.key, recipient]));
  }

  /** Everybody who gets a digest. */
  recipients(): readonly Recipient[] {
    return [...this.#recipients.values()];
  }

  /** Does what is due for one of them. Somebody who gets none any more is no error: the job is older than golden.yml. */
  async deliver(key: string): Promise<Delivered> {
    const recipient = this.#recipients.get(key);
    return recipient ? this.#parts.weekly.deliver(recipient) : { kind: 'nothing' };
  }

  /** Those for whom something is due and not done. */
  async pending(): Promise<readonly string[]> {
    const { weekly } = this.#parts;
    const all = this.recipients();
    const pending = await Promise.all(all.map((recipient) => weekly.isPending(recipient)));
    return all.filter((_, index) => pending[index]).map(({ key }) => key);
  }

  /** Remembers today of every team. @throws RetryableError, FatalError */
  record(): ReturnType<Memory['record']> {
    return this.#parts.memory.record();
  }

  /** What a team's digest would say now; nothing is posted. @throws RetryableError, FatalError, UserError */
  async preview(team: Team): Promise<Digest> {
    const { memory, ledger, clock } = this.#parts;
    const week = weekAt(clock.now(), team.digest?.timezone ?? 'UTC');
    return memory.digestOf(team, week, await ledger.weeks(team.name, weeksUpTo(week)));
  }

  /**
   * Posts a team's digest now, whatever the ledger says of the week and without a word to it.
   *
   * @throws UserError where it cannot be posted, RetryableError, FatalError
   */
  async postNow(team: Team & { readonly channel: string }): Promise<{ readonly channel: string; readonly ts: string }> {
    const { views, clock } = this.#parts;
    const { head, thread } = views.team(await this.preview(team), 'now');
    // People click twice: within a minute it is the same digest.
    const key = `digest-now:${team.name}:${Math.floor(clock.now().getTime() / 60_000)}`;
    const until = clock.now().getTime() + PATIENCE_MS;
    const said = await this.#sayUntil(until, { key, channel: team.channel, message: head });
    switch (said.kind) {
      case 'said':
        for (const [index, message] of thread.entries()) {
          const detail = { key: `${key}:${index + 1}`, channel: said.channel, thread: said.ts, message };
          await this.#sayUntil(until, detail);
        }
        return said;
      case 'refused':
        throw new UserError(said.why, said.remedy);
      case 'later':
      case 'unsure':
        throw new RetryableError(
          'Slack is busy, or did not say whether it took the digest.',
          "Look into the team's channel before you post it again.",
        );
    }
  }

  /** Says it; waits where Slack asks to, and for an answer that was lost to be looked for, until an instant. */
  async #sayUntil(untilMs: number, post: Post): Promise<Progress> {
    const { once, clock, pause = paused } = this.#parts;
    for (;;) {
      const said = await once.say(post);
      if (said.kind !== 'later' || clock.now().getTime() + said.waitMs > untilMs) return said;
      await pause(said.waitMs);
    }
  }

  /** When everybody's next digest is due, soonest first. */
  async schedule(): Promise<readonly Upcoming[]> {
    const { mutes, clock } = this.#parts;
    const now = clock.now();
    const muted = new Map(
      (await mutes.all(now.getTime())).map(({ team, untilMs }) => [folded(team), new Date(untilMs)]),
    );
    return this.recipients()
      .map(({ key, channel, time }) => ({ key, channel, ...nextDue(time, now), mutedUntil: muted.get(folded(key)) }))
      .sort((a, b) => a.due.getTime() - b.due.getTime());
  }

  #teamRecipient(team: DigestTeam): Recipient {
    const { memory, views } = this.#parts;
    return {
      key: team.name,
      channel: team.channel,
      time: team.digest,
      compose: async ({ week, earlier, lateSince }) =>
        views.team(await memory.digestOf(team, week, earlier, { told: true }), 'weekly', lateSince),
    };
  }

  #platformRecipient(channel: string): Recipient {
    const { memory, views, platform } = this.#parts;
    return {
      key: PLATFORM,
      channel,
      time: platform.digest,
      compose: async ({ week }) => views.platform(await memory.platformDigestOf(week, await this.#troubles())),
    };
  }

  /** The teams' digests of the last week that are not where they belong. */
  async #troubles(): Promise<readonly Trouble[]> {
    const { ledger, clock, teams } = this.#parts;
    const now = clock.now();
    const found = await Promise.all(
      teams.filter(hasDigest).map(async ({ name, digest }): Promise<readonly Trouble[]> => {
        const latest: Week = lastDue(digest, now).week;
        const entries = await ledger.weeks(name, [weekBefore(latest), latest]);
        return entries.flatMap(({ week, outcome, trouble }) => {
          if (outcome?.state === 'undelivered') return [{ team: name, week, why: outcome.why, remedy: outcome.remedy }];
          if (outcome?.state === 'skipped') return [{ team: name, week, why: outcome.why, remedy: KEEP_RUNNING }];
          if (outcome?.state === 'unsure') return [{ team: name, week, why: UNSURE, remedy: GRANT_HISTORY }];
          return outcome === undefined && trouble ? [{ team: name, week, ...trouble }] : [];
        });
      }),
    );
    return found.flat();
  }
}

/** Somebody waits for the answer to a command, two minutes at the most. */
const PATIENCE_MS = 90_000;

function paused(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const KEEP_RUNNING = 'Run at least two workers, so that one is there when a digest is due.';
const UNSURE = 'Slack did not say whether it took the message.';
const GRANT_HISTORY =
  'Grant the optional scope channels:history (groups:history for private channels), so that Golden can look.';

/** Whether a digest of the team could be posted anywhere. */
export function hasChannel(team: Team): team is Team & { readonly channel: string } {
  return team.channel !== undefined;
}

/** Whether a team has a channel and a time. */
export function hasDigest(team: Team): team is DigestTeam {
  return team.channel !== undefined && team.digest !== undefined;
}
