import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { App } from '@slack/bolt';
import { chromium, type Page } from 'playwright-core';
import { findChromium } from '../../support/chromium.ts';
import { testWhere } from '../../support/skip.ts';
import { inSocketMode, type Rig } from './bolt-app.ts';

const executablePath = await findChromium();
const testInBrowser = testWhere(executablePath, 'no Chromium found');

interface Browser extends AsyncDisposable {
  page: Page;
  rig: Rig;
  /** Everything the browser complained about: script errors and refused content. */
  complaints: string[];
}

/** A bot, its local Slack and a browser in front of it, each for one test alone. */
async function open(wire: (app: App) => void, query = 'user=U0ALICE&channel=C0PAYMENTS'): Promise<Browser> {
  const rig = await inSocketMode(wire, { tryThese: ['/golden help'] });
  const profile = await mkdtemp(join(tmpdir(), 'golden-page-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: String(executablePath),
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (line) => {
    if (line.type() === 'error') complaints.push(line.text());
  });
  await page.goto(`${rig.slack.url}/?${query}`);
  await page.waitForSelector('body[data-ready]');
  const close = async () => {
    await context.close();
    await rig[Symbol.asyncDispose]();
    await rm(profile, { recursive: true, force: true });
  };
  return { page, rig, complaints, [Symbol.asyncDispose]: close };
}

const textOf = (text: string) => ({ type: 'plain_text' as const, text });

testInBrowser(
  'given a newcomer, when a command is completed and sent, then the answer appears and only they see it',
  async () => {
    await using browser = await open((app) => {
      app.command('/golden', async ({ ack, respond, command }) => {
        await ack();
        await respond(`*${command.text}*: all well`);
      });
    });
    const { page, complaints } = browser;

    await page.getByTestId('composer').fill('/gol');
    await page.getByTestId('composer').press('Tab');
    await page.getByTestId('composer').press('Enter');
    const answer = page.getByTestId('message').filter({ hasText: 'help: all well' });
    await answer.waitFor();

    expect(await answer.getAttribute('data-ephemeral')).toBe('true');
    await page.getByTestId('user-switch').selectOption('U0BOB');
    await answer.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  },
);

testInBrowser('given hostile names in every kind of text, then nothing of them becomes an element', async () => {
  await using browser = await open(() => {});
  const { page, rig, complaints } = browser;
  const hostile = '<img src=x onerror=alert(1)><script>alert(1)</script>';
  const escaped = hostile.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  await rig.app.client.chat.postMessage({
    channel: 'C0PAYMENTS',
    text: hostile,
    blocks: [
      { type: 'header', text: textOf(hostile) },
      { type: 'section', text: { type: 'mrkdwn', text: escaped }, fields: [{ type: 'mrkdwn', text: hostile }] },
      { type: 'table', rows: [[{ type: 'raw_text', text: hostile }]] },
      { type: 'markdown', text: hostile },
    ],
  });

  const message = page.getByTestId('message').first();
  await message.waitFor();

  expect(await message.locator('img, script').count()).toBe(0);
  expect(await message.getByText('<script>alert(1)</script>').count()).toBeGreaterThanOrEqual(4);
  expect(complaints).toEqual([]);
});

testInBrowser(
  'given a button with a confirm dialog and a modal behind it, then a person gets through with clicks and keys',
  async () => {
    const reasons: unknown[] = [];
    await using browser = await open((app) => {
      app.action('deny', async ({ ack, body, client }) => {
        await ack();
        if (!('trigger_id' in body)) return;
        await client.views.open({ trigger_id: body.trigger_id, view: reasonModal });
      });
      app.view('reason', async ({ ack, view }) => {
        const reason = view.state.values.why?.text?.value;
        if (reason === 'no') return ack({ response_action: 'errors', errors: { why: 'A little more, please.' } });
        reasons.push(reason);
        await ack();
      });
    });
    const { page, rig, complaints } = browser;
    const deny = {
      type: 'button' as const,
      action_id: 'deny',
      text: textOf('Deny'),
      confirm: { text: textOf('Really?'), confirm: textOf('Deny') },
    };
    await rig.app.client.chat.postMessage({
      channel: 'C0PAYMENTS',
      text: 'Ask',
      blocks: [{ type: 'actions', elements: [deny] }],
    });

    await page.locator('[data-action-id=deny]').click();
    await page.getByTestId('confirm-yes').click();
    const field = page.getByLabel('Why?');
    await field.fill('no');
    await page.getByTestId('modal-submit').click();
    await page.getByText('A little more, please.').waitFor();
    await field.fill('Change freeze until Monday');
    await page.getByTestId('modal-submit').click();
    await page.getByTestId('modal').waitFor({ state: 'detached' });

    expect(reasons).toEqual(['Change freeze until Monday']);
    expect(complaints).toEqual([]);
  },
);

const reasonModal = {
  type: 'modal' as const,
  callback_id: 'reason',
  title: textOf('Reason'),
  submit: textOf('Send'),
  blocks: [
    {
      type: 'input',
      block_id: 'why',
      label: textOf('Why?'),
      element: { type: 'plain_text_input', action_id: 'text' },
    },
  ],
};

testInBrowser(
  'given the Home tab, when it is opened by its address, then the app publishes it for this user',
  async () => {
    await using browser = await open((app) => {
      app.event('app_home_opened', async ({ event, client }) => {
        const blocks = [{ type: 'header', text: textOf(`Home of ${event.user}`) }];
        await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
      });
    }, 'user=U0CAROL&channel=home');

    await browser.page.getByText('Home of U0CAROL').waitFor();

    expect(await browser.page.getByTestId('home').count()).toBe(1);
    expect(browser.complaints).toEqual([]);
  },
);
