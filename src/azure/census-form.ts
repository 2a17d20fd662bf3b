import type { AzureScope } from '../config.ts';
import type { Exemption } from '../core/policy.ts';
import type { KeyRank } from '../ports.ts';
import type { CensusSource } from './census-queries.ts';
import type { CensusGroup, Member } from './census-rows.ts';
import { InvalidQuery } from './failures.ts';

/** What a census asks about: machines of one source in one part of the scope. */
export interface CensusPart {
  readonly source: CensusSource;
  readonly scope: AzureScope;
  readonly exemptions: readonly Exemption[];
  readonly signal: AbortSignal | undefined;
}

/** One form of asking about the machines of all teams. @throws InvalidQuery where Azure refuses it */
export interface CensusForm {
  groups(part: CensusPart): Promise<{
    readonly groups: readonly CensusGroup[];
    /** Whether that is all, as far as the answers themselves tell. */
    readonly complete: boolean;
    readonly scopeTruncated: boolean;
    readonly requests: number;
  }>;
  /** @param others All other keys, so that a query may name whichever are fewer. */
  members(
    part: CensusPart,
    keys: readonly KeyRank[],
    others: readonly string[],
  ): Promise<{ readonly members: readonly Member[]; readonly complete: boolean; readonly requests: number }>;
}

/** A reading, how many machines it found, and whether those are all. */
interface Reading {
  readonly found: number;
  readonly complete: boolean;
  readonly requests: number;
}

/**
 * How long it is believed that the packed form is no good, in milliseconds. A pass is good for ten minutes: with less than
 * that, every pass would try in vain.
 */
const BELIEVED_MS = 60 * 60_000;

/**
 * Asks in the packed form, and in the plain one where that is refused or does not become complete: how long a list Azure
 * makes, and of what, is documented nowhere, while the plain form asks for no more than a team's status does.
 */
export class CensusForms {
  readonly #packed: CensusForm;
  readonly #plain: CensusForm;
  #plainUntil = 0;

  constructor(packed: CensusForm, plain: CensusForm) {
    this.#packed = packed;
    this.#plain = plain;
  }

  /** The better of both readings, with the requests of both. @throws what the plain form throws; RetryableError, FatalError */
  async ask<T extends Reading>(ask: (form: CensusForm) => Promise<T>): Promise<T> {
    if (Date.now() < this.#plainUntil) return ask(this.#plain);
    const packed = await orRefusal(ask(this.#packed));
    if (packed instanceof InvalidQuery) {
      this.#plainUntil = Date.now() + BELIEVED_MS;
      const plain = await ask(this.#plain);
      return { ...plain, requests: packed.requests + plain.requests };
    }
    if (packed.complete) return packed;
    const plain = await orRefusal(ask(this.#plain));
    const requests = packed.requests + plain.requests;
    if (plain instanceof InvalidQuery || (!plain.complete && plain.found <= packed.found))
      return { ...packed, requests };
    this.#plainUntil = Date.now() + BELIEVED_MS;
    return { ...plain, requests };
  }
}

function orRefusal<T>(asked: Promise<T>): Promise<T | InvalidQuery> {
  return asked.catch((error: unknown) => {
    if (error instanceof InvalidQuery) return error;
    throw error;
  });
}
