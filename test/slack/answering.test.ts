import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Services } from '../../src/command.ts';
import type { ListReport } from '../../src/compliance/compliance.ts';
import { FatalError, RetryableError } from '../../src/core/errors.ts';
import type { StatusReport } from '../../src/core/report.ts';
import { aList, aStatus, aWhy, aWhyReport, idOf } from './build.ts';
import { ALICE, CHANNEL, type Given, gate, openWorld, readable, until, type World } from './world.ts';

/** Opens a world for one test and ends it whatever happens. */
async function inWorld(given: Given, work: (world: World) => Promise<void>): Promise<void> {
  const world = await openWorld(given);
  try {
    await work(world);
  } finally {
    await world.end();
  }
}

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

describe('clicks', () => {
  test('given a list of three pages, when the next is asked, then page two takes its place', () =>
    inWorld({}, async (world) => {
      const list = await world.ask('list team-x');
      expect(readable(list)).toContain('Page 1 of 3');
      await world.slack.click({ user: ALICE, ephemeralId: list.ts, actionId: 'golden:run:next' });
      await world.slack.waitFor(() => readable(world.last()).includes('Page 2 of 3'), { what: 'page 2' });
      expect(world.slack.seen(ALICE, CHANNEL)).toHaveLength(1);
    }));

  test('given several machines of one name, when one is chosen, then its own verdict is told', () => {
    const two = [aWhyReport({ group: 'rg-a' }), aWhyReport({ group: 'rg-b' })];
    const why = async (asked: string) => aWhy(asked === idOf('web-01', 'rg-b') ? two.slice(1) : two, asked);
    return inWorld({ compliance: { why } }, async (world) => {
      const choice = await world.ask('why web-01');
      expect(readable(choice)).toContain('2 machines are called web-01');
      await world.slack.click({ user: ALICE, ephemeralId: choice.ts, actionId: 'golden:run:1' });
      await world.slack.waitFor(() => world.last()?.text.startsWith('web-01 is outdated'), { what: 'the verdict' });
      expect(readable(world.last())).toContain('rg-b');
    });
  });

  test('given a list, when a state is chosen, then the list is of that state', () => {
    const list: Services['compliance']['list'] = async (team, { states, page }) => aList({ team, states, page });
    return inWorld({ compliance: { list } }, async (world) => {
      const all = await world.ask('list team-x');
      const choice = 'list team-x revoked';
      await world.slack.click({ user: ALICE, ephemeralId: all.ts, actionId: 'golden:run:state', choice });
      await world.slack.waitFor(() => world.last()?.text.includes('1 machine is revoked'), {
        what: 'the list of a state',
      });
    });
  });

  test('given a shared answer, when somebody asks for all findings, then they alone see them and the shared answer stays', () =>
    inWorld({}, async (world) => {
      const mine = await world.ask('status team-x');
      await world.slack.click({ user: ALICE, ephemeralId: mine.ts, actionId: 'golden:share' });
      await world.slack.waitFor(() => world.last('U0BOB'), { what: 'the shared answer' });
      const shared = world.last('U0BOB')!;
      await world.slack.click({ user: 'U0BOB', messageTs: shared.ts, actionId: 'golden:run:list' });
      await world.slack.waitFor(() => world.last('U0BOB')?.ephemeralTo === 'U0BOB', { what: 'the private list' });
      expect(world.slack.seen(ALICE, CHANNEL).find(({ ts }) => ts === shared.ts)?.text).toBe(shared.text);
    }));

  test('given a shared answer and a slow Azure, when somebody asks from it, then "Reading Azure…" does not take its place', () => {
    const azure = gate<ListReport>();
    return inWorld({ compliance: { list: () => azure.answer }, deps: { timing: { readingMs: 10 } } }, async (world) => {
      const mine = await world.ask('status team-x');
      await world.slack.click({ user: ALICE, ephemeralId: mine.ts, actionId: 'golden:share' });
      const shared = await world.slack.waitFor(() => world.last('U0BOB'), { what: 'the shared answer' });
      await world.slack.click({ user: 'U0BOB', messageTs: shared.ts, actionId: 'golden:run:list' });
      await world.slack.waitFor(() => world.last('U0BOB')?.text.startsWith('Reading Azure…'), {
        what: 'Reading Azure…',
      });
      azure.open(aList());
      await world.slack.waitFor(() => world.last('U0BOB')?.text.includes('page 1 of 1'), { what: 'the list' });
      expect(world.slack.seen(ALICE, CHANNEL).find(({ ts }) => ts === shared.ts)?.text).toBe(shared.text);
    });
  });

  test.each(['golden:gone', 'approve', 'golden:runaway'])(
    'given a button "%s" that nobody here made, then it is said politely',
    (actionId) =>
      inWorld({}, async (world) => {
        const old = world.slack.say({ user: ALICE, channel: CHANNEL, text: 'old' });
        const button = { type: 'button', action_id: actionId, value: 'x', text: { type: 'plain_text', text: 'Old' } };
        Object.assign(world.slack.state.messages.find(({ ts }) => ts === old.ts)!, {
          blocks: [{ type: 'actions', block_id: 'b', elements: [button] }],
        });
        await world.slack.click({ user: ALICE, messageTs: old.ts, actionId });
        await world.slack.waitFor(() => world.last()?.text.includes('older version of Golden'), {
          what: 'a polite answer',
        });
      }),
  );

  test('given a value that somebody tampered with, when it is clicked, then it is checked as if typed', () =>
    inWorld({}, async (world) => {
      const answer = await world.ask('status team-x');
      const blocks = JSON.stringify(world.last()?.blocks).replaceAll('status team-x', 'status team-z');
      Object.assign(world.slack.state.messages.find(({ ts }) => ts === answer.ts)!, { blocks: JSON.parse(blocks) });
      await world.slack.click({ user: ALICE, ephemeralId: answer.ts, actionId: 'golden:refresh' });
      await world.slack.waitFor(() => world.last()?.text.includes('There is no team'), { what: 'a refusal' });
    }));
});

