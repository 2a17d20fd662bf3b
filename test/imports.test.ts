import { describe, expect, test } from '@jest/globals';
import { importFaults, readDependencies, readSources } from './support/imports.ts';

const root = new URL('../', import.meta.url);
const dependencies = ['date-fns', 'bullmq', '@slack/bolt', '@slack/web-api'];

describe('a planted import', () => {
  const wrong: [what: string, path: string, text: string][] = [
    ['core that asks Azure', 'src/core/a.ts', `import { read } from '../azure/inventory.ts';`],
    ['core that re-exports a port', 'src/core/a.ts', `export type { Clock } from '../ports.ts';`],
    ['core that draws a random number', 'src/core/a.ts', `import { randomUUID } from 'node:crypto';`],
    ['core that takes all of node:crypto', 'src/core/a.ts', `import * as crypto from 'node:crypto';`],
    ['core that imports at run time', 'src/core/a.ts', `export const f = () => import('node:fs');`],
    ['core with a type of Slack', 'src/core/a.ts', `export type A = import('@slack/types').Block;`],
    ['a port in terms of an adapter', 'src/ports.ts', `import type { Row } from './azure/rows.ts';`],
    ['one adapter that uses another', 'src/azure/a.ts', `import { redis } from '../store/redis.ts';`],
    ['an adapter that reads the settings itself', 'src/azure/a.ts', `import { readConfig } from '../config.ts';`],
    ['the same, hidden behind an inline type', 'src/azure/a.ts', `import { type Config } from '../config.ts';`],
    ['a view that sends', 'src/slack/views/a.ts', `import { WebClient } from '@slack/web-api';`],
    ['a view that asks', 'src/slack/views/a.ts', `import { whyQuery } from '../../compliance/compliance.ts';`],
    ['a command that knows BullMQ', 'commands/a.ts', `import { Queue } from 'bullmq';`],
    ['a command that knows an adapter', 'commands/a.ts', `import { inventory } from '../src/azure/inventory.ts';`],
    ['a job that knows a command', 'jobs/a.ts', `import { status } from '../commands/status.ts';`],
    ['a main that uses the sandbox', 'src/bot.ts', `import { openRedis } from '../sandbox/redis.ts';`],
    ['a main that uses a package of the tests', 'src/bot.ts', `import fc from 'fast-check';`],
    ['a sandbox that shares code with the bot', 'sandbox/a.ts', `import { version } from '../src/core/version.ts';`],
    ['a file that no rule is about', 'src/other/a.ts', ''],
  ];
  test.each(wrong)('given %s, then it is named', (_what, path, text) => {
    const faults = importFaults([{ path, text }], dependencies);
    expect(faults).toEqual([expect.stringMatching(new RegExp(`^${path} `))]);
  });

  const right: [what: string, path: string, text: string][] = [
    ['core that uses a pure library', 'src/core/a.ts', `import { addDays } from 'date-fns';`],
    ['core that hashes', 'src/core/a.ts', `import { createHash } from 'node:crypto';`],
    ['an adapter with the type of the settings', 'src/azure/a.ts', `import type { Config } from '../config.ts';`],
    ['a command on core, ports and views', 'commands/a.ts', `import { view } from '../src/slack/views/status.ts';`],
    [
      'a main that wires',
      'src/bot.ts',
      `import { App } from '@slack/bolt'; import { all } from '../commands/index.ts';`,
    ],
    ['a sandbox on its own', 'sandbox/a.ts', `import { WebSocketServer } from 'ws'; import { a } from './slack/a.ts';`],
  ];
  test.each(right)('given %s, then nothing is said', (_what, path, text) => {
    expect(importFaults([{ path, text }], dependencies)).toEqual([]);
  });

  test('given core files that import one another in a circle, then the circle is named once', () => {
    const sources = [
      { path: 'src/core/a.ts', text: `import { b } from './b.ts';` },
      { path: 'src/core/b.ts', text: `import type { C } from './c.ts';` },
      { path: 'src/core/c.ts', text: `import { b } from './b.ts';` },
    ];
    expect(importFaults(sources, dependencies)).toEqual([
      'src/core/b.ts -> src/core/c.ts -> src/core/b.ts: a circle of imports',
    ]);
  });
});

test('every import in this repository points the right way', () => {
  expect(importFaults(readSources(root), readDependencies(root))).toEqual([]);
});
