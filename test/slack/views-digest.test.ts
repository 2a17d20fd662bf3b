import { describe, expect, test } from '@jest/globals';
import { pings } from '../../sandbox/slack/mentions.ts';
import { type DigestOptions, digestMessages } from '../../src/slack/views/digest.ts';
import { undeliveredNotice, unsureNotice } from '../../src/slack/views/digest-notices.ts';
import type { Message } from '../../src/slack/views/message.ts';
import { platformDigestMessages } from '../../src/slack/views/platform-digest.ts';
import { scheduleView } from '../../src/slack/views/schedule.ts';
import { trendView } from '../../src/slack/views/trend.ts';
import { aTeam, idOf, NOW } from './build.ts';
import { aDigest, aFullDigest, aGroup, aPlatformDigest, aPoint, aRankedTeam, someWeeks } from './digest-build.ts';
import { readable } from './world.ts';

const text = (message: Message | undefined) => readable({ blocks: [...(message?.blocks ?? [])] as never });
const say = (digest: ReturnType<typeof aDigest>, options: Partial<DigestOptions> = {}) =>
  digestMessages(digest, { mention: false, ...options });
const quiet = () => aDigest({ counts: { current: 80 } });
const APPROVERS = { users: ['U0BOB', '<!channel>'], userGroups: ['S0PAYOPS'], required: 1 };

const BERLIN = {
  day: 'monday',
  time: '09:00',
  timezone: 'Europe/Berlin',
  catchUpHours: 24,
  escalateAfterWeeks: 4,
} as const;

describe('the digest of a team', () => {
  test('given a week, when it is told, then the headline is the share and how it changed', () => {
    expect(say(aFullDigest()).head.text).toMatch(
      /^payments: 78 % of 80 machines are on current golden images, 4 points more than last week\. Of 84: /,
    );
  });

  test.each([
    [{ current: 80 }, 'unchanged since last week'],
    [{ current: 81, outdated: 0 }, 'unchanged since last week'],
    [{ current: 40, outdated: 40 }, '50 points more than last week'],
  ])('given %j a week ago, when all are current, then it says: %s', (before, said) => {
    const digest = aDigest({ weeks: [aPoint(1, before), aPoint(0, { current: 80 })], fresh: [aGroup(1)] });
    expect(say(digest).head.text).toContain(said);
  });

  test('given nothing that could be read needs attention, when something is unread, then nobody is told that all is well', () => {
    const unread = [{ scope: 'subscription x', reason: 'not visible' }];
    const said = text(say(aDigest({ counts: {}, unread, projection: { kind: 'unknown' } })).head);
    expect(said).toContain('Nothing that could be read needs attention');
    expect(said).not.toMatch(/Nothing needs attention|left to do/);
  });

  test('given a preview, which has no thread, when there is more, then it says where that will be', () => {
    const fresh = Array.from({ length: 30 }, () => aGroup(9));
    expect(text(say(aDigest({ fresh }), { preview: 'preview' }).head)).toContain(
      'When it is posted, there is more in its thread.',
    );
    expect(text(say(aDigest({ fresh })).head)).toContain('More in the thread.');
  });

  test('given a digest that comes late, when it is told, then it says when it was due', () => {
    const lateSince = new Date('2026-11-16T08:00:00Z');
    const digest = aFullDigest();
    const inBerlin = { ...digest, team: { ...digest.team, digest: { ...BERLIN } } };
    expect(text(say(inBerlin, { lateSince }).head)).toContain(
      'Late: it was due Mon, 16 Nov 2026, 09:00 (Europe/Berlin).',
    );
    expect(text(say(inBerlin).head)).not.toContain('Late');
  });

  test('given what is new, fixed and open, when it is told, then each is counted and has its next step', () => {
    const { head } = say(aFullDigest());
    expect(head.text).toContain('8 new, 5 fixed, 10 still open');
    const said = text(head);
    expect(said).toContain('7 VMs pay-web-…\n on ubuntu-22 1.4.0: outdated (cattle)');
    expect(said).toContain('Next: \nRebuild it from ubuntu-22 1.6.0.');
    expect(said).toContain(', open since 3 Aug 2026 (15 weeks)');
    expect(said).toContain(' ends on 3 Dec 2026, in 12 days: 7 machines run it');
    expect(said).toContain('At this rate done around 12 March 2027.');
  });

  test('given a group, when it is told, then its buttons list its state and ask why by the id', () => {
    const json = JSON.stringify(say(aFullDigest()).head.blocks);
    expect(json).toContain('"value":"list payments revoked"');
    expect(json).toContain(`"value":"why ${idOf('pay-db-01')}"`);
  });

  test('given nothing to say, when it is told, then it is one line without a thread', () => {
    const { head, thread } = say(quiet());
    expect(head.blocks).toHaveLength(1);
    expect(text(head)).toBe(
      'payments: all 80 machines are on current golden images; nothing changed and nothing is left to do.',
    );
    expect(thread).toEqual([]);
  });

  test('given something unread, when all the rest is fine, then it is no quiet digest', () => {
    const { head } = say(
      aDigest({ counts: { current: 80 }, unread: [{ scope: 'sub-d', reason: 'Reader role missing' }] }),
    );
    expect(text(head)).toContain('Warning: not everything could be read');
  });

  test('given the first digest, when it is told, then it says so instead of calling everything new', () => {
    const { head } = say(aDigest({ weeks: [aPoint(0)], before: undefined, fresh: [aGroup(3)] }));
    expect(text(head)).toContain('this is the first digest');
    expect(head.text).not.toContain('new');
  });

  test('given a single week, when it is told, then its states are drawn as bars', () => {
    const { head } = say(aDigest({ weeks: [aPoint(0)], before: undefined, fresh: [aGroup(3)] }));
    expect(head.blocks).toContainEqual(
      expect.objectContaining({ type: 'data_visualization', title: 'Machines by state' }),
    );
  });

  test('given a week that was missed, when the next comes, then it says so', () => {
    const skipped = [{ week: '2026-W45', due: NOW, why: 'Nothing was running.' }];
    expect(text(say(aFullDigest({ skipped })).head)).toContain(
      'The digest of week 45 was not sent: Nothing was running.',
    );
  });

  test('given a group of many machines, when it is told, then the thread names more of them', () => {
    const { thread } = say(aFullDigest());
    expect(text(thread[0])).toContain('pay-web-01, pay-web-02, pay-web-03, pay-web-04, pay-web-05');
  });

  test('given little, when the head says all of it, then there is no thread', () => {
    const { head, thread } = say(aDigest({ fresh: [aGroup(2)] }));
    expect(thread).toEqual([]);
    expect(text(head)).not.toContain('thread');
  });

  test.each([
    [true, ['S0PAYOPS', 'U0BOB']],
    [false, []],
  ])('given no progress, when approvers may be mentioned: %s, then they are: %j', (mention, called) => {
    const team = aTeam({ name: 'payments', approvers: APPROVERS });
    const { head, thread } = say(aFullDigest({ team, stuckWeeks: 5 }), { mention });
    expect([...new Set(pings({ ...head }).map(({ target }) => target))].toSorted()).toEqual(called);
    expect(thread.flatMap((message) => pings({ ...message }))).toEqual([]);
    expect(head.text).toContain('No progress for 5 weeks.');
  });

  test.each([
    ['whoever may not post', { preview: 'preview', mayPost: false }, false],
    ['an approver', { preview: 'preview', mayPost: true }, true],
    ['the channel', { preview: 'now', mayPost: true }, false],
    ['the channel on its day', {}, false],
  ] as const)('given a digest for %s, when it is told, then posting it is offered: %s', (_name, options, offered) => {
    for (const digest of [aFullDigest(), quiet()]) {
      expect(JSON.stringify(say(digest, options).head).includes('digest payments now')).toBe(offered);
    }
  });
});

