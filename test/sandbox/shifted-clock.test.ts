import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { clockAhead } from '../../sandbox/rewind.ts';

const run = promisify(execFile);
const DAY_MS = 86_400_000;

/** What a process whose clock is ahead says of time. */
async function said(aheadMs: number, script: string): Promise<unknown> {
  const env = { PATH: process.env.PATH ?? '', ...clockAhead(aheadMs) };
  const { stdout } = await run(process.execPath, ['--eval', `console.log(JSON.stringify(${script}))`], { env });
  return JSON.parse(stdout);
}

test('given a clock that is behind, when a process asks for now in any way, then it hears an earlier time', async () => {
  const before = Date.now();
  const heard = (await said(
    -7 * DAY_MS,
    '[Date.now(), new Date().getTime(), Date.parse(Date()), new (class extends Date {})().getTime()]',
  )) as number[];
  const after = Date.now();
  for (const ms of heard) {
    // Date() tells whole seconds.
    expect(ms).toBeGreaterThanOrEqual(before - 7 * DAY_MS - 1000);
    expect(ms).toBeLessThanOrEqual(after - 7 * DAY_MS);
  }
});

test('given a clock that is ahead, when a process names an instant, then it is that instant', async () => {
  const named = '[new Date(0).toISOString(), Date.UTC(2026, 0), new Date(2026, 0, 1) instanceof Date, Date.length]';
  expect(await said(DAY_MS, named)).toEqual(['1970-01-01T00:00:00.000Z', Date.UTC(2026, 0), true, 7]);
});
