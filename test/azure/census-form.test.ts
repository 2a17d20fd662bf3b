import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { type CensusForm, CensusForms } from '../../src/azure/census-form.ts';
import { InvalidQuery } from '../../src/azure/failures.ts';
import { RetryableError } from '../../src/core/errors.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

const HOUR_MS = 60 * 60_000;
const refusal = new InvalidQuery(['no'], undefined, 4);
const part = (found: number) => ({ found, complete: false, requests: 1 });
const all = { found: 9, complete: true, requests: 2 };

/** Forms that answer so; `asked` tells which were. */
function formsOf(answers: Record<'packed' | 'plain', typeof all | Error>) {
  const [packed, plain] = [{}, {}] as [CensusForm, CensusForm];
  const asked: string[] = [];
  const forms = new CensusForms(packed, plain);
  const ask = () =>
    forms.ask((form) => {
      const name = form === packed ? 'packed' : 'plain';
      asked.push(name);
      const answer = answers[name];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ ...answer, by: name });
    });
  return { ask, asked, answers };
}

describe('the packed form', () => {
  test('is enough where it is complete', async () => {
    const { ask, asked } = formsOf({ packed: all, plain: all });
    expect(await ask()).toEqual({ ...all, by: 'packed' });
    expect(asked).toEqual(['packed']);
  });

  test.each([
    ['is refused', refusal, 6],
    ['is incomplete', part(9), 3],
  ])('gives way to the plain one where it %s, and is left alone for an hour', async (_, packed, requests) => {
    let now = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    const { ask, asked, answers } = formsOf({ packed, plain: all });
    expect(await ask()).toEqual({ ...all, requests, by: 'plain' });
    now = HOUR_MS - 1;
    expect(await ask()).toMatchObject({ requests: 2, by: 'plain' });
    answers.packed = all;
    now = HOUR_MS;
    expect(await ask()).toMatchObject({ by: 'packed' });
    expect(asked).toEqual(['packed', 'plain', 'plain', 'packed']);
  });

  test.each([
    ['found as much', part(5)],
    ['was refused', refusal],
  ])('stands where it is incomplete and the plain one %s', async (_, plain) => {
    const { ask, asked } = formsOf({ packed: part(5), plain });
    expect(await ask()).toMatchObject({ found: 5, by: 'packed', requests: 1 + plain.requests });
    await ask();
    expect(asked).toEqual(['packed', 'plain', 'packed', 'plain']);
  });

  test('gives way to more, though that is incomplete as well', async () => {
    const { ask } = formsOf({ packed: part(5), plain: part(6) });
    expect(await ask()).toMatchObject({ found: 6, by: 'plain' });
  });
});

test('where Azure is busy, nothing else is tried', async () => {
  const { ask, asked } = formsOf({ packed: new RetryableError('Azure is busy.', 'Ask again.'), plain: all });
  await expect(ask()).rejects.toThrow('busy');
  expect(asked).toEqual(['packed']);
});

test('where both forms are refused, that is told', async () => {
  const { ask } = formsOf({ packed: refusal, plain: refusal });
  await expect(ask()).rejects.toBe(refusal);
});
