import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Digest } from '../../src/core/digest.ts';
import { digestOf } from '../../src/core/digest-of.ts';
import type { Platform, Team } from '../../src/core/team.ts';
import { Digests, type DigestsParts, type DigestTeam, hasChannel, hasDigest } from '../../src/digest/digests.ts';
import { SayOnce } from '../../src/digest/say-once.ts';
import { type Delivered, PLATFORM, type Recipient } from '../../src/digest/weekly.ts';
import type { Chat, WeekOutcome } from '../../src/ports.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { teamOf } from '../core/build.ts';
import { evidenceOf, teamDigestOf } from '../core/digest-build.ts';
import { testRedis } from '../support/redis.ts';
import { ChannelsOfSlack } from './channel.ts';
import { SimulatedClock } from './workers.ts';

const { url, prefix } = testRedis();
const NOW = new Date('2026-11-18T12:00:00Z'); // the Wednesday of 2026-W47
const CHANNEL = 'C0PAYMENTS';

let store: Store;
beforeAll(async () => {
  store = await openStore({ url, prefix, scope: 'test', log: { info: () => {}, warn: () => {} } });
});
afterAll(() => store.close());

let drawn = 0;
const unique = (word: string) => {
  drawn += 1;
  return `${word}-${drawn}`;
};

/** Digests of these teams; tells what they were asked for. */
function digestsOf(
  given: {
    readonly teams?: readonly Team[];
    readonly platform?: Platform;
    readonly delivered?: Delivered;
    readonly pending?: readonly string[];
    readonly chat?: (slack: ChannelsOfSlack) => Chat;
    readonly details?: number;
  } = {},
) {
  const { teams = [], platform = { channel: undefined, digest: teamDigestOf() }, pending = [], details = 0 } = given;
  const slack = new ChannelsOfSlack();
  const clock = new SimulatedClock(NOW);
  const chat = given.chat?.(slack) ?? slack;
  const paused: number[] = [];
  const asked: { readonly what: string; readonly of: unknown }[] = [];
  const digest: Digest = digestOf(evidenceOf());
  const parts: DigestsParts = {
    weekly: {
      deliver: async (recipient: Recipient) => {
        asked.push({ what: 'deliver', of: recipient.key });
        return given.delivered ?? { kind: 'nothing' };
      },
      isPending: async ({ key }: Recipient) => pending.includes(key),
    } as DigestsParts['weekly'],
    once: new SayOnce({ chat, posts: store.posts, clock, draw: () => unique('token') }),
    memory: {
      digestOf: async (team, week, earlier) => {
        asked.push({ what: 'digest', of: [team.name, week, earlier.at(-1)?.week, earlier.length] });
        return digest;
      },
      platformDigestOf: async (week, troubles) => {
        asked.push({ what: 'platform', of: [week, troubles] });
        return { week } as Awaited<ReturnType<DigestsParts['memory']['platformDigestOf']>>;
      },
      record: async () => ({ teams: 1, recorded: 1, requests: 4 }),
    },
    mutes: store.mutes,
    ledger: store.ledger,
    views: {
      team: (_, how) => ({
        head: { text: how, blocks: [] },
        thread: Array.from({ length: details }, (_each, index) => ({ text: `detail ${index}`, blocks: [] })),
      }),
      platform: ({ week }) => ({ head: { text: `platform ${week}`, blocks: [] }, thread: [] }),
    },
    clock,
    teams,
    platform,
    pause: async (ms) => {
      paused.push(ms);
      clock.advance(ms);
    },
  };
  return { digests: new Digests(parts), slack, clock, asked, paused };
}

function aTeam(given: Partial<Team> = {}): DigestTeam {
  return teamOf({ name: unique('team'), channel: CHANNEL, digest: teamDigestOf(), ...given }) as DigestTeam;
}

describe('who gets digests', () => {
  test('given teams and a platform, then those with a channel and a time, and the platform', () => {
    const teams = [aTeam(), aTeam({ channel: undefined }), aTeam({ digest: undefined })];
    const { digests } = digestsOf({ teams, platform: { channel: 'C0PLATFORM', digest: teamDigestOf() } });
    expect(digests.recipients().map(({ key, channel }) => [key, channel])).toEqual([
      [teams[0]!.name, CHANNEL],
      [PLATFORM, 'C0PLATFORM'],
    ]);
    expect(teams.map((team) => [hasChannel(team), hasDigest(team)])).toEqual([
      [true, true],
      [false, false],
      [true, false],
    ]);
  });

  test('given a recipient of a job, then it is delivered to; one that golden.yml forgot is no error', async () => {
    const team = aTeam();
    const { digests, asked } = digestsOf({ teams: [team], delivered: { kind: 'later', waitMs: 5 } });
    expect(await digests.deliver(team.name)).toEqual({ kind: 'later', waitMs: 5 });
    expect(await digests.deliver('gone')).toEqual({ kind: 'nothing' });
    expect(asked).toEqual([{ what: 'deliver', of: team.name }]);
  });

  test('given some are pending, then they are named', async () => {
    const teams = [aTeam(), aTeam(), aTeam()];
    const { digests } = digestsOf({ teams, pending: [teams[0]!.name, teams[2]!.name] });
    expect(await digests.pending()).toEqual([teams[0]!.name, teams[2]!.name]);
  });
});

