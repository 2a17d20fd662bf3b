import { InvalidQuery } from './failures.ts';

/** How machines are asked for. */
export interface TableUse {
  /** Both tables in one `union`. */
  readonly together: boolean;
  /** Tags of subscriptions by a second join. */
  readonly joinsSubscriptions: boolean;
  /** The instances of uniform scale sets at all. */
  readonly instances: boolean;
}

/**
 * The ways, cheapest first. The documentation limits `union` to some tables and counts joins with it, while the service
 * has been seen to take more; and some clouds lack the table of instances. So the next way is tried where one is refused.
 */
const WAYS: readonly TableUse[] = [
  { together: true, joinsSubscriptions: true, instances: true },
  { together: false, joinsSubscriptions: true, instances: true },
  { together: false, joinsSubscriptions: false, instances: true },
  { together: false, joinsSubscriptions: false, instances: false },
];

/** A refusal is believed for this long, in milliseconds; then the cheapest way is tried again. */
const BELIEVED_MS = 10 * 60_000;

/** Remembers which way the service takes. */
export class TableUses {
  #way = 0;
  #believedUntil = 0;
  #refusal: readonly string[] = [];

  /**
   * Asks in the cheapest way that is not known to be refused, and in the next where it is.
   *
   * @param spend Told of each refused request.
   * @returns the answer, and why instances of uniform scale sets are not in it, if they are not
   * @throws what `ask` throws; the first refusal where every way is refused, which then is not the tables' fault
   */
  async ask<T>(
    ask: (use: TableUse) => Promise<T>,
    spend: (requests: number) => void,
  ): Promise<{ readonly answer: T; readonly withoutInstances: string | undefined }> {
    let first: InvalidQuery | undefined;
    for (let way = Date.now() < this.#believedUntil ? this.#way : 0; ; way += 1) {
      const use = WAYS[way];
      if (!use) throw first as InvalidQuery;
      try {
        const answer = await ask(use);
        if (first) this.#learn(way, first);
        return { answer, withoutInstances: use.instances ? undefined : this.#withoutInstances() };
      } catch (error) {
        if (!(error instanceof InvalidQuery)) throw error;
        first ??= error;
        spend(1);
      }
    }
  }

  #withoutInstances(): string {
    return `Azure refuses to list them (${this.#refusal.join(', ')}); ask for them with the Azure CLI`;
  }

  #learn(way: number, refusal: InvalidQuery): void {
    this.#way = way;
    this.#believedUntil = Date.now() + BELIEVED_MS;
    this.#refusal = refusal.codes;
  }
}
