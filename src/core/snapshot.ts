import type { State } from './classification.ts';
import type { Kind, MachineType } from './machine.ts';
import type { Counts, Unread } from './report.ts';

/**
 * What one pass over Azure found, as it is shared between processes: plain JSON, no Date, no undefined that matters. Texts
 * may hold names from Azure and are escaped where they are shown.
 */

/** Findings that call for the same thing: a digest says them in one line. */
export interface Case {
  readonly state: State;
  readonly kind: Kind;
  readonly type: MachineType;
  /** The image in a few words: `ubuntu-22 1.4.0`, `Marketplace image canonical:ubuntu:22`. */
  readonly image: string;
  /** Why they are in this state, a sentence (`reasonOf`). */
  readonly reason: string;
  /** What to do, a sentence (`nextStepOf`). */
  readonly nextStep: string;
  /** Resource ids as Azure spells them, by name. */
  readonly ids: readonly string[];
}

/** Machines of one image version (or other image), for "versions in use". */
export interface VersionUse {
  /** Definition name, or what the image is where it has no definition. */
  readonly definition: string;
  /** Empty where the image has no version. */
  readonly version: string;
  readonly state: State;
  readonly machines: number;
  /** Whole days since its publication. */
  readonly ageDays?: number;
  /** When it, or its definition, ends; milliseconds since 1970. */
  readonly endsAtMs?: number;
}

/** One team's part of a pass. */
export interface TeamSnapshot {
  readonly team: string;
  readonly asOfMs: number;
  readonly total: number;
  readonly counts: Counts;
  /** Machines by whole days since their image version was published, youngest first; only where that day is known. */
  readonly ages: readonly (readonly [ageDays: number, machines: number])[];
  /** Most used first. */
  readonly versions: readonly VersionUse[];
  /** Worst first; scale sets whose model needs attention among them. */
  readonly cases: readonly Case[];
  /** Warnings about images in use, as sentences. */
  readonly warnings: readonly string[];
  /** What could not be read, for this team and in general. */
  readonly unread: readonly Unread[];
}

/** What the pass found besides the teams, and what it cost. */
export interface EstateSnapshot {
  readonly asOfMs: number;
  /** Machines Azure counts in all, found independently of the groups (scale sets' models included). */
  readonly total: number;
  /** Machines that are no team's. */
  readonly unowned: { readonly total: number; readonly counts: Counts; readonly examples: readonly string[] };
  /** Over all machines, each counted once though several teams may own it. */
  readonly overall: { readonly total: number; readonly counts: Counts };
  readonly versions: readonly VersionUse[];
  readonly unread: readonly Unread[];
  /** Resource Graph requests made for the pass. */
  readonly requests: number;
}
