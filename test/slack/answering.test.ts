import { describe, expect, test } from '@jest/globals';
import { FatalError, RetryableError } from '../../src/core/errors.ts';
import type { StatusReport } from '../../src/core/report.ts';
import { aStatus } from './build.ts';
import { ALICE, CHANNEL, gate, inWorld, openWorld, readable, until } from './world.ts';

describe.each(['socket', 'http'] as const)('%s mode', (mode) => {
  test('given a team, when its status is asked, then the asker alone reads the figures', () =>
    inWorld({ mode }, async (world) => {
      const answer = await world.ask('status team-x');
      expect(answer.ephemeralTo).toBe(ALICE);
      expect(answer.text).toContain('team-x: 78 % of 80 machines are on current golden images');
      expect(readable(answer)).toContain('web-01');
      await until(() => world.counted.length > 0);
      expect(world.counted).toEqual(['status answered']);
      expect(world.log.find(({ message }) => message === 'command answered')?.fields).toMatchObject({
        user: ALICE,
        team: 'team-x',
        command: 'status',
        outcome: 'answered',
        requestId: expect.any(String),
        durationMs: expect.any(Number),
      });
    }));

  test('given an Azure that hangs, when a status is asked, then it is acknowledged at once, said to be read, then answered', async () => {
    const azure = gate<StatusReport>();
    await inWorld({ mode, compliance: { status: () => azure.answer } }, async (world) => {
      const { ack } = await world.slack.slash({ user: ALICE, channel: CHANNEL, text: 'status team-x' });
      expect(ack.acked).toBe(true);
      expect(ack.ms).toBeLessThan(1_000);
      expect(world.acks).toHaveLength(1);
      await world.slack.waitFor(() => world.last()?.text.startsWith('Reading Azure…'), { what: 'Reading Azure…' });

      azure.open(aStatus());

      await world.slack.waitFor(() => world.last()?.text.startsWith('team-x: 78 %'), { what: 'the answer' });
    });
  });

  test('given an answer, when it is refreshed, then Azure is asked anew and the answer takes the place of the old one', async () => {
    const asked: (boolean | undefined)[] = [];
    const status = async (_team: unknown, { fresh }: { fresh?: boolean }) => {
      asked.push(fresh);
      return fresh === true ? aStatus({ counts: { current: 80 }, findings: [], attention: 0 }) : aStatus();
    };
    await inWorld({ mode, compliance: { status } }, async (world) => {
      const first = await world.ask('status team-x');
      await world.slack.click({ user: ALICE, ephemeralId: first.ts, actionId: 'golden:refresh' });
      await world.slack.waitFor(() => world.last()?.text.includes('all 80 machines'), { what: 'the fresh answer' });
      expect(asked).toEqual([undefined, true]);
      expect(world.slack.seen(ALICE, CHANNEL)).toHaveLength(1);
    });
  });

  test('given an answer, when it is shared, then everybody reads it, and who shared it', () =>
    inWorld({ mode }, async (world) => {
      const mine = await world.ask('status team-x');
      await world.slack.click({ user: ALICE, ephemeralId: mine.ts, actionId: 'golden:share' });
      await world.slack.waitFor(() => world.last('U0BOB'), { what: 'the shared answer' });
      const shared = world.last('U0BOB');
      expect(shared?.ephemeralTo).toBeUndefined();
      expect(readable(shared)).toContain('Shared by <@U0ALICE>');
      expect(JSON.stringify(shared?.blocks)).not.toMatch(/golden:(share|refresh)/);
      expect(world.slack.seen(ALICE, CHANNEL).some(({ ts }) => ts === mine.ts)).toBe(true);
    }));

  test('given the same delivery twice, when both arrive, then it is answered once', () =>
    inWorld({ mode }, async (world) => {
      const { envelope } = await world.slack.slash({ user: ALICE, channel: CHANNEL, text: 'status team-x' });
      const again = await world.slack.duplicate(envelope);
      expect(again.acked).toBe(true);
      await until(() => world.log.some(({ message }) => message === 'a duplicate was passed over'));
      await until(() => world.counted.length > 0);
      expect(world.counted).toEqual(['status answered']);
    }));
});

describe('errors', () => {
  test.each<[string, Error, RegExp]>([
    [
      'busy',
      new RetryableError('Azure is busy.', 'Wait.', { retryAfterMs: 19_500 }),
      /Azure is busy\.\nAsk again in 20 s\.\nReference/,
    ],
    [
      'fatal',
      new FatalError('The Reader role is missing', 'Grant it.'),
      /The Reader role is missing\nGrant it\.\nReference [0-9a-f-]{36}/,
    ],
    ['a bug', new TypeError('x is not a function <!channel>'), /Something went wrong here/],
  ])('given an error that is %s, then it is said plainly, and the log leads to it', (_kind, error, said) =>
    inWorld({ compliance: { status: () => Promise.reject(error) } }, async (world) => {
      const answer = await world.ask('status team-x');
      expect(readable(answer)).toMatch(said);
      expect(JSON.stringify(answer)).not.toMatch(/not a function|channel>|at .*\.ts:/);
      const reference = /Reference ([0-9a-f-]{36})/.exec(readable(answer))?.[1];
      expect(reference).toBeDefined();
      await until(() => world.log.some(({ fields }) => fields.requestId === reference && fields.err === error));
    }),
  );

  test('given a question that nobody answers, when its time is over, then the asker is told', () =>
    inWorld(
      { compliance: { status: () => new Promise(() => {}) }, deps: { timing: { deadlineMs: 50 } } },
      async (world) => {
        expect((await world.ask('status team-x')).text).toContain('Azure did not answer within 0 s. Ask again;');
      },
    ));

  test('given a mistyped team, when it is asked, then the nearest is named and no reference is', () =>
    inWorld({}, async (world) => {
      const answer = readable(await world.ask('status taem-x'));
      expect(answer).toContain('Did you mean "team-x"?');
      expect(answer).not.toContain('Reference');
    }));
});

