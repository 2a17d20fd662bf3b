import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DayRecord, OpenFinding } from '../../src/core/history.ts';
import { testRedis } from '../support/redis.ts';
import { dayAt, recordOf, storesAt } from './build.ts';

const { url, prefix } = testRedis();
const store = storesAt(url, prefix);

/** Something a worker might see: ids in any spelling, any of them twice, some out of sight. */
interface Reading {
  readonly day: number;
  readonly complete: boolean;
  readonly laterMs: number;
  readonly seen: readonly Omit<OpenFinding, 'since'>[];
  readonly hidden: readonly string[];
}

/** The same rules, with every day's set kept whole. */
class NaiveHistory {
  readonly #days: { record: DayRecord; open: Map<string, OpenFinding> }[] = [];

  record(record: DayRecord, { seen, hidden }: Reading): boolean {
    const last = this.#days.at(-1);
    if (last && last.record.day > record.day) return false;
    if (last?.record.day === record.day) {
      if (last.record.complete || (!record.complete && record.asOfMs < last.record.asOfMs)) return false;
      this.#days.pop();
    }
    const before = this.#days.at(-1)?.open ?? new Map<string, OpenFinding>();
    const open = new Map<string, OpenFinding>();
    for (const { id, state, image } of [...seen].reverse()) {
      const known = before.get(id.toLowerCase());
      open.set(id.toLowerCase(), { id: known?.id ?? id, since: known?.since ?? record.day, state, image });
    }
    for (const [key, finding] of before) if (!open.has(key) && hidden.includes(key)) open.set(key, finding);
    this.#days.push({ record, open });
    return true;
  }

  days(): readonly DayRecord[] {
    return this.#days.map(({ record }) => record);
  }

  openOn(day: string): readonly OpenFinding[] | undefined {
    const open = this.#days.findLast(({ record }) => record.day <= day)?.open;
    return open && [...open].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding);
  }
}

const ID = fc.constantFrom('/vm-1', '/vm-2', '/vm-3', '/VM-1', '/Vm-2', '/other');
const READINGS = fc.array(
  fc.record<Reading>({
    day: fc.nat(8),
    complete: fc.boolean(),
    laterMs: fc.nat(3),
    seen: fc.array(
      fc.record({
        id: ID,
        state: fc.constantFrom<OpenFinding['state']>('outdated', 'endOfLife'),
        image: fc.constantFrom('a', 'b'),
      }),
      { maxLength: 6 },
    ),
    hidden: fc.array(fc.constantFrom('/vm-1', '/vm-2', '/vm-3'), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 12 },
);

test('given any sequence of readings, when each day is asked for, then it is as if every day were kept whole', async () => {
  const { history } = await store();
  let team = 0;
  await fc.assert(
    fc.asyncProperty(READINGS, fc.boolean(), async (readings, inOrder) => {
      team += 1;
      const name = `team-${team}`;
      const naive = new NaiveHistory();
      const sequence = inOrder ? readings.toSorted((a, b) => a.day - b.day) : readings;
      for (const reading of sequence) {
        const plain = recordOf(dayAt(reading.day), { complete: reading.complete });
        const record = { ...plain, asOfMs: plain.asOfMs + reading.laterMs };
        const hides = (id: string) => reading.hidden.includes(id.toLowerCase());
        expect(await history.record(name, record, reading.seen, hides)).toBe(naive.record(record, reading));
      }
      expect(await history.days(name, dayAt(0))).toEqual(naive.days());
      expect(await history.lastDay(name)).toBe(naive.days().at(-1)?.day);
      const days = Array.from({ length: 10 }, (_, number) => dayAt(number));
      expect(await Promise.all(days.map((day) => history.openOn(name, day)))).toEqual(
        days.map((day) => naive.openOn(day)),
      );
    }),
    { numRuns: 150 },
  );
});
