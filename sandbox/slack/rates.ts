/**
 * Rate limits as Slack documents them: tier 1 to 4 per method and minute; posting is special, about one message per second
 * and channel with short bursts. https://docs.slack.dev/apis/web-api/rate-limits
 */
type Meter = { burst: number; refillMs: number };

const tier = (perMinute: number): Meter => ({ burst: perMinute, refillMs: 60_000 / perMinute });
const TIER_2 = tier(20);
const TIER_3 = tier(50);
const TIER_4 = tier(100);
/** Slack tolerates "short bursts"; ten is this sandbox's reading of it. */
const POSTING: Meter = { burst: 10, refillMs: 1_000 };

const METERS: Record<string, Meter> = {
  'chat.postMessage': POSTING,
  'chat.postEphemeral': TIER_4,
  'chat.update': TIER_3,
  'chat.delete': TIER_3,
  'apps.connections.open': TIER_3,
  'conversations.list': TIER_2,
  'conversations.info': TIER_3,
  'conversations.join': TIER_3,
  'conversations.open': TIER_3,
  'conversations.history': TIER_3,
  'conversations.replies': TIER_3,
  'users.list': TIER_2,
  'usergroups.list': TIER_2,
  'usergroups.users.list': TIER_2,
  'users.conversations': TIER_3,
  'reactions.add': TIER_3,
  'team.info': TIER_3,
  'bots.info': TIER_3,
};

/** Answers how many seconds a caller must wait, or 0 when the call may pass. */
export interface RateLimits {
  waitSec(method: string, channel: string, nowMs: number): number;
}

/** One leaky bucket per method (and per channel for posting); pure but for what it remembers. */
export function createRateLimits(meters: Record<string, Meter> = METERS): RateLimits {
  const buckets = new Map<string, { used: number; at: number }>();
  return {
    waitSec(method, channel, nowMs) {
      if (method === 'auth.test' || method === 'api.test') return 0; // hundreds a minute, documented as special
      const meter = meters[method] ?? TIER_4;
      const key = meter === POSTING ? `${method} ${channel}` : method;
      const bucket = buckets.get(key) ?? { used: 0, at: nowMs };
      const used = Math.max(0, bucket.used - (nowMs - bucket.at) / meter.refillMs);
      const over = used + 1 - meter.burst;
      if (over > 0) {
        buckets.set(key, { used, at: nowMs });
        return Math.max(1, Math.ceil((over * meter.refillMs) / 1_000));
      }
      buckets.set(key, { used: used + 1, at: nowMs });
      return 0;
    },
  };
}
