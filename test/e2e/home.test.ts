import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { serverError } from '../../sandbox/azure/faults.ts';
import { openSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import type { Fields, Message } from '../../sandbox/slack/types.ts';
import type { Store } from '../../src/store/index.ts';
import { DEFAULT_PREFIX, keysOf } from '../../src/store/keys.ts';
import { SharedSnapshots } from '../../src/store/snapshots.ts';
import { textOf } from './chat.ts';
import { actionOf, MINUTE_MS, rememberWeeks, storeOf } from './digests.ts';

/** Alice approves for checkout and follows nobody; the tests go on from one another, as she does. */
describe('the Home tab', () => {
  let sandbox: Sandbox;
  let store: Store;

  beforeAll(async () => {
    sandbox = await openSandbox({ processes: ['bot'], redis: { alwaysPrivate: true } });
    store = await storeOf(sandbox);
    await rememberWeeks(store, 'checkout');
  }, 60_000);

  afterAll(async () => {
    await store?.close();
    await sandbox?.close();
  }, 30_000);

  const view = (user = 'U0ALICE') => {
    const { homes, views } = sandbox.slack.state;
    return views.get(homes.get(user) ?? '');
  };
  /** The tab as the message it would be, for whoever reads and clicks. */
  const page = (): Message => ({ channel: '', ts: '', text: '', blocks: (view()?.fields.blocks ?? []) as Fields[] });
  const shows = (expected: RegExp) =>
    sandbox.slack.waitFor(() => expected.test(textOf(page())), {
      timeoutMs: 20_000,
      what: `a Home tab with ${String(expected)}`,
    });
  const press = (label: string) =>
    sandbox.slack.click({ user: 'U0ALICE', viewId: view()!.id, ...actionOf(page(), label) });

  test('before anything was read and while Azure is down, it says both and offers a way on', async () => {
    // The machines alone: nothing else is then still being tried when Azure is back.
    const fault = sandbox.azure.faults.plant({ query: 'by machineType, region', action: serverError() });
    await sandbox.slack.openHome('U0ALICE');
    await shows(/Warning: .*Azure/);
    const said = textOf(page());
    expect(said).toMatch(/checkout: not read yet/);
    expect(said).toMatch(/Azure has not been read yet/);
    expect(said).toContain('Refresh');
    sandbox.azure.faults.remove(fault);
  }, 40_000);

  test('refreshed, it shows the teams one approves for, with figures, trend and next digest', async () => {
    await press('Refresh');
    await shows(/checkout: 33 % of 18 machines/);
    const said = textOf(page());
    expect(said).toContain('You are an approver of this team.');
    expect(said).toMatch(/[▁-█]{11} {2}32 % to 68 % current in 11 weeks/);
    expect(said).toMatch(/Next digest: /);
    expect(said).not.toMatch(/Warning|payments:/);
  });

  test('a team that is chosen is shown too, until it is removed', async () => {
    await sandbox.slack.click({
      user: 'U0ALICE',
      viewId: view()!.id,
      actionId: 'golden:home:follow',
      choice: 'follow payments',
    });
    await shows(/payments: 38 % of 26 machines/);
    await press('Remove from my list');
    await sandbox.slack.waitFor(() => !textOf(page()).includes('payments: 38 %'), { what: 'a tab without payments' });
    expect(textOf(page())).toMatch(/checkout: 33 %/);
  });

  test('while Azure is down, it says so above the last figures', async () => {
    await readBefore(20 * MINUTE_MS);
    const fault = sandbox.azure.faults.plant({ path: 'Microsoft.ResourceGraph', action: serverError() });
    await press('Refresh');
    await shows(/Warning: [\s\S]*What follows is from the last reading/);
    expect(textOf(page())).toMatch(/checkout: 33 % of 18 machines/);
    sandbox.azure.faults.remove(fault);
  }, 40_000);

  test('for somebody who has no team, it offers all of them', async () => {
    await sandbox.slack.openHome('U0GUEST');
    await sandbox.slack.waitFor(() => JSON.stringify(view('U0GUEST')?.fields ?? '').includes('Choose your teams'), {
      timeoutMs: 20_000,
      what: 'a choice of teams',
    });
  });

  /** As if the last reading had been made so long ago. */
  async function readBefore(ms: number): Promise<void> {
    const redis = new Redis(sandbox.redis.url);
    const [key = ''] = await redis.keys(keysOf(DEFAULT_PREFIX).snapshots('*'));
    const kept = new SharedSnapshots(redis, keysOf(DEFAULT_PREFIX), key.slice(key.lastIndexOf(':') + 1));
    const estate = await kept.estate();
    const teams = await kept.teams(['payments', 'checkout', 'data-platform']);
    const earlier = <T extends { readonly asOfMs: number }>(read: T): T => ({ ...read, asOfMs: read.asOfMs - ms });
    await kept.keep(earlier(estate!), teams.map(earlier));
    const answers = await redis.keys(keysOf(DEFAULT_PREFIX).answer('*'));
    if (answers.length > 0) await redis.del(...answers);
    redis.disconnect();
  }
});