describe('what they are made of', () => {
  test("given a team's week, then its digest is the weekly one, made with the weeks before", async () => {
    const team = aTeam();
    const { digests, asked } = digestsOf({ teams: [team] });
    const [recipient] = digests.recipients();
    const composed = await recipient!.compose({ week: '2026-W47', earlier: [], lateSince: undefined });
    expect(composed.head.text).toBe('weekly');
    expect(asked).toEqual([{ what: 'digest', of: [team.name, '2026-W47', undefined, 0] }]);
  });

  test('given a preview, then it is of the week of now, and knows the weeks before', async () => {
    const team = aTeam();
    const { digests, asked, slack } = digestsOf({ teams: [team] });
    await digests.preview(team);
    expect(asked).toEqual([{ what: 'digest', of: [team.name, '2026-W47', '2026-W47', 10] }]);
    expect(slack.all()).toEqual([]);
  });

  const undelivered: WeekOutcome = { state: 'undelivered', why: 'Archived.', remedy: 'Unarchive it.' };
  test.each<[string, WeekOutcome | undefined, readonly object[]]>([
    ['was posted', { state: 'posted', channel: CHANNEL, ts: '1.0', late: false }, []],
    ['was muted', { state: 'muted', untilMs: 0 }, []],
    ['is open', undefined, []],
    ['was not delivered', undelivered, [{ why: 'Archived.', remedy: 'Unarchive it.' }]],
    ['was skipped', { state: 'skipped', why: 'Not running.' }, [{ why: 'Not running.' }]],
    ['may be there', { state: 'unsure', channel: CHANNEL }, [{ remedy: expect.stringContaining('channels:history') }]],
  ])(
    "given a team's digest that %s, then the platform's digest names it as it should",
    async (_, outcome, troubles) => {
      const team = aTeam();
      if (outcome) await store.ledger.settle(team.name, '2026-W46', outcome, NOW.getTime());
      const { digests, asked } = digestsOf({
        teams: [team],
        platform: { channel: 'C0PLATFORM', digest: teamDigestOf() },
      });
      const platform = digests.recipients().at(-1)!;
      const composed = await platform.compose({ week: '2026-W47', earlier: [], lateSince: undefined });
      expect(composed.head.text).toBe('platform 2026-W47');
      const expected = troubles.map((trouble) => ({ team: team.name, week: '2026-W46', ...trouble }));
      expect(asked).toEqual([
        { what: 'platform', of: ['2026-W47', expected.map((each) => expect.objectContaining(each))] },
      ]);
    },
  );

  test("given a team's digest in trouble right now, then the platform's digest names it with the reason", async () => {
    const team = aTeam();
    await store.ledger.take(team.name, '2026-W47', { token: 't', nowMs: NOW.getTime(), leaseMs: 1000 });
    const trouble = { why: 'Archived.', remedy: 'Unarchive it.' };
    await store.ledger.giveBack(team.name, '2026-W47', 't', { ...trouble, atMs: NOW.getTime() });
    const { digests, asked } = digestsOf({
      teams: [team],
      platform: { channel: 'C0PLATFORM', digest: teamDigestOf() },
    });
    await digests.recipients().at(-1)!.compose({ week: '2026-W47', earlier: [], lateSince: undefined });
    expect(asked).toEqual([
      { what: 'platform', of: ['2026-W47', [{ team: team.name, week: '2026-W47', ...trouble }]] },
    ]);
  });
});

