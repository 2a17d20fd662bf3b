/**
 * Every Redis key of ours. They share one hash tag, so that all of them live in one slot: Cluster, Sentinel and managed
 * Redis serve alike, and one script may touch several.
 */
export function keysOf(prefix: string) {
  return {
    answer: (key: string) => `${prefix}:answer:${key}`,
    asking: (key: string) => `${prefix}:asking:${key}`,
    once: (key: string) => `${prefix}:once:${key}`,
    quota: `${prefix}:resource-graph-quota`,
  } as const;
}

export type Keys = ReturnType<typeof keysOf>;

/** The hash tag all keys share, BullMQ's among them; only tests choose another. */
export const DEFAULT_PREFIX = '{golden}';
