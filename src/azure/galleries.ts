import { type CatalogueRow, catalogueOf, findGallery } from '../core/catalogue.ts';
import { FatalError } from '../core/errors.ts';
import type { Unread } from '../core/report.ts';
import { resourceName, subscriptionOf } from '../core/resource-id.ts';
import type { Answers, CatalogueReading, Clock, Galleries } from '../ports.ts';
import { catalogueQuery } from './catalogue-query.ts';
import { NothingReadable } from './failures.ts';
import type { Answer, ResourceGraph } from './resource-graph.ts';
import { subscriptionScopes } from './scopes.ts';

/** How long a catalogue is shared, in milliseconds. Versions are published monthly; minutes are fresh. */
const CATALOGUE_LIFETIME_MS = 10 * 60_000;

/**
 * How long a process uses a catalogue without asking whether a newer one is shared, in milliseconds: a catalogue may be
 * megabytes, and under load every command needs it.
 */
const HELD_MS = 5_000;

/** What is kept of one reading; plain JSON, so that replicas can share it. */
interface Stored {
  readonly asOfMs: number;
  readonly rows: readonly CatalogueRow[];
  /** Why nothing at all could be read, if so. */
  readonly refused: string | undefined;
  readonly requests: number;
}

/** Reads the approved galleries from Azure Resource Graph and keeps the reading for all processes. */
export class ResourceGraphGalleries implements Galleries {
  readonly #graph: ResourceGraph;
  readonly #answers: Answers;
  readonly #clock: Clock;
  readonly #galleries: readonly string[];
  readonly #subscriptions: readonly string[];
  /** The last reading as a catalogue: parsing thousands of versions for each command would be waste. */
  #parsed: { readonly asOfMs: number; readonly reading: CatalogueReading; readonly heldUntilMs: number } | undefined;

  /**
   * @param parts.galleries Ids of the approved galleries.
   * @param parts.subscriptions Subscriptions that the configuration names and that therefore have to be readable.
   */
  constructor(parts: {
    graph: ResourceGraph;
    answers: Answers;
    clock: Clock;
    galleries: readonly string[];
    subscriptions: readonly string[];
  }) {
    this.#graph = parts.graph;
    this.#answers = parts.answers;
    this.#clock = parts.clock;
    this.#galleries = parts.galleries;
    this.#subscriptions = parts.subscriptions;
  }

  async read(options: { fresh?: boolean; signal?: AbortSignal } = {}): Promise<CatalogueReading> {
    const held = this.#parsed;
    if (!options.fresh && held && this.#clock.now().getTime() < held.heldUntilMs)
      return { ...held.reading, requests: 0 };

    const { value, reused } = await this.#answers.share<Stored>('catalogue', () => this.#ask(options.signal), {
      lifetimeMs: CATALOGUE_LIFETIME_MS,
      ...(options.fresh === undefined ? {} : { fresh: options.fresh }),
    });
    const known = this.#parsed?.asOfMs === value.asOfMs ? this.#parsed.reading : undefined;
    const reading = known ?? this.#parse(value);
    this.#parsed = { asOfMs: value.asOfMs, reading, heldUntilMs: this.#clock.now().getTime() + HELD_MS };
    return { ...reading, requests: reused ? 0 : value.requests };
  }

  async #ask(signal: AbortSignal | undefined): Promise<Stored> {
    const asOfMs = this.#clock.now().getTime();
    const owners = this.#galleries.flatMap((id) => subscriptionOf(id) ?? []);
    const ids = [...new Set([...owners, ...this.#subscriptions.map((id) => id.toLowerCase())])];
    if (ids.length === 0) return { asOfMs, rows: [], refused: undefined, requests: 0 };
    const answers: Answer[] = [];
    let requests = 0;
    for (const scope of subscriptionScopes(ids)) {
      try {
        const answer = await this.#graph.ask(catalogueQuery(this.#galleries, this.#subscriptions), { scope, signal });
        answers.push(answer);
        requests += answer.requests;
      } catch (error) {
        // What is missing is told one by one from what the others say.
        if (!(error instanceof NothingReadable || (error instanceof FatalError && isForbidden(error)))) throw error;
        requests += 1;
      }
    }
    const refused = answers.length === 0 ? 'the identity may read none of these subscriptions' : undefined;
    return { asOfMs, rows: answers.flatMap((answer) => answer.rows as readonly CatalogueRow[]), refused, requests };
  }

  #parse(stored: Stored): CatalogueReading {
    const catalogue = catalogueOf(stored.rows);
    const readable = new Set(
      stored.rows
        .filter((row) => String(row.type).toLowerCase() === 'microsoft.resources/subscriptions')
        .map((row) => String(row.subscriptionId).toLowerCase()),
    );
    const hint = stored.refused ?? "not visible to the bot's identity: give it the Reader role there";
    const unread: Unread[] = [
      ...this.#subscriptions
        .filter((id) => !readable.has(id.toLowerCase()))
        .map((id) => ({ scope: `subscription ${id}`, reason: hint, hides: { subscription: id } })),
      ...this.#galleries
        .filter((id) => findGallery(catalogue, id) === undefined)
        .map((id) => ({ scope: `gallery ${resourceName(id)} (${id})`, reason: hint, hides: 'nothing' as const })),
    ];
    return { catalogue, asOf: new Date(stored.asOfMs), unread, requests: stored.requests };
  }
}

function isForbidden(error: FatalError): boolean {
  return (error.cause as { statusCode?: number } | undefined)?.statusCode === 403;
}
