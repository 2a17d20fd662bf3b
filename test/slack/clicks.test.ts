import { describe, expect, test } from '@jest/globals';
import type { Services } from '../../src/command.ts';
import type { ListReport } from '../../src/compliance/compliance.ts';
import { aList, aWhy, aWhyReport, idOf } from './build.ts';
import { ALICE, CHANNEL, gate, inWorld, readable } from './world.ts';

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
      await world.slack.waitFor(() => world.last('U0BOB')?.text.includes('Page 1 of 1'), { what: 'the list' });
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
