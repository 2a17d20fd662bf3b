import { expect, test } from '@jest/globals';
import { failureText } from '../../src/cli/failure.ts';

test('given a secret in what caused an error, when its traces are printed, then they come without it', () => {
  const cause = new Error('connect to redis://me:hunter2@redis:6379 failed, Bearer hunter2');
  const text = failureText(new Error('outer', { cause }), { debug: true });
  expect(text).toContain('caused by: Error: connect to redis://[hidden]@redis:6379 failed');
  expect(text).not.toContain('hunter2');
});