describe('errors', () => {
  test.each<[string, Error, RegExp]>([
    [
      'busy',
      new RetryableError('Azure is busy', 'Wait.', { retryAfterMs: 19_500 }),
      /Azure is busy\. Ask again in 20 s\./,
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
        expect((await world.ask('status team-x')).text).toContain('Azure did not answer');
      },
    ));

  test('given a mistyped team, when it is asked, then the nearest is named and no reference is', () =>
    inWorld({}, async (world) => {
      const answer = readable(await world.ask('status taem-x'));
      expect(answer).toContain('Did you mean "team-x"?');
      expect(answer).not.toContain('Reference');
    }));
});

describe('a Slack in trouble', () => {
  test('given a response URL that fails, when it is answered, then the answer comes another way', () =>
    inWorld(
      { prepare: (slack) => slack.faults.plant({ kind: 'response-url', status: 500, times: 5 }) },
      async (world) => {
        const answer = await world.ask('status team-x');
        expect(answer.ephemeralTo).toBe(ALICE);
        expect(answer.text).toContain('78 %');
      },
    ));

  test('given no way to answer at all, then it is logged and the next question is answered', () =>
    inWorld({}, async (world) => {
      world.slack.faults.plant({ kind: 'response-url', status: 500 });
      world.slack.faults.plant({ kind: 'refuse', method: 'chat.postEphemeral', error: 'user_not_in_channel' });
      await world.slack.slash({ user: ALICE, channel: CHANNEL, text: 'status team-x' });
      await until(() =>
        world.log.some(
          ({ message, fields }) =>
            message === 'an answer could not be said' && fields.refusal === 'user_not_in_channel',
        ),
      );
      expect((await world.ask('status team-x')).text).toContain('78 %');
    }));

  test('given a storm of 429, when the answer is said, then it arrives after as long as Slack asks for', () =>
    inWorld({}, async (world) => {
      world.slack.faults.plant({ kind: 'response-url', status: 500 });
      world.slack.faults.plant({ kind: 'rate-limit', method: 'chat.postEphemeral', retryAfterSec: 1, times: 2 });
      const started = performance.now();
      expect((await world.ask('status team-x')).text).toContain('78 %');
      expect(performance.now() - started).toBeGreaterThan(1_900);
    }));

  test('given one answer that waits for Slack, when another is asked meanwhile, then that one does not wait', () =>
    inWorld({}, async (world) => {
      world.slack.faults.plant({ kind: 'response-url', status: 500 });
      world.slack.faults.plant({ kind: 'rate-limit', method: 'chat.postEphemeral', retryAfterSec: 3 });
      await world.slack.slash({ user: ALICE, channel: CHANNEL, text: 'status team-x' });
      await until(() => world.log.some(({ message }) => message === 'Slack is busy; the call waits'));
      const started = performance.now();
      await world.slack.openHome(ALICE);
      await world.slack.waitFor(() => world.slack.state.homes.size > 0, { what: 'the Home tab' });
      expect(performance.now() - started).toBeLessThan(1_500);
    }));

  test('given a workspace without tables, when a list is asked, then it comes as lines', () =>
    inWorld({ slack: { refuseBlocks: ['table'] } }, async (world) => {
      const list = await world.ask('list team-x');
      expect(list.blocks?.some(({ type }) => type === 'rich_text')).toBe(true);
      expect(readable(list)).toContain('web-01');
    }));

  test.each(['refresh_requested', 'abrupt'] as const)(
    'given a socket that goes (%s), when it is back, then questions are answered',
    (reason) =>
      inWorld({}, async (world) => {
        const connected = () => world.log.filter(({ message }) => message === 'connected to Slack').length;
        expect(connected()).toBe(1);
        world.slack.dropSockets(reason);
        await until(() => connected() === 2);
        expect((await world.ask('status team-x')).text).toContain('78 %');
      }),
  );

  test('given a Slack that is down at first, when it comes up, then the bot connects without a restart', () =>
    inWorld(
      {
        impatient: true,
        prepare: (slack) => {
          slack.faults.plant({ kind: 'http-error', method: 'auth.test', status: 503, times: 2 });
          slack.faults.plant({ kind: 'http-error', method: 'apps.connections.open', status: 503, times: 2 });
        },
      },
      async (world) => {
        expect(world.bot.ready()).toBe(false);
        await until(() => world.bot.ready());
        expect(world.log.some(({ level, message }) => level === 'error' && message.includes('trying again in'))).toBe(
          true,
        );
        expect((await world.ask('status team-x')).text).toContain('78 %');
      },
    ));

  test('given a token that Slack refuses, when the bot starts, then the log says which setting to mend', () =>
    inWorld(
      {
        impatient: true,
        prepare: (slack) =>
          slack.faults.plant({ kind: 'refuse', method: 'auth.test', error: 'invalid_auth', times: 3 }),
      },
      async (world) => {
        await until(() => world.log.some(({ fields }) => String(fields.remedy).includes('SLACK_BOT_TOKEN')));
      },
    ));

  test('given a Redis that hangs, when a command comes, then it is answered all the same, once', () =>
    inWorld({ deps: { once: () => new Promise(() => {}) } }, async (world) => {
      const { envelope } = await world.slack.slash({ user: ALICE, channel: CHANNEL, text: 'status team-x' });
      await world.slack.duplicate(envelope);
      await until(() => world.counted.length > 0);
      expect(world.counted).toEqual(['status answered']);
      expect(world.log.filter(({ message }) => message === 'a duplicate was passed over')).toHaveLength(1);
    }));
});

