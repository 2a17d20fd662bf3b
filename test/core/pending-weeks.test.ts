import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DueWeek, nextDue, type PendingWeeks, pendingWeeks } from '../../src/core/week.ts';
import { timeOf } from './digest-build.ts';
import { ZONES } from './zones.ts';

const HOUR_MS = 3_600_000;
/** Due on Mondays at 08:00Z: 2026-W45 on 2 November, W46 on 9 November, W47 on 16 November. */
const BERLIN = timeOf();

type Asked = Parameters<typeof pendingWeeks>[0];

function pending(now: string, part: Partial<Asked> = {}): PendingWeeks {
  return pendingWeeks({
    time: BERLIN,
    catchUpHours: 24,
    sinceMs: 0,
    now: new Date(now),
    settled: (week) => week < '2026-W47',
    ...part,
  });
}

const W47: DueWeek = { week: '2026-W47', due: new Date('2026-11-16T08:00:00Z') };
const W48: DueWeek = { week: '2026-W48', due: new Date('2026-11-23T08:00:00Z') };

describe('what is to be done about weeks', () => {
  test('given the minute at which one is due, when asked, then it is sent and not late', () => {
    expect(pending('2026-11-16T08:00:00Z')).toEqual({ send: { ...W47, late: false }, skip: [], next: W48 });
  });

  test('given the minute before, when asked, then nothing is to be done but wait', () => {
    expect(pending('2026-11-16T07:59:00Z')).toEqual({ send: undefined, skip: [], next: W47 });
  });

  test.each([
    ['an hour', 'in time', '2026-11-16T09:00:00Z'],
    ['more than an hour', 'late', '2026-11-16T09:00:01Z'],
    ['as long as digests are caught up with', 'late', '2026-11-17T08:00:00Z'],
  ])('given one that is due for %s, when asked, then it is sent %s', (_, how, now) => {
    expect(pending(now).send).toEqual({ ...W47, late: how === 'late' });
  });

  test('given one that is older than that, when asked, then it is skipped', () => {
    expect(pending('2026-11-17T08:00:01Z')).toMatchObject({ send: undefined, skip: [W47] });
  });

  test('given no patience at all, when one is due this minute, then it is sent', () => {
    expect(pending('2026-11-16T08:00:00Z', { catchUpHours: 0 }).send).toMatchObject({ week: '2026-W47' });
  });

  test('given one that has its outcome, when asked, then nothing is to be done', () => {
    expect(pending('2026-11-16T08:00:00Z', { settled: () => true })).toEqual({ send: undefined, skip: [], next: W48 });
  });

  test('given several that were missed, when the last can be sent, then the others are skipped, oldest first', () => {
    const { send, skip } = pending('2026-11-16T10:00:00Z', { settled: (week) => week < '2026-W45' });

    expect([skip.map(({ week }) => week), send?.week]).toEqual([['2026-W45', '2026-W46'], '2026-W47']);
  });

  test('given patience for a month, when the last has its outcome, then an older one is skipped all the same', () => {
    const settled = (week: string) => week !== '2026-W46';

    expect(pending('2026-11-16T10:00:00Z', { settled, catchUpHours: 700 })).toMatchObject({
      send: undefined,
      skip: [{ week: '2026-W46' }],
    });
  });

  test('given a team that is new, when weeks were due before it was, then they are nobody’s', () => {
    const since = (text: string) => ({ settled: () => false, sinceMs: Date.parse(text) });

    expect(pending('2026-11-16T10:00:00Z', since('2026-11-09T08:00:00Z')).skip).toMatchObject([{ week: '2026-W46' }]);
    expect(pending('2026-11-16T10:00:00Z', since('2026-11-16T08:00:01Z'))).toMatchObject({ send: undefined, skip: [] });
  });

  test('given nothing settled ever, when asked, then eight weeks are looked at', () => {
    const { send, skip } = pending('2026-11-16T10:00:00Z', { settled: () => false });

    expect([send?.week, skip.length, skip[0]?.week]).toEqual(['2026-W47', 7, '2026-W40']);
  });
});

test('over any run of clocks each week that is due gets exactly one outcome, and none is posted after its time', () => {
  const time = fc.record({
    day: fc.constantFrom('monday', 'thursday', 'sunday'),
    time: fc.constantFrom('00:00', '02:30', '09:00', '23:30'),
    timezone: fc.constantFrom(...ZONES),
  });
  const start = fc.date({ min: new Date('2024-01-01'), max: new Date('2029-01-01'), noInvalidDate: true });
  const steps = fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 1, max: 3 * 24 }) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 50 * 24 }) },
    ),
    { minLength: 1, maxLength: 80 },
  );
  fc.assert(
    fc.property(time, start, steps, fc.nat(60), (digestTime, since, hours, catchUpHours) => {
      const outcomes = new Map<string, 'sent' | 'skipped'>();
      let now = since;
      for (const step of hours) {
        now = new Date(now.getTime() + step * HOUR_MS);
        const asked = { time: digestTime, catchUpHours, sinceMs: since.getTime(), now, settled: has(outcomes) };
        const { send, skip, next } = pendingWeeks(asked);
        for (const { week } of skip) once(outcomes, week, 'skipped');
        if (send) {
          once(outcomes, send.week, 'sent');
          expect(now.getTime() - send.due.getTime()).toBeLessThanOrEqual(catchUpHours * HOUR_MS);
        }
        expect(pendingWeeks(asked)).toEqual({ send: undefined, skip: [], next });
      }
      expect([...outcomes.keys()]).toEqual(dueBetween(digestTime, since, now));
    }),
    { numRuns: 150 },
  );
});

function has(outcomes: ReadonlyMap<string, unknown>): (week: string) => boolean {
  return (week) => outcomes.has(week);
}

function once(outcomes: Map<string, 'sent' | 'skipped'>, week: string, outcome: 'sent' | 'skipped'): void {
  expect(outcomes.has(week)).toBe(false);
  outcomes.set(week, outcome);
}

/** All weeks due from an instant on up to another, in their order. */
function dueBetween(time: Asked['time'], from: Date, to: Date): readonly string[] {
  const weeks: string[] = [];
  let at = new Date(from.getTime() - 1);
  while (nextDue(time, at).due <= to) {
    const { week, due } = nextDue(time, at);
    weeks.push(week);
    at = due;
  }
  return weeks;
}
