import type { State } from './classification.ts';
import type { Counts } from './report.ts';

/** A day in UTC: `2026-11-21`. */
export type Day = string;

/** The day of an instant, in UTC. */
export function dayOf(instant: Date): Day {
  return instant.toISOString().slice(0, 10);
}

/** What is remembered of a team and day. */
export interface DayRecord {
  readonly day: Day;
  /** Milliseconds since 1970. */
  readonly asOfMs: number;
  readonly total: number;
  readonly counts: Counts;
  /** Findings in all: machines and models of scale sets. */
  readonly attention: number;
  /** Of the machines whose image's day of publication is known; absent where there are none. */
  readonly medianAgeDays?: number;
  readonly p90AgeDays?: number;
  /** False where something could not be read: what is missing then is not fixed. */
  readonly complete: boolean;
  /** A weekly digest was made of this reading: the next one is compared with it. */
  readonly told?: true;
}

/** A finding that was open at the end of a day. */
export interface OpenFinding {
  /** Resource id as Azure spelt it when it was first seen; compared without case. */
  readonly id: string;
  /** The day since which it is open without a break. */
  readonly since: Day;
  /** What it was on the last day it was seen. */
  readonly state: State;
  readonly image: string;
}
