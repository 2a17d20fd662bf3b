import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { generateEstate, sandboxConfig } from '../../sandbox/azure/generate.ts';
import { openSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { testWhere } from '../support/skip.ts';
import { due, haveDigests, startWorker, storeOf, thread, waitForPosts, withTeams } from './digests.ts';

const program = process.env.GOLDEN_CHROMIUM;
const testInBrowser = testWhere(program, 'no Chromium on this machine');
const PICTURES = new URL('../../test-output/', import.meta.url);

/** Tall, so that a picture holds a whole message. */
const DESKTOP = { width: 1120, height: 2600 };
const PHONE = { width: 390, height: 3400 };

describe('somebody who reads digests in the page of the sandbox', () => {
  let sandbox: Sandbox;
  let browser: Browser;

  beforeAll(async () => {
    if (!program) return;
    const estate = generateEstate({ seed: 1, vms: 60, subscriptions: 4, now: new Date() });
    const config = withTeams(
      sandboxConfig(estate),
      { payments: { digest: due(10) }, checkout: { digest: due(10) }, 'data-platform': { digest: due(10) } },
      { digest: due(10) },
    );
    // Few weeks: what twelve look like, `npm run sandbox` shows.
    const past = Number(process.env.GOLDEN_PICTURE_WEEKS ?? 3);
    sandbox = await openSandbox({
      azure: { estate },
      config,
      processes: ['bot'],
      past,
      redis: { alwaysPrivate: true },
    });
    browser = await chromium.launch({
      executablePath: program,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    await mkdir(PICTURES, { recursive: true });
    await sandbox.ready;
    const store = await storeOf(sandbox);
    await haveDigests(store, 'payments', 'checkout', 'data-platform', '@platform');
    await store.close();
    const worker = await startWorker(sandbox);
    for (const channel of ['C0PAYMENTS', 'C0PLATFORM']) {
      const [digest] = await waitForPosts(sandbox, channel);
      await sandbox.slack.waitFor(() => thread(sandbox, digest!).length > 0, { what: 'the details in the thread' });
    }
    await worker.stop();
  }, 90_000);

  afterAll(async () => {
    await browser?.close();
    await sandbox?.close();
  }, 30_000);

  async function open(channel: string, viewport = DESKTOP): Promise<Page> {
    const page = await browser.newPage({ viewport, deviceScaleFactor: 1 });
    // Below the test's own limit, so that a failure names the step.
    page.setDefaultTimeout(25_000);
    await page.goto(`${sandbox.slack.url}/?user=U0ALICE&channel=${channel}`);
    await page.waitForSelector('body[data-ready]');
    return page;
  }

  /** Of what is there at this moment: the page may draw it anew while it is looked at. */
  async function picture(page: Page, name: string, of?: Locator): Promise<void> {
    const clip = await of?.boundingBox();
    await page.screenshot({ path: new URL(`${name}.png`, PICTURES).pathname, ...(clip && { clip }) });
  }

  const message = (page: Page, text: string | RegExp) =>
    page.locator('#scroll [data-ts]').filter({ hasText: text }).last();

  async function expectNoOverflow(page: Page): Promise<void> {
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow).toBe(0);
  }

  testInBrowser(
    'reads the digest, its thread, and a list behind it',
    async () => {
      const page = await open('C0PAYMENTS');
      const digest = message(page, /payments: \d+ % of \d+ machines/);
      await digest.locator('[data-block-type="data_visualization"]').getByRole('img').waitFor();
      await picture(page, 'digest', digest);

      await digest.getByTestId('replies').click();
      await page.getByTestId('thread').getByText('Still open, oldest first').last().waitFor();
      await picture(page, 'digest-thread');
      await page.getByTestId('thread-close').click();

      await digest
        .getByRole('button', { name: /^List / })
        .first()
        .click();
      const list = message(page, 'Only visible to you');
      await list.locator('[data-block-type="table"]').waitFor();
      await picture(page, 'digest-list', list);
      await page.close();
    },
    90_000,
  );

  testInBrowser(
    'looks at the three charts of the trend',
    async () => {
      const page = await open('C0GENERAL');
      await page.getByTestId('composer').fill('/golden trend payments');
      await page.getByTestId('composer').press('Enter');
      for (const [name, title, next] of [
        ['trend-states', /payments: the last \d+ weeks/, 'Image ages'],
        ['trend-ages', /payments: age of the images/, 'Versions in use'],
        ['trend-versions', /payments: image versions in use/, undefined],
      ] as const) {
        const answer = message(page, title);
        await answer.locator('[data-block-type="data_visualization"]').getByRole('img').waitFor();
        await picture(page, name, answer);
        if (next) await answer.getByRole('button', { name: next }).click();
      }
      await page.close();
    },
    90_000,
  );

  testInBrowser('opens the Home tab', async () => {
    const page = await open('C0PAYMENTS');
    await page.getByRole('button', { name: /Golden.*Home/ }).click();
    const home = page.getByTestId('home');
    await home.getByText(/checkout: \d+ %/).waitFor();
    await picture(page, 'home-tab', home);
    await page.close();
  });

  testInBrowser('reads the digest of the platform', async () => {
    const page = await open('C0PLATFORM');
    const digest = message(page, /All teams: \d+ %/);
    await digest.locator('[data-block-type="table"]').first().waitFor();
    await picture(page, 'platform-digest', digest);
    await page.close();
  });

  testInBrowser(
    'reads all of it on a phone',
    async () => {
      const page = await open('C0PAYMENTS', PHONE);
      for (const [channel, name, expected] of [
        ['C0PAYMENTS', 'phone-digest', /payments: \d+ % of \d+ machines/],
        ['C0PLATFORM', 'phone-platform-digest', /All teams: \d+ %/],
        ['home', 'phone-home-tab', /checkout: \d+ %/],
      ] as const) {
        await page.goto(`${sandbox.slack.url}/?user=U0ALICE&channel=${channel}`);
        await page.locator('#scroll').getByText(expected).first().waitFor();
        await picture(page, name);
        await expectNoOverflow(page);
      }
      await page.close();
    },
    90_000,
  );
});
