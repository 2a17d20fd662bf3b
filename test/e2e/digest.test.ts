import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { computeId, subscriptionIds } from '../../sandbox/azure/generate/ids.ts';
import { generateEstate, sandboxConfig } from '../../sandbox/azure/generate.ts';
import { openSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import type { Message } from '../../sandbox/slack/types.ts';
import type { Store } from '../../src/store/index.ts';
import { ask, textOf } from './chat.ts';
import {
  actionOf,
  due,
  HOUR_MS,
  haveDigests,
  MINUTE_MS,
  makeChannel,
  posted,
  rememberWeeks,
  startWorker,
  storeOf,
  thread,
  waitForPosts,
  waitForTries,
  withTeams,
} from './digests.ts';

const estate = generateEstate({ seed: 1, vms: 60, subscriptions: 4, now: new Date() });
const payments = (group: string, name: string) => computeId(subscriptionIds.payments, group, `virtualMachines/${name}`);

/** Bob approves for all of these. */
const BOBS = { approvers: { users: ['U0BOB'], required: 1 } };

/**
 * One workspace in which everything is due, and everything goes wrong somewhere. A worker comes four times: now; half an
 * hour later, when what was cut off has settled; when a channel is mended; and a week later.
 */
describe('a week of digests', () => {
  let sandbox: Sandbox;
  let store: Store;

  beforeAll(async () => {
    const config = withTeams(
      sandboxConfig(estate),
      {
        payments: { digest: due(30) },
        checkout: { digest: due(5 * 60) },
        'data-platform': { digest: due(2 * 60) },
        archived: { channel: 'C0OLD', digest: due(3 * 60), ...BOBS },
        slept: { channel: 'C0SLEPT', digest: due(30 * 60) },
        quiet: { channel: 'C0QUIET', digest: due(20), ...BOBS },
        lost: { channel: 'C0LOST', digest: due(25) },
        unheard: { channel: 'C0UNHEARD', digest: due(25) },
      },
      { digest: due(-15) },
    );
    sandbox = await openSandbox({ azure: { estate }, config, processes: ['bot'], redis: { alwaysPrivate: true } });
    for (const id of ['C0SLEPT', 'C0QUIET', 'C0LOST', 'C0UNHEARD']) makeChannel(sandbox, id);
    store = await storeOf(sandbox);
    await haveDigests(
      store,
      ...['payments', 'checkout', 'data-platform', 'archived', 'slept', 'quiet', 'lost', 'unheard', '@platform'],
    );
    await rememberWeeks(store, 'payments', [
      { id: payments('rg-payments-web', 'pay-web-05'), state: 'endOfLife', image: 'ubuntu-22 1.8.0' },
      { id: payments('rg-payments-web', 'pay-web-99'), state: 'outdated', image: 'ubuntu-22 1.9.0' },
    ]);
    const { faults } = sandbox.slack;
    const method = 'chat.postMessage';
    faults.plant({ kind: 'rate-limit', method, channel: 'C0CHECKOUT', retryAfterSec: 1, times: 3 });
    faults.plant({ kind: 'lost-answer', method, channel: 'C0LOST' });
    faults.plant({ kind: 'lost-request', method, channel: 'C0UNHEARD' });
  }, 60_000);

  afterAll(async () => {
    await store?.close();
    await sandbox?.close();
  }, 30_000);

  describe('when a worker starts after they were due', () => {
    let digest: Message;
    beforeAll(async () => {
      await ask(sandbox, 'mute quiet until 3 days', /muted/i, { user: 'U0BOB' });
      const worker = await startWorker(sandbox);
      await Promise.all([
        ...['C0PAYMENTS', 'C0CHECKOUT', 'C0DATA', 'C0PLATFORM', 'C0LOST', 'D0BOB'].map((channel) =>
          waitForPosts(sandbox, channel),
        ),
        ...['C0LOST', 'C0UNHEARD'].map((channel) => waitForTries(sandbox, channel)),
      ]);
      digest = posted(sandbox, 'C0PAYMENTS')[0]!;
      await sandbox.slack.waitFor(() => thread(sandbox, digest).length > 0, { what: 'the details in the thread' });
      await worker.stop();
    }, 60_000);

    test('the digest says what changed, draws twelve weeks, and has its details in its thread', () => {
      expect(textOf(digest)).toMatch(/payments: 38 % of 26 machines are on current golden images, .* than last week/);
      expect(textOf(digest)).toMatch(/\d+ new, 1 fixed, 1 still open/);
      const [chart] = digest.blocks!.filter(({ type }) => type === 'data_visualization');
      expect(chart).toMatchObject({ title: 'Machines by state over time', chart: { type: 'line' } });
      expect(categoriesOf(chart)).toHaveLength(12);
      expect(thread(sandbox, digest)).not.toHaveLength(0);
      expect(posted(sandbox, 'C0PAYMENTS')).toHaveLength(1);
    });

    test('it can be found again by its metadata', () => {
      expect(digest.metadata).toEqual({
        event_type: 'golden_post',
        event_payload: { key: expect.stringMatching(/^digest:payments:20\d\d-W\d\d$/) },
      });
    });

    test.each([
      ['List end of life', /end of life/],
      [/^Why .*\?$/, /Rule:|Next step/],
      ['Trend', /the last 12 weeks/],
    ])('its button %s answers whoever presses it, and nobody else', async (label, expected) => {
      const before = sandbox.slack.seen('U0ALICE', 'C0PAYMENTS').length;
      await sandbox.slack.click({ user: 'U0ALICE', messageTs: digest.ts, ...actionOf(digest, label) });
      const answer = await sandbox.slack.waitFor(
        () =>
          sandbox.slack
            .seen('U0ALICE', 'C0PAYMENTS')
            .slice(before)
            .find((message) => expected.test(textOf(message))),
        { timeoutMs: 15_000, what: `an answer to ${String(label)}` },
      );
      expect(answer.ephemeralTo).toBe('U0ALICE');
    });

    test('one that was missed comes late, through a storm of refusals, once', () => {
      expect(posted(sandbox, 'C0CHECKOUT').map(textOf)).toEqual([
        expect.stringMatching(/^checkout: [\s\S]*Late: it was due/),
      ]);
      expect(sandbox.slack.faults.planted).toEqual([]);
    });

    test('a public channel is joined', () => {
      expect(sandbox.slack.state.channels.get('C0DATA')!.members).toContain('U0GOLDEN');
      expect(posted(sandbox, 'C0DATA')).toHaveLength(1);
    });

    test('one that is too late is not sent, and a muted one neither', async () => {
      expect([...posted(sandbox, 'C0SLEPT'), ...posted(sandbox, 'C0QUIET')]).toEqual([]);
      expect(await outcomes(store, 'slept')).toEqual(['skipped']);
      expect(await outcomes(store, 'quiet')).toEqual(['muted']);
    });

    test('of an archived channel, the platform and the approvers hear once, with the remedy', () => {
      for (const place of ['C0PLATFORM', 'D0BOB']) {
        expect(posted(sandbox, place).map(({ text }) => text)).toEqual([
          expect.stringMatching(/digest of archived .* could not be delivered: .*C0OLD is archived.* Unarchive it/),
        ]);
      }
    });
  });

  describe('when a worker comes half an hour later', () => {
    let platform: Message;
    beforeAll(async () => {
      const worker = await startWorker(sandbox, 30 * MINUTE_MS);
      [platform] = (await waitForPosts(sandbox, 'C0PLATFORM', 2)).slice(1) as [Message];
      await waitForPosts(sandbox, 'C0UNHEARD');
      await sandbox.slack.waitFor(() => asked(sandbox, 'conversations.history') >= 2, { what: 'a look into channels' });
      await worker.stop();
    }, 60_000);

    test('a message whose answer was lost is found, one that never arrived is said: each is there once', async () => {
      expect([posted(sandbox, 'C0LOST').length, posted(sandbox, 'C0UNHEARD').length]).toEqual([1, 1]);
      expect([await outcomes(store, 'lost'), await outcomes(store, 'unheard')]).toEqual([['posted'], ['posted']]);
    });

    test('the platform reads all teams by rank, what is nobody’s, who is muted, and what could not be delivered', () => {
      const said = textOf(platform);
      expect(said).toMatch(/All teams: \d+ % of \d+ machines/);
      expect(ranked(platform)).toEqual([
        ...['checkout', 'payments', 'data-platform'],
        ...['archived', 'lost', 'quiet', 'slept', 'unheard'],
      ]);
      expect(said).toMatch(/machines? of no team/);
      expect(said).toContain('no-team-01');
      expect(said).toMatch(/Muted: quiet until/);
      expect(said).toMatch(/archived[\s\S]*Unarchive it/);
      expect(said).toMatch(/slept[\s\S]*not running/);
    });

    test('nobody is told twice', () => {
      expect(posted(sandbox, 'D0BOB')).toHaveLength(1);
      expect(posted(sandbox, 'C0PLATFORM')).toHaveLength(2);
    });
  });

  test('once the channel is mended, its digest comes', async () => {
    sandbox.slack.state.channels.get('C0OLD')!.archived = false;
    const worker = await startWorker(sandbox, 31 * MINUTE_MS);
    await waitForPosts(sandbox, 'C0OLD');
    await worker.stop();
    expect(await outcomes(store, 'archived')).toEqual(['posted']);
  }, 60_000);

  test('the next digest names the week that was skipped', async () => {
    const worker = await startWorker(sandbox, (7 * 24 - 29) * HOUR_MS);
    const [next] = await waitForPosts(sandbox, 'C0SLEPT');
    await worker.stop();
    expect(textOf(next!)).toMatch(/The digest of week \d+ was not sent: Golden was not running/);
  }, 60_000);
});

/** How a team's weeks ended, oldest first. */
async function outcomes(store: Store, team: string): Promise<readonly string[]> {
  const { weeksUpTo } = await import('../../src/digest/due.ts');
  const { weekAt } = await import('../../src/core/week.ts');
  const entries = await store.ledger.weeks(team, weeksUpTo(weekAt(new Date(), 'UTC')));
  return entries.flatMap(({ outcome }) => outcome?.state ?? []);
}

function asked({ slack }: Sandbox, method: string): number {
  return slack.calls.filter((call) => call.kind === 'api' && call.method === method).length;
}

function categoriesOf(chart: unknown): readonly unknown[] {
  return (chart as { chart: { axis_config: { categories: unknown[] } } }).chart.axis_config.categories;
}

/** The names in the platform's table of teams. */
function ranked(message: Message): readonly unknown[] {
  const table = message.blocks!.find(({ type }) => type === 'table') as { rows: { text: string }[][] } | undefined;
  return (table?.rows ?? []).slice(1).map(([name]) => name?.text);
}
