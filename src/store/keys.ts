import { folded } from '../core/team.ts';

/**
 * Every Redis key of ours. They share one hash tag, so that all of them live in one slot: Cluster, Sentinel and managed
 * Redis serve alike, and one script may touch several.
 *
 * What is remembered of teams outlives any change of the configuration; it goes by their names, whose case does not count.
 */
export function keysOf(prefix: string) {
  return {
    answer: (key: string) => `${prefix}:answer:${key}`,
    asking: (key: string) => `${prefix}:asking:${key}`,
    once: (key: string) => `${prefix}:once:${key}`,
    snapshots: (scope: string) => `${prefix}:snapshots:${scope}`,
    quota: `${prefix}:resource-graph-quota`,
    history: (team: string) => ({
      head: `${prefix}:history:head:${folded(team)}`,
      days: `${prefix}:history:days:${folded(team)}`,
      changes: `${prefix}:history:changes:${folded(team)}`,
    }),
    ledger: (team: string) => `${prefix}:ledger:${folded(team)}`,
    post: (key: string) => `${prefix}:post:${key}`,
    note: (key: string) => `${prefix}:note:${key}`,
    mutes: `${prefix}:mutes`,
    follows: (user: string) => `${prefix}:follows:${user}`,
    pace: (key: string) => `${prefix}:pace:${key}`,
  } as const;
}

export type Keys = ReturnType<typeof keysOf>;

/** The hash tag all keys share, BullMQ's among them; only tests choose another. */
export const DEFAULT_PREFIX = '{golden}';