const JUMP = '/subscriptions/1/resourceGroups/rg-shared/providers/Microsoft.Compute/virtualMachines/jump-1';

describe('the digest of the platform', () => {
  test('given teams, troubles and machines of nobody, when it is told, then the head names all of it', () => {
    const { head } = platformDigestMessages(
      aPlatformDigest({
        teams: [aRankedTeam({ team: 'slow', mutedUntil: new Date('2026-12-24') }), aRankedTeam()],
        unowned: { total: 2, counts: aPoint(0, { outdated: 2 }).counts, examples: [JUMP] },
        troubles: [{ team: 'checkout', week: '2026-W47', why: 'Archived.', remedy: 'Unarchive it.' }],
      }),
    );
    const said = text(head);
    expect(said).toContain('Muted: slow until 24 Dec 2026.');
    expect(said).toContain('2 machines of no team: 2 outdated');
    expect(said).toContain('jump-1\n in \nrg-shared');
    expect(said).toContain('checkout\n, week 47: \nArchived.\n\nNext: \nUnarchive it.');
    expect(head.text).toContain('1 digest could not be delivered.');
  });
});

describe('answers about digests', () => {
  test('given nothing remembered, when the trend is asked, then it says when there will be something', () => {
    const answer = { team: aTeam(), chart: 'states' as const, points: [], snapshot: undefined, ages: undefined };
    const message = trendView({ ...answer, projection: { kind: 'unknown' }, now: NOW });
    expect(text(message)).toContain('The first record is made as soon as the worker has read Azure');
  });

  test('given a trend, when it is told, then the other charts are one click away', () => {
    const answer = { team: aTeam(), chart: 'ages' as const, points: someWeeks(), snapshot: undefined, ages: undefined };
    const json = JSON.stringify(trendView({ ...answer, projection: { kind: 'unknown' }, now: NOW }));
    expect(json).toContain('"value":"trend team-x"');
    expect(json).toContain('"value":"trend team-x versions"');
  });

  test('given a zone, when the schedule is asked, then the soonest comes first, in that zone', () => {
    const entry = { channel: 'C0PAYMENTS', week: '2026-W48', hasDigest: true };
    const message = scheduleView({
      entries: [
        { ...entry, team: 'later', due: new Date('2026-11-24T08:00:00Z') },
        { ...entry, team: 'soon', due: new Date('2026-11-23T08:00:00Z') },
      ],
      timezone: 'Europe/Berlin',
    });
    expect(message.text).toMatch(/soon Mon,? 23 Nov 2026,? 09:00 \(Europe\/Berlin\); later Tue/);
  });

  test('given a digest that is not where it belongs, when people are told, then they know what to do', () => {
    const place = { team: 'payments', week: '2026-W47', channel: 'C0PAYMENTS' };
    expect(text(undeliveredNotice({ ...place, why: 'Archived.', remedy: 'Unarchive it.' }))).toContain('Unarchive it.');
    expect(text(unsureNotice(place))).toContain('/golden digest payments now');
  });

  test.each([
    [false, 'It is tried again by itself', 'It is not tried again'],
    [true, 'It is not tried again', 'It is tried again by itself'],
  ])(
    'given a digest that is not delivered, for good: %s, when people are told, then they know whether it still comes',
    (final, says, not) => {
      const place = { team: 'payments', week: '2026-W47', channel: 'C0PAYMENTS' };
      const said = text(undeliveredNotice({ ...place, why: 'Archived.', remedy: 'Unarchive it.', final }));
      expect(said).toContain(says);
      expect(said).not.toContain(not);
    },
  );
});
