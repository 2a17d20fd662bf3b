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

/**
 * One leaky bucket per method, for posting one per channel and, where that is set, one for the whole workspace; a call has
 * to fit into all of them. Pure but for what it remembers.
 */
export function createRateLimits(workspace: { readonly postsPerMinute?: number | undefined } = {}): RateLimits {
  const buckets = new Map<string, { used: number; at: number }>();
  const everywhere = workspace.postsPerMinute === undefined ? undefined : tier(workspace.postsPerMinute);

  const metersOf = (method: string, channel: string): [string, Meter][] => {
    const meter = METERS[method] ?? TIER_4;
    if (meter !== POSTING) return [[method, meter]];
    return [[`${method} ${channel}`, POSTING], ...(everywhere ? [[method, everywhere] as [string, Meter]] : [])];
  };

  return {
    waitSec(method, channel, nowMs) {
      if (method === 'auth.test' || method === 'api.test') return 0; // hundreds a minute, documented as special
      const levels = metersOf(method, channel).map(([key, meter]) => {
        const { used, at } = buckets.get(key) ?? { used: 0, at: nowMs };
        return { key, meter, used: Math.max(0, used - (nowMs - at) / meter.refillMs) };
      });
      const waitsSec = levels.map(({ meter, used }) => Math.ceil(((used + 1 - meter.burst) * meter.refillMs) / 1_000));
      const waitSec = Math.max(0, ...waitsSec);
      for (const { key, used } of levels) buckets.set(key, { used: waitSec > 0 ? used : used + 1, at: nowMs });
      return waitSec;
    },
  };
}
