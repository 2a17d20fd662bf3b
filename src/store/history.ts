import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { Redis } from 'ioredis';
import { STATES } from '../core/classification.ts';
import { changedFrom, openAfter, openBefore } from '../core/day-changes.ts';
import { RetryableError } from '../core/errors.ts';
import { decodeFindings, encodeFindings } from '../core/finding-text.ts';
import { type Day, type DayRecord, dayOf, type OpenFinding } from '../core/history.ts';
import { DAY_MS } from '../core/local-time.ts';
import type { Counts } from '../core/report.ts';
import type { History } from '../ports.ts';
import type { Keys } from './keys.ts';
import { type AskRedis, requireRedis } from './required.ts';

/** Two years. The last day is kept whole, so nothing else needs the days before. */
const KEPT_DAYS = 731;

/** Each attempt loses only to one that won, and a day is won at most a few times. */
const ATTEMPTS = 20;

/** Between the day and what it changed, in a member of `changes`: two days may change the same. */
const SEPARATOR = 0x20;

/**
 * What is remembered up to now. KEYS: head, days, changes. ARGV: number of a day.
 * Returns the revision, the findings of the last day, its record, the record of the last day before the given one, and the
 * changes of the given day and those after it, the latest first.
 */
const READ = `
local head = redis.call('hmget', KEYS[1], 'revision', 'open')
local last = redis.call('zrange', KEYS[2], -1, -1)
local before = redis.call('zrevrangebyscore', KEYS[2], '(' .. ARGV[1], '-inf', 'limit', 0, 1)
local changes = redis.call('zrevrangebyscore', KEYS[3], '+inf', ARGV[1])
return { head[1], head[2], last[1] or false, before[1] or false, changes }`;

/**
 * Writes a day in place of what is remembered of it, if nobody wrote since the revision was read. All of it or nothing.
 * KEYS: head, days, changes. ARGV: revision read ('' for none), new revision, number of the day, its record, its findings,
 * its change ('' for none), number of the first day that is kept, lifetime in ms: of a team that is gone nothing stays.
 * Returns 1 where it is written.
 */
const WRITE = `
local revision = redis.call('hget', KEYS[1], 'revision') or ''
if revision ~= ARGV[1] then return 0 end
redis.call('hset', KEYS[1], 'revision', ARGV[2], 'open', ARGV[5])
for index = 2, 3 do
  redis.call('zremrangebyscore', KEYS[index], ARGV[3], ARGV[3])
  redis.call('zremrangebyscore', KEYS[index], '-inf', '(' .. ARGV[7])
end
redis.call('zadd', KEYS[2], ARGV[3], ARGV[4])
if ARGV[6] ~= '' then redis.call('zadd', KEYS[3], ARGV[3], ARGV[6]) end
for index = 1, 3 do redis.call('pexpire', KEYS[index], ARGV[8]) end
return 1`;

interface Memory {
  readonly revision: string;
  readonly last: DayRecord | undefined;
  /** The last recorded day before the one asked for. */
  readonly before: DayRecord | undefined;
  /** What was open at its end. */
  readonly openBefore: readonly OpenFinding[];
}

/** What is remembered of teams and days, in Redis: the last day whole, earlier ones as differences. */
export class RedisHistory implements History {
  readonly #ask: AskRedis;
  readonly #keys: Keys;

  constructor(redis: Redis | undefined, keys: Keys) {
    this.#ask = requireRedis(redis, 'The memory of earlier days');
    this.#keys = keys;
  }

  async record(
    team: string,
    record: DayRecord,
    seen: readonly Omit<OpenFinding, 'since'>[],
    hides: (id: string) => boolean,
  ): Promise<boolean> {
    const number = numberOf(record.day);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const memory = await this.#read(team, number);
      if (memory.last && !isNews(record, memory.last)) return false;
      const open = openAfter(memory.openBefore, record.day, seen, hides);
      const change = changedFrom(memory.openBefore, open);
      if (await this.#write(team, memory.revision, record, open, change)) return true;
    }
    throw new RetryableError(
      `${record.day} of ${team} could not be recorded in Redis: others record it at the same time.`,
      'Nothing is lost; the next run records it.',
    );
  }

