import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TooLarge } from '../../src/azure/failures.ts';
import { inPortions } from '../../src/azure/portions.ts';

/** Whether an id is in a portion, read from the portion's condition: endings joined by `or`, such lists by `and`. */
function holds(condition: string | undefined, id: string): boolean {
  return (condition?.split(' and ') ?? []).every((part) => {
    const ends = [...part.matchAll(/id endswith '([^']*)'/g)].some(([, end = '']) => id.toLowerCase().endsWith(end));
    return part.startsWith('not(') ? !ends : ends;
  });
}

test('each machine is in exactly one portion, however small they have to be', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.stringMatching(/^[a-zA-Z0-9_-]{1,4}$/), { maxLength: 60, selector: (id) => id.toLowerCase() }),
      fc.integer({ min: 8, max: 60 }),
      fc.boolean(),
      fc.boolean(),
      async (ids, most, refuses, says) => {
        const answer = await inPortions((condition) => {
          const found = ids.filter((id) => holds(condition, id));
          if (found.length > most && refuses) throw new TooLarge(says ? refusal(found.length / most) : undefined);
          return Promise.resolve({ value: found.slice(0, most), complete: found.length <= most, requests: 1 });
        });
        if (answer.complete) expect(answer.values.flat().sort()).toEqual(ids.toSorted());
        expect(new Set(answer.values.flat()).size).toBe(answer.values.flat().length);
        expect(answer.requests).toBeLessThanOrEqual(24);
        if (ids.length <= most) expect(answer).toMatchObject({ complete: true, requests: 1 });
      },
    ),
    { numRuns: 300 },
  );
});

test('a fleet of numbered machines some ten times too large takes some twenty requests', async () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => `vm-${index}`);
  const answer = await inPortions((condition) => {
    const found = ids.filter((id) => holds(condition, id));
    return Promise.resolve({ value: found, complete: found.length <= 1000, requests: 1 });
  });
  expect(answer.complete).toBe(true);
  expect(answer.values.flat()).toHaveLength(10_000);
  expect(answer.requests).toBeLessThanOrEqual(24);
});

/** What Azure says of an answer that is larger than it sends. */
const refusal = (times: number) => ({
  details: [
    {
      message: `Response payload size is ${times * 16_777_216}, and has exceeded the limit of 16777216. Please consider`,
    },
  ],
});

test('given Azure says that an answer is four times too large, then five portions are asked for at once', async () => {
  const ids = Array.from({ length: 4000 }, (_, index) => `vm-${index}`);
  const answer = await inPortions((condition) => {
    const found = ids.filter((id) => holds(condition, id));
    if (found.length > 1000) throw new TooLarge(refusal(found.length / 1000));
    return Promise.resolve({ value: found, complete: true, requests: 1 });
  });
  expect(answer).toMatchObject({ complete: true, requests: 1 + 5 });
  expect(answer.values.flat()).toHaveLength(4000);
});

test('an answer that never becomes complete is given up, and that is told', async () => {
  const answer = await inPortions(() => Promise.resolve({ value: [], complete: false, requests: 1 }));
  expect(answer.complete).toBe(false);
  expect(answer.requests).toBeLessThanOrEqual(24);
});

test('an answer that is too large for all requests there are is given up at once, with what it told', async () => {
  const answer = await inPortions(() => Promise.resolve({ value: 'a', complete: false, times: 40, requests: 1 }));
  expect(answer).toEqual({ values: ['a'], complete: false, requests: 1 });
});

test('an answer that tells a third is asked for in four portions', async () => {
  const ids = Array.from({ length: 3000 }, (_, index) => `vm-${index}`);
  const answer = await inPortions((condition) => {
    const found = ids.filter((id) => holds(condition, id));
    const times = found.length / 1000;
    return Promise.resolve({ value: found.slice(0, 1000), complete: times <= 1, times, requests: 1 });
  });
  expect(answer).toMatchObject({ complete: true, requests: 1 + 4 });
});

test('what is no matter of size is not asked again', async () => {
  await expect(inPortions(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
});