describe('the Home tab', () => {
  test('given the Home tab, when a team’s button is pressed, then a modal opens at once and is filled', async () => {
    const azure = gate<StatusReport>();
    await inWorld({ compliance: { status: () => azure.answer } }, async (world) => {
      await world.slack.openHome(ALICE);
      await world.slack.waitFor(() => world.slack.state.homes.get(ALICE), { what: 'the Home tab' });
      const viewId = world.slack.state.homes.get(ALICE)!;
      await world.slack.click({ user: ALICE, viewId, actionId: 'golden:run:other-0' });
      const modal = await world.slack.waitFor(() => world.slack.state.modals.get(ALICE)?.[0], { what: 'a modal' });
      const shown = () => JSON.stringify(world.slack.state.views.get(modal)?.fields.blocks);
      expect(shown()).toContain('Reading Azure…');

      azure.open(aStatus());

      await world.slack.waitFor(() => shown().includes('78 %'), { what: 'the answer in the modal' });
      expect(shown()).not.toContain('golden:share');
      await world.slack.click({ user: ALICE, viewId: modal, actionId: 'golden:run:list' });
      await world.slack.waitFor(() => shown().includes('Page 1 of 3'), { what: 'the list in the modal' });
    });
  });
});

test('given a question on its way, when the bot is stopped, then it is answered first', async () => {
  const azure = gate<StatusReport>();
  const world = await openWorld({ compliance: { status: () => azure.answer } });
  try {
    await world.slack.slash({ user: ALICE, channel: CHANNEL, text: 'status team-x' });
    const stopped = world.bot.stop();
    azure.open(aStatus());
    await stopped;
    expect(world.last()?.text).toContain('78 %');
    expect(world.bot.ready()).toBe(false);
  } finally {
    await world.slack.close();
  }
});

describe('given a question that Azure never answers, when the bot is stopped', () => {
  const RESTARTED = /^Golden is being restarted\. Ask again in a minute\. Reference [0-9a-f-]{36}$/;
  const hanging = new Promise<never>(() => {});

  test('then it had most of the time, and advice takes the place of "Reading Azure…" within it', async () => {
    const world = await openWorld({
      compliance: { status: (_team, { fresh }) => (fresh === true ? hanging : Promise.resolve(aStatus())) },
      deps: { timing: { readingMs: 10 } },
    });
    try {
      const answer = await world.ask('status team-x');
      await world.slack.click({ user: ALICE, ephemeralId: answer.ts, actionId: 'golden:refresh' });
      await world.slack.waitFor(() => world.last()?.text.startsWith('Reading Azure…'), { what: 'Reading Azure…' });
      const started = performance.now();
      await world.bot.stop(4_000);
      const tookMs = performance.now() - started;
      expect(world.slack.seen(ALICE, CHANNEL).map(({ text }) => text)).toEqual([expect.stringMatching(RESTARTED)]);
      expect(world.counted).toEqual(['status answered', 'status retryable']);
      expect(tookMs).toBeGreaterThan(2_900);
      expect(tookMs).toBeLessThan(3_900); // nothing is open any more, so it need not wait till the end
    } finally {
      await world.slack.close();
    }
  });

  test('then a modal says so too, and what only now comes to be asked is told at once', async () => {
    const asked: string[] = [];
    const redis = gate<boolean>();
    const world = await openWorld({
      compliance: {
        status: (team) => {
          asked.push(team.name);
          return hanging;
        },
      },
      deps: { once: async (key) => !key.startsWith('command:') || redis.answer },
    });
    try {
      await world.slack.openHome(ALICE);
      const viewId = await world.slack.waitFor(() => world.slack.state.homes.get(ALICE), { what: 'the Home tab' });
      await world.slack.click({ user: ALICE, viewId, actionId: 'golden:run:other-1' });
      const modal = await world.slack.waitFor(() => world.slack.state.modals.get(ALICE)?.[0], { what: 'a modal' });
      await until(() => asked.length === 1);
      await world.slack.slash({ user: ALICE, channel: CHANNEL, text: 'status team-x' });

      const stopped = world.bot.stop(1_000);
      const shown = () => JSON.stringify(world.slack.state.views.get(modal)?.fields.blocks);
      await world.slack.waitFor(() => shown().includes('Golden is being restarted.'), { what: 'advice in the modal' });
      redis.open(true);
      await world.slack.waitFor(() => RESTARTED.test(world.last()?.text ?? ''), { what: 'advice in the channel' });

      await stopped;
      expect(asked).toEqual(['team-y']);
    } finally {
      await world.slack.close();
    }
  });
});