describe('posting one now', () => {
  const sayingFirst = (answers: readonly Awaited<ReturnType<Chat['say']>>[], isTaken = false) => {
    const left = [...answers];
    return (slack: ChannelsOfSlack): Chat => ({
      find: (place) => slack.find(place),
      say: async (post) => {
        const answer = left.shift();
        if (answer === undefined) return slack.say(post);
        if (isTaken) await slack.say(post);
        return answer;
      },
    });
  };

  test('given all is well, then the digest stands there with its thread, and the ledger knows nothing of it', async () => {
    const team = aTeam();
    const { digests, slack } = digestsOf({ teams: [team], details: 2 });
    const posted = await digests.postNow(team);
    expect(slack.in(CHANNEL).map(({ ts, message }) => [ts, message.text])).toEqual([[posted.ts, 'now']]);
    expect(slack.in(CHANNEL, 'threads').map(({ message }) => message.text)).toEqual(['detail 0', 'detail 1']);
    expect((await store.ledger.weeks(team.name, ['2026-W47']))[0]?.outcome).toBeUndefined();
  });

  test('given somebody clicks twice, then it stands there once', async () => {
    const team = aTeam();
    const { digests, slack } = digestsOf({ teams: [team] });
    await digests.postNow(team);
    await digests.postNow(team);
    expect(slack.in(CHANNEL)).toHaveLength(1);
  });

  test('given a refusal, then the asker hears why and what to do', async () => {
    const team = aTeam();
    const refused = { kind: 'refused', about: 'channel', why: 'Archived.', remedy: 'Unarchive it.' } as const;
    const { digests } = digestsOf({ teams: [team], chat: sayingFirst([refused]) });
    await expect(digests.postNow(team)).rejects.toMatchObject({ message: 'Archived.', hint: 'Unarchive it.' });
  });

  test('given Slack is busy, then it waits as long as Slack says, and nothing is dropped', async () => {
    const team = aTeam();
    const busy = { kind: 'busy', waitMs: 3000 } as const;
    const { digests, slack, paused } = digestsOf({
      teams: [team],
      details: 2,
      chat: (each) => {
        const chat = sayingFirst([busy])(each);
        let calls = 0;
        return {
          ...chat,
          say: async (post) => {
            calls += 1;
            return calls === 4 ? busy : chat.say(post);
          },
        };
      },
    });
    await digests.postNow(team);
    expect(slack.in(CHANNEL)).toHaveLength(1);
    expect(slack.in(CHANNEL, 'threads')).toHaveLength(2);
    expect(paused).toEqual([3000, 3000]);
  });

  test('given the answer is lost and the message is there, then it is found, and its thread follows', async () => {
    const team = aTeam();
    const lost = { kind: 'unsure', why: 'no answer' } as const;
    const { digests, slack } = digestsOf({ teams: [team], details: 1, chat: sayingFirst([lost], true) });
    expect(await digests.postNow(team)).toMatchObject({ ts: slack.in(CHANNEL)[0]!.ts });
    expect(slack.in(CHANNEL)).toHaveLength(1);
    expect(slack.in(CHANNEL, 'threads')).toHaveLength(1);
  });

  test('given Slack stays busy for longer than anybody waits, then the asker is told to look first', async () => {
    const team = aTeam();
    const busy = { kind: 'busy', waitMs: 300_000 } as const;
    const { digests, paused } = digestsOf({ teams: [team], chat: sayingFirst([busy]) });
    await expect(digests.postNow(team)).rejects.toThrow('Slack is busy');
    expect(paused).toEqual([]);
  });

  test('given the answer is lost and nobody may look, then the asker is told to look', async () => {
    const team = aTeam();
    const lost = { kind: 'unsure', why: 'no answer' } as const;
    const { digests, slack } = digestsOf({ teams: [team], chat: sayingFirst([lost], true) });
    slack.readable = false;
    await expect(digests.postNow(team)).rejects.toMatchObject({ hint: expect.stringContaining('Look into') });
    expect(slack.in(CHANNEL)).toHaveLength(1);
  });
});

test('given teams in several zones, then the schedule is by instant, with mutes however they are spelt', async () => {
  const zurich = aTeam({ digest: teamDigestOf({ day: 'thursday' }) });
  const tokyo = aTeam({ digest: teamDigestOf({ day: 'thursday', timezone: 'Asia/Tokyo' }) });
  const past = aTeam({ digest: teamDigestOf({ day: 'tuesday' }) });
  const untilMs = NOW.getTime() + 1000;
  await store.mutes.put({ team: tokyo.name.toUpperCase(), untilMs, by: 'U0BOB' });
  const { digests } = digestsOf({ teams: [past, zurich, tokyo] });
  expect(await digests.schedule()).toEqual([
    {
      key: tokyo.name,
      channel: CHANNEL,
      week: '2026-W47',
      due: new Date('2026-11-19T00:00:00Z'),
      mutedUntil: new Date(untilMs),
    },
    {
      key: zurich.name,
      channel: CHANNEL,
      week: '2026-W47',
      due: new Date('2026-11-19T08:00:00Z'),
      mutedUntil: undefined,
    },
    {
      key: past.name,
      channel: CHANNEL,
      week: '2026-W48',
      due: new Date('2026-11-24T08:00:00Z'),
      mutedUntil: undefined,
    },
  ]);
});
