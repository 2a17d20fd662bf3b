import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateEstate } from '../../sandbox/azure/generate.ts';
import { type LocalAzure, startAzure } from '../../sandbox/azure/server.ts';
import { type OpenRedis, openRedis } from '../../sandbox/redis.ts';
import type { Answer } from './azure-tap.ts';
import { type History, type Lived, live, type Point } from './processes.ts';

/**
 * kill -9 of real workers, at every call of Slack, every request to Azure, and from record to record in Redis. Where the
 * history may be read the channel holds one digest with its thread; where it may not, never two, and somebody is told.
 */

/** Histories that are lived at once: they wait for takeovers, mostly. */
const LANES = 5;
const DETAILS = 2;
const LIMIT_MS = 240_000;
const BOTH = [true, false] as const;
/** A public channel that the bot is not in. */
const TO_JOIN = 'C0RANDOM';

/** What a delivery with two details writes to the digest's records at least; all commands; and requests to Azure. */
const RECORDS = 18;
const COMMANDS = 110;
const REQUESTS = 4;

const numbers = (below: number, step = 1) => Array.from({ length: Math.ceil(below / step) }, (_, n) => n * step);
const kill = (at: 'slack' | 'azure' | 'record' | 'redis', nth: number, how: 'before' | 'after'): Point => ({
  at,
  nth,
  how,
});

const HISTORIES = {
  'at any call of Slack': BOTH.flatMap((readable) =>
    numbers(1 + DETAILS).flatMap((nth) =>
      (['before', 'after', 'lost'] as const).map((how): History => ({ readable, points: [{ at: 'slack', nth, how }] })),
    ),
  ),
  'at the digest itself, by an answer that is late or an error': BOTH.flatMap((readable) =>
    (['late', 'error'] as const).map((how): History => ({ readable, points: [{ at: 'slack', nth: 0, how }] })),
  ),
  'while it looks for what a killed one said': [
    [kill('slack', 0, 'after'), kill('slack', 0, 'before')],
    [kill('slack', 0, 'after'), kill('slack', 0, 'after')],
    [kill('slack', 0, 'before'), kill('slack', 1, 'after')],
    [kill('slack', 1, 'after'), kill('slack', 0, 'after')],
    [kill('slack', 1, 'before'), kill('slack', 1, 'after')],
  ].map((points): History => ({ readable: true, points })),
  'while it joins the channel': BOTH.flatMap((readable) =>
    [kill('slack', 0, 'after'), kill('slack', 1, readable ? 'before' : 'after')].map(
      (point): History => ({ readable, channel: TO_JOIN, points: [point] }),
    ),
  ),
  'at any request to Azure': numbers(REQUESTS).map(
    (nth): History => ({ readable: true, points: [kill('azure', nth, nth % 2 === 0 ? 'before' : 'after')] }),
  ),
  // Before a record is the same as after the one before it.
  'from record to record': numbers(RECORDS, 2).map(
    (nth): History => ({ readable: nth % 4 === 0, points: [kill('record', nth, nth % 3 === 0 ? 'before' : 'after')] }),
  ),
  'at a command to Redis': numbers(COMMANDS, 15).map(
    (nth): History => ({
      readable: nth % 2 === 0,
      points: [kill('redis', nth, nth % 4 < 2 ? 'before' : 'after')],
    }),
  ),
  'that is suspended, not killed': BOTH.flatMap((readable) =>
    (['begun', 'turn'] as const).map((at): History => ({ readable, points: [{ at, nth: 0, how: 'suspend' }] })),
  ),
} satisfies Record<string, readonly History[]>;

/** Those that take a minute of waiting are lived beside the others. */
const PATIENT: readonly History[] = [
  { readable: true, patient: true, points: [kill('azure', 1, 'after')] },
  { readable: true, points: [kill('slack', 0, 'after'), { at: 'slack', nth: 0, how: 'lost' }] },
];

