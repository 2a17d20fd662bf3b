import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import { watchCrashes } from '../../src/telemetry/crash.ts';
import { openLog } from '../../src/telemetry/log.ts';

function watched() {
  const source = new EventEmitter();
  const lines: string[] = [];
  const ends: number[] = [];
  const forget = watchCrashes(source, openLog('info', { write: (line) => lines.push(line) }), (code) =>
    ends.push(code),
  );
  return { source, lines, ends, forget };
}

test('given a rejection nobody caught, when it is reported, then it is logged and the process goes on', () => {
  const { source, lines, ends } = watched();
  source.emit('unhandledRejection', new Error('socket'));
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', err: { message: 'socket' } });
  expect(ends).toEqual([]);
});

test('given an exception nobody caught, when it is reported, then it is logged and the process ends with 1', () => {
  const { source, lines, ends } = watched();
  source.emit('uncaughtException', new Error('bug'));
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'fatal', err: { message: 'bug' } });
  expect(ends).toEqual([1]);
});

test('given nobody watches any more, when something is reported, then nothing happens', () => {
  const { source, lines, forget } = watched();
  forget();
  source.emit('unhandledRejection', new Error('late'));
  expect(lines).toEqual([]);
});
