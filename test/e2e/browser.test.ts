import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { openSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { testWhere } from '../support/skip.ts';

const program = process.env.GOLDEN_CHROMIUM;
const testInBrowser = testWhere(program, 'no Chromium on this machine');
const PICTURES = new URL('../../test-output/', import.meta.url);

describe('somebody who opens the page of the sandbox', () => {
  let sandbox: Sandbox;
  let browser: Browser;

  beforeAll(async () => {
    if (!program) return;
    sandbox = await openSandbox({ redis: { alwaysPrivate: true } });
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
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await sandbox?.close();
  }, 30_000);

  async function open(viewport = { width: 1280, height: 1200 }): Promise<Page> {
    const page = await browser.newPage({ viewport });
    // Below the test's own limit, so that a failure names the step.
    page.setDefaultTimeout(25_000);
    await page.goto(`${sandbox.slack.url}/?user=U0ALICE&channel=C0PAYMENTS`);
    return page;
  }

  async function say(page: Page, text: string): Promise<void> {
    await page.getByTestId('composer').fill(text);
    await page.getByTestId('composer').press('Enter');
  }

  testInBrowser(
    'asks for a status, reads it, and presses its buttons',
    async () => {
      const page = await open();
      await say(page, '/golden status payments');
      await page.getByText(/payments: \d+ % of \d+ machines are on current golden images/).waitFor();
      await page.screenshot({ path: new URL('status.png', PICTURES).pathname });
      expect(await page.getByText('Only visible to you').count()).toBeGreaterThan(0);

      await page.getByRole('button', { name: 'All findings' }).click();
      await page.locator('[data-block-type="table"]').waitFor();
      await page.screenshot({ path: new URL('list.png', PICTURES).pathname });

      await say(page, '/golden why pay-web-05');
      await page.getByText('pay-web-05 is end of life').waitFor();
      await page.locator('[data-action-id="golden:share"]').last().click();
      await sandbox.slack.waitFor(() => sandbox.slack.seen('U0BOB', 'C0PAYMENTS').length > 0, {
        what: 'the shared answer for Bob',
      });
      await page.close();
    },
    90_000,
  );

  testInBrowser('reads it on a phone', async () => {
    const page = await open({ width: 390, height: 844 });
    await say(page, '/golden status payments');
    await page
      .getByText(/payments: \d+ %/)
      .last()
      .waitFor();
    await page.screenshot({ path: new URL('phone.png', PICTURES).pathname });
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow).toBe(0);
    await page.close();
  });

  testInBrowser('opens the Home tab and finds the teams', async () => {
    const page = await open();
    await page.getByRole('button', { name: /Golden.*Home/ }).click();
    // Alice is an approver of checkout.
    await page
      .getByText(/^checkout:/)
      .first()
      .waitFor();
    await page
      .getByRole('button', { name: /status/i })
      .first()
      .waitFor();
    await page.screenshot({ path: new URL('home.png', PICTURES).pathname });
    await page.close();
  });
});