let redis: OpenRedis;
let azure: LocalAzure;
let lived = 0;
const results = new Map<History, Promise<Lived>>();
const startedAt = performance.now();
const QUIET: History = { readable: true, points: [] };

beforeAll(async () => {
  redis = await openRedis({ alwaysPrivate: true });
  const estate = generateEstate({ seed: 1, vms: 3000, subscriptions: 4, now: new Date() });
  azure = await startAzure({ estate, quota: false });
  const around = { redisUrl: redis.url, azure, answers: new Map<string, Answer>() };
  // What Azure answers is known from now on; and no history has a chance where this one fails.
  const { outcome } = await live(QUIET, { ...around, db: 1, patienceMs: 20_000 });
  if (outcome?.state !== 'posted') throw new Error('A quiet worker does not post its digest.');
  const waiting = [QUIET, ...Object.values(HISTORIES).flat()].map((history) => ({
    history,
    ...Promise.withResolvers<Lived>(),
  }));
  for (const { history, promise } of waiting) results.set(history, promise);
  const start = (history: History, db: number) => live(history, { ...around, db }).finally(() => (lived += 1));
  for (const [index, history] of PATIENT.entries()) results.set(history, start(history, 1 + LANES + index));
  for (const promise of results.values()) promise.catch(() => {}); // told by the test that waits for it
  for (const lane of numbers(LANES)) {
    void (async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await start(next.history, 1 + lane).then(next.resolve, next.reject);
      }
    })();
  }
}, LIMIT_MS);

afterAll(async () => {
  await Promise.allSettled(results.values());
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(`${lived} histories of killed workers in ${seconds} s\n`);
  await azure?.close();
  await redis?.close();
}, LIMIT_MS);

/** What is wrong with the history; nothing where it went as promised. */
async function faultsOf(history: History): Promise<readonly string[]> {
  const { readable } = history;
  const { outcome, heads, details, told, missed } = await results.get(history)!;
  const texts = details.map(({ text }) => text);
  // Without the scope, a digest that may be there counts as one, and somebody is told to look.
  const isUnsure = !readable && outcome?.state === 'unsure';
  const wrong = {
    'ended as it should': outcome?.state !== (isUnsure ? 'unsure' : 'posted'),
    'one digest': isUnsure ? heads.length > 1 : heads.length !== 1,
    'details once': new Set(texts).size !== texts.length,
    'all details': readable && texts.length !== DETAILS,
    'told where nobody knows': isUnsure ? told.length === 0 || told.length > 2 : told.length > 0,
    'struck where it was meant to be': missed.length > 0,
  };
  const seen = JSON.stringify({ history, outcome, heads: heads.length, texts, told: told.length, missed });
  return Object.entries(wrong).flatMap(([law, isBroken]) => (isBroken ? [`not ${law}: ${seen}`] : []));
}

test(
  'given a quiet life, when a digest is due, then it is posted once with its details',
  async () => {
    expect(await faultsOf(QUIET)).toEqual([]);
    const { counts } = await results.get(QUIET)!;
    // What the histories are chosen by.
    expect(counts.slack).toBe(1 + DETAILS);
    // On a busy machine a lease is renewed, a job is woken or a reading is made once more.
    expect(counts.azure).toBeGreaterThanOrEqual(REQUESTS);
    expect(counts.record).toBeGreaterThanOrEqual(RECORDS);
    expect(counts.redis).toBeGreaterThan(COMMANDS - 10);
  },
  LIMIT_MS,
);

test.each(Object.entries(HISTORIES))(
  'given a worker %s, when another one takes over, then there is one digest, or none and somebody is told',
  async (_, histories) => {
    const faults = await Promise.all(histories.map(faultsOf));
    expect(faults.flat()).toEqual([]);
  },
  LIMIT_MS,
);

test(
  'given that looking, or asking Azure, takes long, when another one takes over, then it waits and goes on',
  async () => {
    const faults = await Promise.all(PATIENT.map(faultsOf));
    expect(faults.flat()).toEqual([]);
  },
  LIMIT_MS,
);
