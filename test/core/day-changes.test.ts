import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changedFrom, openAfter, openBefore } from '../../src/core/day-changes.ts';
import { decodeFindings, encodeFindings } from '../../src/core/finding-text.ts';
import type { OpenFinding } from '../../src/core/history.ts';

const finding = (id: string, changes: Partial<OpenFinding> = {}): OpenFinding => ({
  id,
  since: '2026-11-01',
  state: 'outdated',
  image: 'ubuntu-22 1.4.0',
  ...changes,
});
const today = '2026-11-21';
const nothingHidden = () => false;

describe('what is open at the end of a day', () => {
  test('given a finding that was open, when it is seen again in another spelling, then it keeps its spelling and its day', () => {
    const open = openAfter([finding('/vm-A')], today, [{ ...finding('/VM-a'), state: 'endOfLife' }], nothingHidden);
    expect(open).toEqual([finding('/vm-A', { state: 'endOfLife' })]);
  });

  test('given a new finding, when it is listed twice, then it is open once, since today', () => {
    const open = openAfter([], today, [finding('/vm'), finding('/VM', { image: 'other' })], nothingHidden);
    expect(open).toEqual([finding('/vm', { since: today })]);
  });

  test('given a finding that is not seen, when it may be hidden, then it stays open as it was', () => {
    const open = openAfter([finding('/here'), finding('/gone')], today, [], (id) => id === '/here');
    expect(open).toEqual([finding('/here')]);
  });
});

describe('what a day changed', () => {
  test('given a closed, a different, an equal and a new finding, when it is asked for, then it is how the first two were', () => {
    const before = [finding('/closed'), finding('/equal'), finding('/image'), finding('/state')];
    const after = [
      finding('/equal'),
      finding('/image', { image: 'b' }),
      finding('/new'),
      finding('/state', { state: 'revoked' }),
    ];
    expect(changedFrom(before, after).map(({ id }) => id)).toEqual(['/closed', '/image', '/state']);
  });
});

describe('what was open before', () => {
  test('given a finding that closed and opened again, when it is rolled back, then it is as it was before', () => {
    const days = ['2026-11-02', '2026-11-03', '2026-11-04', '2026-11-05', '2026-11-06'];
    const sets: (readonly OpenFinding[])[] = [[finding('/vm')]];
    for (const [index, seen] of [[], [finding('/VM', { image: 'b' })], [finding('/VM', { image: 'c' })]].entries()) {
      sets.push(openAfter(sets[index]!, days[index + 1]!, seen, nothingHidden));
    }
    const changes = [3, 2, 1].map((index) => changedFrom(sets[index - 1]!, sets[index]!));
    const rolledBack = days.slice(1).map((day, index) => openBefore(sets[3]!, changes.slice(0, 3 - index), day));
    expect(rolledBack).toEqual(sets);
  });
});

describe('findings as text', () => {
  test('given any findings, when they are written and read, then they are the same', () => {
    const text = fc.string({ unit: 'binary', maxLength: 12 });
    const some = fc.record({
      id: fc.tuple(fc.constantFrom('', '/subscriptions/a/', '/subscriptions/😀'), text).map((parts) => parts.join('')),
      since: fc.constantFrom('2026-11-01', '2026-11-02'),
      state: fc.constantFrom<OpenFinding['state']>('outdated', 'unknown'),
      image: text,
    });
    fc.assert(
      fc.property(fc.array(some), (findings) => {
        expect(decodeFindings(encodeFindings(findings))).toEqual(findings);
      }),
    );
  });

  test('given neighbours that begin alike, when they are written, then the second says only what differs', () => {
    expect(encodeFindings([finding('/subscriptions/a/vm-01'), finding('/subscriptions/a/vm-02')])).toContain('"2"');
  });
});
