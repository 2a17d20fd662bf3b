import type { AzureScope } from '../config.ts';
import type { Unread } from '../core/report.ts';
import { InvalidQuery, NothingReadable } from './failures.ts';
import type { MachineSource } from './machine-queries.ts';
import { subscriptionScopes } from './scopes.ts';
import { TableUses } from './table-use.ts';

/** Part of a question about machines: one source in one part of the scope. */
export interface MachinePart<Tagged> {
  readonly source: MachineSource<Tagged>;
  readonly scope: AzureScope;
  /** The question has no other parts, so that Azure itself can cut the window asked for. */
  readonly alone: boolean;
}

/** The answers of all parts, and what they cost. */
export interface PartAnswers<T> {
  readonly answers: readonly T[];
  /** Requests made, refused ones among them. */
  readonly requests: number;
  /** Why instances of uniform scale sets are not in the answers, if they are not. */
  readonly withoutInstances: string | undefined;
}

/** Asks about machines part by part: tables and scopes as far as the service takes them in one request. */
export class MachineParts {
  readonly #scope: AzureScope;
  readonly #uses = new TableUses();

  constructor(scope: AzureScope) {
    this.#scope = scope;
  }

  /**
   * Asks every part of a question, in the way that the service takes, and counts all requests that it cost.
   *
   * @param tagged Finds the subscriptions with a wanted tag, where they cannot be joined.
   * @throws InvalidQuery with all requests that it took, where every way is refused; RetryableError, FatalError
   */
  async ask<Tagged, T extends { readonly requests: number }>(
    tagged: (scope: AzureScope) => Promise<{ readonly ids: Tagged; readonly requests: number }>,
    ask: (part: MachinePart<Tagged>) => Promise<T>,
  ): Promise<PartAnswers<T>> {
    let requests = 0;
    const scopes = this.#scope.kind === 'subscriptions' ? subscriptionScopes(this.#scope.ids) : [this.#scope];
    const asked = this.#uses.ask(
      async ({ together, joinsSubscriptions, instances }) => {
        const tables = together
          ? (['both'] as const)
          : (['resources', ...(instances ? (['computeresources'] as const) : [])] as const);
        const given: T[] = [];
        let nothing: NothingReadable | undefined;
        for (const scope of scopes) {
          try {
            const found = joinsSubscriptions ? undefined : await tagged(scope);
            requests += found?.requests ?? 0;
            for (const table of tables) {
              const source: MachineSource<Tagged> = { tables: table, subscriptionTags: found ? found.ids : 'joined' };
              given.push(await ask({ source, scope, alone: tables.length === 1 && scopes.length === 1 }));
            }
          } catch (error) {
            // None of this part's subscriptions: the catalogue's reading names each of them as unread.
            if (!(error instanceof NothingReadable)) throw error;
            requests += 1;
            nothing = error;
          }
        }
        if (nothing && given.length === 0) throw nothing;
        return given;
      },
      (spent) => (requests += spent),
    );
    const { answer: answers, withoutInstances } = await asked.catch((error: unknown) => {
      throw error instanceof InvalidQuery ? new InvalidQuery(error.codes, error.cause, requests) : error;
    });
    return {
      answers,
      requests: requests + answers.reduce((sum, answer) => sum + answer.requests, 0),
      withoutInstances,
    };
  }

  /** What cannot be read of the scope, as far as the answers tell. */
  unread(scopeTruncated: boolean, withoutInstances: string | undefined): readonly Unread[] {
    return [
      ...(scopeTruncated
        ? [
            {
              scope: 'subscriptions beyond the first 10,000',
              reason: 'Azure Resource Graph covers no more in one question',
            },
          ]
        : []),
      ...(withoutInstances === undefined
        ? []
        : [{ scope: 'instances of uniform scale sets', reason: withoutInstances, hides: 'instances' as const }]),
    ];
  }

  /** The subscriptions among these that the scope does not hold. */
  outside(subscriptions: readonly string[]): readonly string[] {
    if (this.#scope.kind !== 'subscriptions') return [];
    const configured = this.#scope.ids.map((id) => id.toLowerCase());
    return subscriptions.filter((id) => !configured.includes(id.toLowerCase()));
  }
}

/** Subscriptions that golden.yml gives to a team and that are not read. */
export function outsideUnread(ids: readonly string[]): readonly Unread[] {
  return ids.map((id) => ({
    scope: `subscription ${id}`,
    reason: 'golden.yml names it for this team, but not under azure.subscriptions',
    hides: { subscription: id },
  }));
}
