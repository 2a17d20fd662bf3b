import { describe, test } from '@jest/globals';
import fc from 'fast-check';
import type { TrendChart } from '../../src/core/trend-answer.ts';
import { undeliveredNotice, unsureNotice } from '../../src/slack/views/digest-notices.ts';
import type { Message } from '../../src/slack/views/message.ts';
import { mutedView, postedNowView, unmutedView } from '../../src/slack/views/mute.ts';
import { scheduleView } from '../../src/slack/views/schedule.ts';
import { trendView } from '../../src/slack/views/trend.ts';
import { NOW } from './build.ts';
import { hostile, somePoints, someSnapshot, someTeam } from './digest-arbitraries.ts';
import { expectHarmless, expectToFit } from './message-laws.ts';

const someday = fc.integer({ min: -400, max: 400 }).map((days) => new Date(NOW.getTime() + days * 86_400_000));
const zone = fc.constantFrom(undefined, 'Europe/Berlin', 'Nowhere/Land', '<!channel>');
const channel = fc.oneof(fc.constant('C0PAYMENTS'), hostile);
const notice = fc.record({
  team: hostile,
  week: fc.oneof(fc.constant('2026-W47'), hostile),
  channel,
  why: hostile,
  remedy: hostile,
  final: fc.boolean(),
});

const messages: Record<string, fc.Arbitrary<Message>> = {
  trend: fc
    .record({
      team: someTeam,
      chart: fc.constantFrom<TrendChart>('states', 'ages', 'versions'),
      points: somePoints,
      snapshot: fc.option(someSnapshot, { nil: undefined }),
      ages: fc.option(fc.record({ medianDays: fc.nat(4_000), p90Days: fc.nat(4_000) }), { nil: undefined }),
    })
    .map((given) => trendView({ ...given, projection: { kind: 'never', perWeek: 0 }, now: NOW })),
  schedule: fc
    .record({
      entries: fc.array(
        fc.record({
          team: hostile,
          channel: fc.option(channel, { nil: undefined }),
          week: fc.constant('2026-W47'),
          due: someday,
          mutedUntil: fc.option(someday, { nil: undefined }),
          hasDigest: fc.boolean(),
        }),
        { maxLength: 500 },
      ),
      timezone: zone,
      platform: fc.option(fc.record({ channel, due: someday }), { nil: undefined }),
    })
    .map(scheduleView),
  muted: fc.record({ team: someTeam, until: someday, timezone: zone }).map(mutedView),
  unmuted: fc
    .record({ team: someTeam, wasMuted: fc.boolean(), next: fc.option(someday, { nil: undefined }), timezone: zone })
    .map(unmutedView),
  posted: fc.record({ team: someTeam, channel }).map(postedNowView),
  undelivered: notice.map(undeliveredNotice),
  unsure: notice.map(unsureNotice),
};

describe.each(Object.entries(messages))('laws over hostile text: %s', (_name, message) => {
  test('it fits, links nowhere and formats nothing', () => {
    fc.assert(
      fc.property(message, (made) => {
        expectToFit(made);
        expectHarmless(made);
      }),
      { numRuns: 60 },
    );
  });
});
