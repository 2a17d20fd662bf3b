import type { Redis } from 'ioredis';
import type { Week } from '../core/digest.ts';
import { DAY_MS } from '../core/local-time.ts';
import { weekAt } from '../core/week.ts';
import type { Ledger, WeekEntry, WeekOutcome } from '../ports.ts';
import type { Keys } from './keys.ts';
import { type AskRedis, requireRedis } from './required.ts';

/** Two years and some; nothing looks further back. */
const KEPT_WEEKS = 110;
const WEEK_MS = 7 * DAY_MS;

/**
 * A team's hash holds `since`, and of each week `2026-W47` (the outcome), `2026-W47 trouble` and `2026-W47 lease` (until
 * when, and by whom). Times come from the callers: their clocks may be simulated, and a lease that ends some seconds early
 * or late does no harm, since Posts guards every message.
 */
const FIELDS = {
  outcome: (week: Week) => week,
  trouble: (week: Week) => `${week} trouble`,
  lease: (week: Week) => `${week} lease`,
} as const;

/** KEYS: ledger. ARGV: now. Returns since when. */
const SINCE = `
redis.call('hsetnx', KEYS[1], 'since', ARGV[1])
return redis.call('hget', KEYS[1], 'since')`;

/** KEYS: ledger. ARGV: outcome field, lease field, token, now, end of the lease. Returns the outcome, 'taken' or 'busy'. */
const TAKE = `
local outcome = redis.call('hget', KEYS[1], ARGV[1])
if outcome then return outcome end
local lease = redis.call('hget', KEYS[1], ARGV[2])
if lease then
  local ends, holder = string.match(lease, '^(%S+) (.*)$')
  if holder ~= ARGV[3] and tonumber(ends) > tonumber(ARGV[4]) then return 'busy' end
end
redis.call('hset', KEYS[1], ARGV[2], ARGV[5] .. ' ' .. ARGV[3])
return 'taken'`;

/**
 * Only who holds the lease gives it back; what troubled somebody before is no news of the one at work now.
 * KEYS: ledger. ARGV: outcome field, lease field, trouble field, token, trouble ('' for none).
 */
const GIVE_BACK = `
local lease = redis.call('hget', KEYS[1], ARGV[2])
if not lease or string.match(lease, '^%S+ (.*)$') ~= ARGV[4] then return 0 end
redis.call('hdel', KEYS[1], ARGV[2])
if ARGV[5] ~= '' and redis.call('hexists', KEYS[1], ARGV[1]) == 0 then redis.call('hset', KEYS[1], ARGV[3], ARGV[5]) end
return 1`;

/**
 * KEYS: ledger. ARGV: outcome field, lease field, trouble field, outcome, the first week that is kept, lifetime in ms. Returns 1
 * where the outcome stands. Weeks compare as numbers, for the order of texts is the server's locale's.
 */
const SETTLE = `
if redis.call('hexists', KEYS[1], ARGV[1]) == 1 then return 0 end
local function number(field)
  local year, week = string.match(field, '^(%d%d%d%d)%-W(%d%d)')
  return year and tonumber(year .. week)
end
local first = number(ARGV[5])
for _, field in ipairs(redis.call('hkeys', KEYS[1])) do
  local week = number(field)
  if week and week < first then redis.call('hdel', KEYS[1], field) end
end
redis.call('hset', KEYS[1], ARGV[1], ARGV[4])
redis.call('hdel', KEYS[1], ARGV[2], ARGV[3])
redis.call('pexpire', KEYS[1], ARGV[6])
return 1`;

type Settled = { readonly outcome: WeekOutcome; readonly atMs: number };
type Troubled = { readonly why: string; readonly remedy: string; readonly atMs: number };

/** Which weeks' digests are done, in Redis: one hash for each team, one round trip for each question. */
export class RedisLedger implements Ledger {
  readonly #ask: AskRedis;
  readonly #keys: Keys;

  constructor(redis: Redis | undefined, keys: Keys) {
    this.#ask = requireRedis(redis, 'The ledger of digests');
    this.#keys = keys;
  }

  async since(team: string, nowMs: number): Promise<number> {
    return Number(await this.#ask((redis) => redis.eval(SINCE, 1, this.#keys.ledger(team), nowMs)));
  }

  async weeks(team: string, weeks: readonly Week[]): Promise<readonly WeekEntry[]> {
    if (weeks.length === 0) return [];
    const fields = weeks.flatMap((week) => [FIELDS.outcome(week), FIELDS.trouble(week)]);
    const texts = await this.#ask((redis) => redis.hmget(this.#keys.ledger(team), ...fields));
    return weeks.map((week, index) => entryOf(week, texts[2 * index], texts[2 * index + 1]));
  }

  async take(
    team: string,
    week: Week,
    { token, nowMs, leaseMs }: { readonly token: string; readonly nowMs: number; readonly leaseMs: number },
  ): Promise<'taken' | 'busy' | WeekOutcome> {
    const args = [FIELDS.outcome(week), FIELDS.lease(week), token, nowMs, nowMs + leaseMs];
    const answer = (await this.#ask((redis) => redis.eval(TAKE, 1, this.#keys.ledger(team), ...args))) as string;
    return answer === 'taken' || answer === 'busy' ? answer : (JSON.parse(answer) as Settled).outcome;
  }

  async giveBack(team: string, week: Week, token: string, trouble?: Troubled): Promise<void> {
    const noted = trouble ? JSON.stringify(trouble) : '';
    const args = [FIELDS.outcome(week), FIELDS.lease(week), FIELDS.trouble(week), token, noted];
    await this.#ask((redis) => redis.eval(GIVE_BACK, 1, this.#keys.ledger(team), ...args));
  }

  async settle(team: string, week: Week, outcome: WeekOutcome, atMs: number): Promise<boolean> {
    const settled: Settled = { outcome, atMs };
    const first = weekAt(new Date(atMs - KEPT_WEEKS * WEEK_MS), 'UTC');
    const args = [FIELDS.outcome(week), FIELDS.lease(week), FIELDS.trouble(week), JSON.stringify(settled), first];
    const kept = String(KEPT_WEEKS * WEEK_MS);
    return (await this.#ask((redis) => redis.eval(SETTLE, 1, this.#keys.ledger(team), ...args, kept))) === 1;
  }
}

function entryOf(week: Week, outcome: string | null | undefined, trouble: string | null | undefined): WeekEntry {
  if (outcome) return { week, trouble: undefined, ...(JSON.parse(outcome) as Settled) };
  if (!trouble) return { week, outcome: undefined, trouble: undefined, atMs: undefined };
  const { why, remedy, atMs } = JSON.parse(trouble) as Troubled;
  return { week, outcome: undefined, trouble: { why, remedy }, atMs };
}
