import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generateEstate, sandboxConfig } from '../../sandbox/azure/generate.ts';
import { openSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import type { Message } from '../../sandbox/slack/types.ts';
import type { Store } from '../../src/store/index.ts';
import { textOf } from './chat.ts';
import {
  blockTypes,
  due,
  haveDigests,
  MINUTE_MS,
  makeChannel,
  posted,
  rememberWeeks,
  startWorker,
  storeOf,
  waitForPosts,
  waitForTries,
  withTeams,
} from './digests.ts';

const estate = generateEstate({ seed: 1, vms: 60, subscriptions: 4, now: new Date() });

/** What the manifest asks for, without the scopes that an admin may refuse. */
const SCOPES = ['chat:write', 'commands', 'usergroups:read', 'users:read', 'channels:read', 'channels:join'];

describe('two bots and two workers, in a workspace without charts where the bot may not read', () => {
  let sandbox: Sandbox;
  let store: Store;
  let digest: Message;

  beforeAll(async () => {
    const config = withTeams(
      sandboxConfig(estate),
      {
        payments: { digest: due(30) },
        checkout: { digest: due(30) },
        'data-platform': { digest: due(30) },
        lost: { channel: 'C0LOST', digest: due(30), approvers: { users: ['U0BOB'], required: 1 } },
      },
      { digest: due(-60) },
    );
    sandbox = await openSandbox({
      azure: { estate },
      config,
      processes: ['bot', 'bot'],
      redis: { alwaysPrivate: true },
      slack: { app: { scopes: SCOPES }, refuseBlocks: ['data_visualization'] },
    });
    makeChannel(sandbox, 'C0LOST');
    store = await storeOf(sandbox);
    await haveDigests(store, 'payments', 'checkout', 'data-platform', 'lost', '@platform');
    await rememberWeeks(store, 'payments');
    sandbox.slack.faults.plant({ kind: 'lost-answer', method: 'chat.postMessage', channel: 'C0LOST' });

    const workers = await Promise.all([startWorker(sandbox), startWorker(sandbox)]);
    [digest] = (await waitForPosts(sandbox, 'C0PAYMENTS')) as [Message];
    await Promise.all([
      ...['C0CHECKOUT', 'C0DATA'].map((channel) => waitForPosts(sandbox, channel)),
      waitForTries(sandbox, 'C0LOST'),
    ]);
    await Promise.all(workers.map((worker) => worker.stop()));
  }, 60_000);

  afterAll(async () => {
    await store?.close();
    await sandbox?.close();
  }, 30_000);

  test.each(['C0PAYMENTS', 'C0CHECKOUT', 'C0DATA'])('post one digest in %s', (channel) => {
    expect(posted(sandbox, channel)).toHaveLength(1);
  });

  test('say the numbers of the chart as a table', () => {
    expect(blockTypes(digest)).toContain('table');
    expect(blockTypes(digest)).not.toContain('data_visualization');
    const { rows } = digest.blocks!.find(({ type }) => type === 'table') as unknown as { rows: { text: string }[][] };
    const [head, ...states] = rows.map((row) => row.map(({ text }) => text));
    expect(head).toHaveLength(13);
    expect(states).toContainEqual(['current', '10', ...Array.from({ length: 11 }, (_, ago) => String(19 - ago))]);
  });

  test('do not repeat a digest whose answer was lost: the platform is told to look, once', async () => {
    const worker = await startWorker(sandbox, 2 * MINUTE_MS);
    const notices = await waitForPosts(sandbox, 'C0PLATFORM');
    await worker.stop();
    const again = await startWorker(sandbox, 4 * MINUTE_MS);
    await again.logged('"sweep-digests"');
    await again.stop();
    expect(posted(sandbox, 'C0LOST')).toHaveLength(1);
    expect(notices.map(textOf)).toEqual([
      expect.stringMatching(/digest of lost .* may or may not have been posted[\s\S]*channels:history/),
    ]);
    expect(posted(sandbox, 'C0PLATFORM')).toHaveLength(1);
  }, 60_000);
});
