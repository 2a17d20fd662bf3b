import { describe, expect, test } from '@jest/globals';
import { Checks } from '../../bench/checks.ts';
import { benchOptions } from '../../bench/options.ts';
import { percentile } from '../../bench/statistics.ts';

describe('percentiles', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  test.each([
    [50, 50],
    [99, 99],
    [100, 100],
  ])('of one to a hundred, %i %% do not exceed %i', (percent, expected) => {
    expect(percentile(hundred, percent)).toBe(expected);
  });

  test('of few values, it is one that was measured', () => {
    expect(percentile([1, 10], 50)).toBe(1);
    expect(percentile([1, 10], 99)).toBe(10);
  });

  test('of no values there is none', () => {
    expect(percentile([], 99)).toBeNaN();
  });
});

describe('counts that have to be right', () => {
  test('given one too many, then it does not hold; given the most allowed, then it does', () => {
    const checks = new Checks();
    checks.equal('requests', 3, 2);
    checks.atMost('requests', 3, 3);
    expect(checks.all.map(({ holds }) => holds)).toEqual([false, true]);
  });
});

describe('options', () => {
  test('given none, then the largest fleet and every part are measured', () => {
    expect(benchOptions([])).toMatchObject({ vms: 1_000_000, subscriptions: 1000, rate: 50, seconds: 20, teams: 500 });
    expect(benchOptions([])).toMatchObject({
      parts: new Set(['questions', 'baseline', 'acks', 'digests']),
      json: false,
    });
  });

  test('given --quick, then what is given beside it still counts', () => {
    expect(benchOptions(['--quick', '--vms', '5000'])).toMatchObject({ vms: 5000, subscriptions: 100, seconds: 5 });
  });

  test.each([
    ['--only', 'everything'],
    ['--vms', '1e9'],
    ['--rate', 'fast'],
    ['--seconds', '0'],
    ['--teams', '0'],
  ])('given %s %s, then it is refused and named', (...args) => {
    expect(() => benchOptions(args)).toThrow(args[0]);
  });
});