describe('who may ask', () => {
  const body = new URLSearchParams({
    command: '/golden',
    text: 'status team-x',
    team_id: 'T0GOLDEN',
    user_id: ALICE,
    channel_id: CHANNEL,
    trigger_id: 'forged.1',
    response_url: 'http://127.0.0.1:9/none',
  }).toString();

  test.each<[string, { secret?: string; ageSec?: number }, number]>([
    ['signed with another secret', { secret: 'wrong' }, 401],
    ['six minutes old', { ageSec: 360 }, 401],
    ['six minutes from the future', { ageSec: -360 }, 401],
    ['signed just now', {}, 200],
  ])(
    'given a request %s, when it comes in, then %j is answered as it should',
    (_what, { secret, ageSec = 0 }, status) =>
      inWorld({ mode: 'http' }, async (world) => {
        const timestamp = String(Math.floor(Date.now() / 1000) - ageSec);
        const key = secret ?? world.slack.signingSecret;
        const signature = `v0=${createHmac('sha256', key).update(`v0:${timestamp}:${body}`).digest('hex')}`;
        const response = await fetch(`http://127.0.0.1:${world.bot.port}/slack/events`, {
          method: 'POST',
          body,
          headers: {
            'content-type': 'application/x-www-form-urlencoded',
            'x-slack-request-timestamp': timestamp,
            'x-slack-signature': signature,
          },
        });
        expect(response.status).toBe(status);
        if (status === 401) expect(world.counted).toEqual([]);
        else await until(() => world.counted.length === 1);
      }),
  );

  test('given somebody of another workspace, when they click in a shared channel, then they learn nothing', () =>
    inWorld({}, async (world) => {
      const mine = await world.ask('status team-x');
      await world.slack.click({ user: ALICE, ephemeralId: mine.ts, actionId: 'golden:share' });
      await world.slack.waitFor(() => world.last('U0STRANGER'), { what: 'the shared answer' });
      await until(() => world.counted.length === 2);
      await world.slack.click({
        user: 'U0STRANGER',
        messageTs: world.last('U0STRANGER')!.ts,
        actionId: 'golden:run:list',
      });
      await world.slack.waitFor(() => world.last('U0STRANGER')?.text.includes('my own workspace'), {
        what: 'a refusal',
      });
      expect(world.counted).toEqual(['status answered', 'status answered']);
    }));
});

describe('the Home tab', () => {
  test('given the Home tab, when a team’s button is pressed, then a modal opens at once and is filled', async () => {
    const azure = gate<StatusReport>();
    await inWorld({ compliance: { status: () => azure.answer } }, async (world) => {
      await world.slack.openHome(ALICE);
      await world.slack.waitFor(() => world.slack.state.homes.get(ALICE), { what: 'the Home tab' });
      const viewId = world.slack.state.homes.get(ALICE)!;
      await world.slack.click({ user: ALICE, viewId, actionId: 'golden:run:0' });
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
