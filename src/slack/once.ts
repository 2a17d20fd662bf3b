import type { Logger, Once } from './ports.ts';

/** Redis answers in a millisecond or is in trouble; nobody should wait for it longer. */
const PATIENCE_MS = 1_000;
const MOST_REMEMBERED = 10_000;

/**
 * Asks this process's own memory first and the replicas' shared one after it. While the shared one is out of order the
 * process relies on its memory alone: a duplicate that reaches another replica may then be answered twice, which is
 * harmless for questions, whereas refusing to answer is not.
 */
export function rememberedOnce(shared: Once, logger: Logger): Once {
  const seen = new Map<string, number>();
  return async (key, ttlMs) => {
    const now = Date.now();
    if ((seen.get(key) ?? 0) > now) return false;
    seen.delete(key);
    seen.set(key, now + ttlMs);
    for (const [old, until] of seen) {
      if (until > now && seen.size <= MOST_REMEMBERED) break;
      seen.delete(old);
    }
    try {
      return await within(PATIENCE_MS, shared(key, ttlMs));
    } catch (error) {
      logger.warn({ err: error }, 'Redis cannot tell duplicates; this process relies on its own memory');
      return true;
    }
  };
}

async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
