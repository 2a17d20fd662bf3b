import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generateEstate, sandboxConfig } from '../../sandbox/azure/generate.ts';
import { startShipped } from '../../sandbox/processes.ts';
import { openSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { weekAt } from '../../src/core/week.ts';
import { weeksUpTo } from '../../src/digest/due.ts';
import type { Store } from '../../src/store/index.ts';
import { golden } from '../cli/golden.ts';
import { ask, textOf } from './chat.ts';
import { actionOf, posted, rememberWeeks, storeOf, thread, waitForPosts, withTeams } from './digests.ts';

const estate = generateEstate({ seed: 1, vms: 60, subscriptions: 4, now: new Date() });
const GUESTS = { approvers: { users: ['U0GUEST', 'U0ALICE'], required: 1 } };

describe('what people ask about digests', () => {
  let sandbox: Sandbox;
  let store: Store;

  beforeAll(async () => {
    const config = withTeams(sandboxConfig(estate), { checkout: GUESTS });
    sandbox = await openSandbox({ azure: { estate }, config, processes: ['bot'], redis: { alwaysPrivate: true } });
    store = await storeOf(sandbox);
    await rememberWeeks(store, 'payments');
  }, 60_000);

  afterAll(async () => {
    await store?.close();
    await sandbox?.close();
  }, 30_000);

  describe('the preview', () => {
    test('is for whoever asks alone, and leaves the week as it is', async () => {
      const preview = await ask(sandbox, 'digest payments', /Preview: only you see this/);
      expect(preview.ephemeralTo).toBe('U0ALICE');
      expect(textOf(preview)).toMatch(/payments: 38 % of 26 machines/);
      expect(posted(sandbox, 'C0PAYMENTS')).toEqual([]);
      expect(await settled(store, 'payments')).toEqual([]);
    });

    test('offers an approver to post it, and nobody else', async () => {
      const [ours, theirs] = [
        await ask(sandbox, 'digest payments', /Preview/, { user: 'U0BOB' }),
        await ask(sandbox, 'digest payments', /Preview/),
      ];
      expect(() => actionOf(ours, 'Post now')).not.toThrow();
      expect(() => actionOf(theirs, 'Post now')).toThrow('no button');
    });
  });

  describe('posting now', () => {
    test.each([
      ['somebody who is no approver', 'U0ALICE', 'payments', 'C0PAYMENTS'],
      ['a guest, though golden.yml names them', 'U0GUEST', 'checkout', 'C0CHECKOUT'],
    ])('is refused to %s', async (_, user, team, channel) => {
      const answer = await ask(sandbox, `digest ${team} now`, /Only an approver of/, { user, channel });
      expect(answer.ephemeralTo).toBe(user);
      expect(posted(sandbox, channel)).toEqual([]);
    });

    test('is done for an approver, with its thread, and leaves the week as it is', async () => {
      await ask(sandbox, 'digest payments now', /[Pp]osted/, { user: 'U0BOB' });
      const [digest] = await waitForPosts(sandbox, 'C0PAYMENTS');
      expect(textOf(digest!)).toContain('Posted because an approver asked for it');
      await sandbox.slack.waitFor(() => thread(sandbox, digest!).length > 0, { what: 'the details' });
      expect(await settled(store, 'payments')).toEqual([]);
    });
  });

  describe('muting', () => {
    test('is for approvers, and the schedule shows it until it is taken back', async () => {
      await ask(sandbox, 'mute payments until 2 weeks', /Only an approver of payments may/);
      await ask(sandbox, 'mute payments until 2 weeks', /digests are muted/, { user: 'U0BOB' });
      await ask(sandbox, 'schedule', /payments.*[\s\S]*not posted: muted until/);
      await ask(sandbox, 'unmute payments', /payments/, { user: 'U0BOB' });
      const schedule = await ask(sandbox, 'schedule', 'payments');
      expect(textOf(schedule)).not.toContain('muted');
    });
  });

  test.each([
    ['U0ALICE', 'Europe/Zurich', /09:00/],
    ['U0BOB', 'America/New_York', /0[34]:00/],
    ['U0CAROL', 'Asia/Kolkata', /13:30|12:30/],
  ])('the schedule is in the zone of %s, %s', async (user, _zone, time) => {
    const schedule = await ask(sandbox, 'schedule', 'payments', { user });
    expect(JSON.stringify(schedule.blocks)).toMatch(time);
  });

  test.each([
    ['trend payments', 'Machines by state over time', /the last 12 weeks/],
    ['trend payments ages', 'Age of the images in use', /Half of the machines run images of at most/],
    ['trend payments versions', /in use/, /\d+ on ubuntu-22/],
  ])('/golden %s draws a chart and says its numbers', async (command, title, said) => {
    const answer = await ask(sandbox, command, said);
    const [chart] = answer.blocks!.filter(({ type }) => type === 'data_visualization');
    expect(chart?.title).toEqual(expect.stringMatching(title));
    expect(answer.blocks!.some(({ type }) => type === 'table')).toBe(true);
  });

  describe('the terminal', () => {
    test('answers a trend as JSON', async () => {
      const { exitCode, stdout } = await golden(['trend', 'payments', '--json'], { ...sandbox.env });
      const trend = JSON.parse(stdout) as { team: string; weeks: { counts: Record<string, number> }[] };
      expect([0, 1]).toContain(exitCode);
      expect(trend.team).toBe('payments');
      expect(trend.weeks).toHaveLength(12);
      expect(trend.weeks.at(0)!.counts).toMatchObject({ current: 9, outdated: 13 });
    });

    test('answers the schedule as JSON', async () => {
      const { exitCode, stdout } = await golden(['schedule', '--json'], { ...sandbox.env });
      const schedule = JSON.parse(stdout) as { digests: { team: string }[]; platform: { channel: string } };
      expect(exitCode).toBe(0);
      expect(schedule.digests.map(({ team }) => team).toSorted()).toEqual(['checkout', 'data-platform', 'payments']);
      expect(schedule.platform.channel).toBe('C0PLATFORM');
    });

    test('remembers today on demand', async () => {
      const record = startShipped('record', ['record', '--json'], sandbox.env);
      expect([await record.ended, JSON.parse(record.lines.at(-1)!)]).toEqual([
        0,
        { teams: 3, recorded: expect.any(Number), requests: expect.any(Number) },
      ]);
      expect(await store.history.lastDay('data-platform')).toBe(new Date().toISOString().slice(0, 10));
    });

    test('remembers nothing without Redis, and says so', async () => {
      const { REDIS_URL: _, ...env } = sandbox.env;
      const { exitCode, stderr } = await golden(['record'], env);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('REDIS_URL')]);
    });
  });
});

/** The weeks of a team that have ended, however. */
async function settled(store: Store, team: string): Promise<readonly unknown[]> {
  const entries = await store.ledger.weeks(team, weeksUpTo(weekAt(new Date(), 'UTC')));
  return entries.filter(({ outcome }) => outcome !== undefined);
}
