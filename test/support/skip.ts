import { test } from '@jest/globals';

/**
 * `test` where what the test needs is there, else a skipped test whose name says what is missing:
 * `testWhere(schema, '../shared is absent')('the manifest is valid', () => …)`.
 */
export function testWhere(
  present: unknown,
  missing: string,
): (name: string, body: () => void | Promise<void>, timeoutMs?: number) => void {
  if (present) return (name, body, timeoutMs) => test(name, body, timeoutMs);
  return (name, body) => test.skip(`${name} (skipped: ${missing})`, body);
}
