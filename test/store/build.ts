import { afterEach } from '@jest/globals';
import { STATES } from '../../src/core/classification.ts';
import type { DayRecord } from '../../src/core/history.ts';
import type { Counts } from '../../src/core/report.ts';
import { openStore, type Store } from '../../src/store/index.ts';

const silent = { info: () => {}, warn: () => {} };

/** How a store is opened; `corner` keeps its keys apart from those of other tests of the file. */
interface StoreOptions {
  readonly scope?: string;
  readonly corner?: string;
}

/** Opens stores, each as another process would, and closes them after each test. */
export function storesAt(
  url: string | undefined,
  prefix: string,
  waitMs = 2000,
): (options?: StoreOptions) => Promise<Store> {
  const opened: Store[] = [];
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });
  return async ({ scope = 'a', corner = '' } = {}) => {
    const store = await openStore({ url, prefix: prefix + corner, scope, log: silent, waitMs });
    opened.push(store);
    return store;
  };
}

/** A record of a day; `counts` names the states that are not empty. */
export function recordOf(
  day: string,
  { counts = {}, ...changes }: Partial<Omit<DayRecord, 'counts'>> & { counts?: Partial<Counts> } = {},
): DayRecord {
  return {
    day,
    asOfMs: Date.parse(`${day}T03:00:00Z`),
    total: 10,
    counts: { ...(Object.fromEntries(STATES.map((state) => [state, 0])) as Counts), ...counts },
    attention: 2,
    complete: true,
    ...changes,
  };
}

/** The day so many days after 1 January 2026. */
export function dayAt(number: number): string {
  return new Date(Date.UTC(2026, 0, 1 + number)).toISOString().slice(0, 10);
}
