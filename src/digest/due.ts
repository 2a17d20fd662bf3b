import type { Week } from '../core/digest.ts';
import { HOUR_MS } from '../core/local-time.ts';
import { type DueWeek, pendingWeeks, weekAt, weekBefore } from '../core/week.ts';
import type { Clock, Ledger, Notes, WeekEntry } from '../ports.ts';
import type { Recipient } from './weekly.ts';

/** Weeks of the ledger that are read: what is older is nobody's news any more. */
const WEEKS_READ = 10;

/** What is to be done for a recipient now. */
export interface Due {
  readonly send: (DueWeek & { readonly late: boolean }) | undefined;
  /** Too late to be sent, oldest first. */
  readonly skip: readonly DueWeek[];
  /** What the ledger says of the last weeks, oldest first. */
  readonly entries: readonly WeekEntry[];
  /** Since when the ledger knows of the recipient, in milliseconds since 1970. */
  readonly sinceMs: number;
}

/** Which weeks are due and have no outcome. @throws RetryableError, FatalError where Redis cannot say */
export async function dueNow(
  { key, time }: Pick<Recipient, 'key' | 'time'>,
  parts: { readonly ledger: Ledger; readonly notes: Notes; readonly clock: Clock },
): Promise<Due> {
  const { ledger, clock } = parts;
  const now = clock.now();
  const thisWeek = weekAt(now, time.timezone);
  const [sinceMs, entries, changedMs] = await Promise.all([
    // Asked each time: a Redis that was lost begins anew while this process goes on.
    ledger.since(key, now.getTime()),
    ledger.weeks(key, weeksUpTo(thisWeek)),
    changedAt({ key, time }, parts.notes, now),
  ]);
  const settled = (week: Week) => entryOf(entries, week)?.outcome !== undefined;
  const { catchUpHours } = time;
  // What was due shortly before anybody knew of the recipient was missed like any other; nobody asks for what is older.
  const from = sinceMs - catchUpHours * HOUR_MS;
  const { send, skip } = pendingWeeks({ time, catchUpHours, sinceMs: from, now, settled });
  const missed = skip.filter(({ due }) => due.getTime() >= sinceMs);
  // A week whose time golden.yml moved into the past was not missed: it comes now.
  const moved = missed.at(-1);
  if (send || moved?.week !== thisWeek || moved.due.getTime() >= changedMs) {
    return { entries, sinceMs, send, skip: missed };
  }
  return { entries, sinceMs, send: { ...moved, late: true }, skip: missed.slice(0, -1) };
}

/** When golden.yml was seen to say another time than before, in milliseconds since 1970; 0 where it never did. */
async function changedAt({ key, time }: Pick<Recipient, 'key' | 'time'>, notes: Notes, now: Date): Promise<number> {
  const said = `${time.day} ${time.time} ${time.timezone}`;
  const known = (await notes.get(`time:${key}`)) as { said: string; changedMs: number } | undefined;
  if (known?.said === said) return known.changedMs;
  const changedMs = known === undefined ? 0 : now.getTime();
  await notes.put(`time:${key}`, { said, changedMs });
  return changedMs;
}

/** The weeks of the ledger that say what happened lately, oldest first. */
export function weeksUpTo(last: Week): readonly Week[] {
  const weeks = [last];
  while (weeks.length < WEEKS_READ) weeks.unshift(weekBefore(weeks[0] ?? last));
  return weeks;
}

/** What the ledger says of a week. */
export function entryOf(entries: readonly WeekEntry[], week: Week): WeekEntry | undefined {
  return entries.find((entry) => entry.week === week);
}