  async days(team: string, from: Day): Promise<readonly DayRecord[]> {
    const { days } = this.#keys.history(team);
    const records = await this.#ask((redis) => redis.zrangebyscore(days, numberOf(from), '+inf'));
    return records.map(recordOf);
  }

  async openOn(team: string, day: Day): Promise<readonly OpenFinding[] | undefined> {
    const memory = await this.#read(team, numberOf(day) + 1);
    return memory.before && memory.openBefore;
  }

  async lastDay(team: string): Promise<Day | undefined> {
    const { days } = this.#keys.history(team);
    const [last] = await this.#ask((redis) => redis.zrange(days, -1, '-1'));
    return last === undefined ? undefined : recordOf(last).day;
  }

  async #read(team: string, number: number): Promise<Memory> {
    const { head, days, changes } = this.#keys.history(team);
    const [revision, open, last, before, changed] = (await this.#ask((redis) =>
      redis.callBuffer('eval', READ, 3, head, days, changes, number),
    )) as [Buffer | null, Buffer | null, Buffer | null, Buffer | null, Buffer[]];
    const latest = open === null ? [] : await unpack(open);
    const later = await Promise.all(changed.map((change) => unpack(change.subarray(change.indexOf(SEPARATOR) + 1))));
    return {
      revision: revision?.toString() ?? '',
      last: last === null ? undefined : recordOf(last.toString()),
      before: before === null ? undefined : recordOf(before.toString()),
      openBefore: openBefore(latest, later, dayAt(number)),
    };
  }

  async #write(
    team: string,
    revision: string,
    record: DayRecord,
    open: readonly OpenFinding[],
    change: readonly OpenFinding[],
  ): Promise<boolean> {
    const { head, days, changes } = this.#keys.history(team);
    const number = numberOf(record.day);
    const day = Buffer.from(`${record.day} `);
    const args: (string | Buffer)[] = [
      revision,
      randomUUID(),
      String(number),
      textOf(record),
      await pack(open),
      change.length === 0 ? '' : Buffer.concat([day, await pack(change)]),
      String(number - KEPT_DAYS),
      String(KEPT_DAYS * DAY_MS),
    ];
    return (await this.#ask((redis) => redis.eval(WRITE, 3, head, days, changes, ...args))) === 1;
  }
}

/** Whether a reading takes the place of the last one that is remembered. */
function isNews(record: DayRecord, last: DayRecord): boolean {
  if (record.day !== last.day) return record.day > last.day;
  // What a digest told is what the next one is compared with, whatever was read before it or after.
  if (record.told || last.told) return record.told === true && (!last.told || record.asOfMs > last.asOfMs);
  return !last.complete && (record.complete || record.asOfMs >= last.asOfMs);
}

/** A record without the states that nothing is in: most of two years is made of records. */
function textOf(record: DayRecord): string {
  const counts = Object.fromEntries(Object.entries(record.counts).filter(([, count]) => count !== 0));
  return JSON.stringify({ ...record, counts });
}

/** A record of `textOf`; states that there were none of when it was written have none. */
function recordOf(text: string): DayRecord {
  const record = JSON.parse(text) as DayRecord;
  const none = Object.fromEntries(STATES.map((state) => [state, 0])) as Counts;
  return { ...record, counts: { ...none, ...record.counts } };
}

/** Days since 1970. */
function numberOf(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

function dayAt(number: number): Day {
  return dayOf(new Date(number * DAY_MS));
}

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

async function pack(findings: readonly OpenFinding[]): Promise<Buffer> {
  return deflate(encodeFindings(findings));
}

async function unpack(packed: Buffer): Promise<readonly OpenFinding[]> {
  return decodeFindings((await inflate(packed)).toString());
}
