import { describe, expect, test } from '@jest/globals';
import { STATES } from '../../src/core/classification.ts';
import { RetryableError } from '../../src/core/errors.ts';
import { fits } from '../../src/slack/views/budget.ts';
import { errorView } from '../../src/slack/views/error.ts';
import { listView } from '../../src/slack/views/list.ts';
import type { Message } from '../../src/slack/views/message.ts';
import { sharedView } from '../../src/slack/views/notices.ts';
import { statusView } from '../../src/slack/views/status.ts';
import { whyView } from '../../src/slack/views/why.ts';
import { withoutTable } from '../../src/slack/views/without-table.ts';
import { aFinding, aList, aStatus, aTeam, aVerdict, aWhy, aWhyReport, NOW } from './build.ts';
import { readable } from './world.ts';

const PORTAL = 'https://portal.azure.com';
const status = (given: Parameters<typeof aStatus>[0] = {}, team = aTeam()) =>
  statusView({ team, report: aStatus(given), now: NOW });
const text = (message: Message) => readable({ blocks: [...message.blocks] as never });

describe('status', () => {
  test('given a team, when it is told, then the fallback is a full sentence with the numbers', () => {
    expect(status({ counts: { current: 62, outdated: 17, revoked: 1, exempt: 4 }, attention: 18 }).text).toBe(
      'team-x: 78 % of 80 machines are on current golden images. Of 84: 62 current, 1 revoked, 17 outdated, 4 exempt. 18 machines need attention. As of 2026-11-21 09:59 UTC.',
    );
  });

  test.each([
    ['one machine', { counts: { outdated: 1 }, attention: 1 }, ' 1 machine needs attention.'],
    [
      '40 machines and the models of 3 scale sets',
      { counts: { outdated: 40 }, attention: 43 },
      ' 43 findings need attention.',
    ],
    ['the model of a scale set alone', { counts: { current: 2 }, attention: 1 }, ' 1 finding needs attention.'],
  ])('given %s in need of attention, when it is told, then models do not count as machines', (_name, given, said) => {
    expect(status(given).text).toContain(said);
  });

  test('given counts, when they are told, then each state is said in words and its bar is only beside them', () => {
    const said = text(status({ counts: { current: 50, outdated: 45, revoked: 1, exempt: 4 } }));
    expect(said).toMatch(/50 current +▓+░+/);
    expect(said).toMatch(/ 1 revoked +▓░{9}/);
    expect(said).toMatch(/ 4 exempt +\(not judged\)/);
    expect(said).not.toContain('unknown');
  });

  test('given something unread, when the rest is fine, then the headline and the first paragraph say so', () => {
    const message = status({
      counts: { current: 10 },
      findings: [],
      unread: [{ scope: 'sub-d', reason: 'Reader role missing' }],
    });
    expect(message.text).toContain('all 10 readable machines are on current golden images');
    expect(message.text).toContain('Warning: 1 scope could not be read');
    expect(text(message).indexOf('sub-d')).toBeLessThan(text(message).indexOf('10 current'));
    expect(text(message)).not.toContain('Nothing to do');
  });

  test.each<[string, Parameters<typeof aStatus>[0], string]>([
    ['no machines', { counts: {}, findings: [] }, 'no machines found'],
    [
      'nothing to judge',
      { counts: { exempt: 3, platformManaged: 2 }, findings: [] },
      'nothing to judge among 5 machines',
    ],
    ['all current', { counts: { current: 3 }, findings: [] }, 'all 3 machines are on current golden images'],
    ['nearly all current', { counts: { current: 9999, unknown: 1 } }, '99 % of 10,000 machines'],
    ['hardly any current', { counts: { current: 1, unknown: 9999 } }, '1 % of 10,000 machines'],
    ['one, outdated', { counts: { outdated: 1 } }, 'its one machine is not on a current golden image'],
    ['none current', { counts: { revoked: 2 } }, '0 % of 2 machines'],
  ])('given %s, when it is told, then the headline is true', (_name, given, said) => {
    expect(status(given).text).toContain(said);
  });

  test('given more findings than a message shows, when it is told, then it says how many are hidden', () => {
    const findings = Array.from({ length: 20 }, (_, index) =>
      aFinding({ name: `web-${index}`, verdict: aVerdict('revoked', { reason: `CVE-${index}` }) }),
    );
    const said = text(status({ findings, attention: 1234 }));
    expect(said).toContain('web-7');
    expect(said).not.toContain('web-8');
    expect(said).toContain('1,226 more findings are not shown');
  });

  test('given findings that read alike, when they are told, then they are told in one', () => {
    const findings = Array.from({ length: 9 }, (_, index) => aFinding({ name: `web-${index}` }));
    const said = text(status({ findings: [...findings, aFinding({ state: 'revoked', name: 'old' })] }));
    expect(said).toContain('web-0, web-1, web-2, web-3\n and 5 more are outdated (cattle)');
    expect(said).toContain('old\n is revoked (cattle)');
    expect(said).not.toContain('not shown here');
  });

  test('given a shared answer, when it is told, then it says how old it is', () => {
    expect(text(status())).toContain('(42 s ago)');
  });
});

describe('list', () => {
  test('given a page of twenty, when it is told, then all twenty are in the table', () => {
    const findings = Array.from({ length: 20 }, (_, index) => aFinding({ name: `名前-${index}-${'漢'.repeat(200)}` }));
    const message = listView({ report: aList({ findings }), now: NOW });
    const table = message.blocks.find((block) => block.type === 'table');
    expect(table).toMatchObject({ rows: { length: 21 } });
    expect(fits(message)).toBe(true);
  });

  test.each([
    [1, 3, ['golden:run:next']],
    [2, 3, ['golden:run:previous', 'golden:run:next']],
    [3, 3, ['golden:run:previous']],
    [9, 3, ['golden:run:previous']],
    [1, 1, []],
  ])('given page %i of %i, when it is told, then one can turn it where there is a page', (page, pages, turns) => {
    const json = JSON.stringify(listView({ report: aList({ page, pages, matching: pages * 20 }), now: NOW }).blocks);
    expect(json.match(/golden:run:(previous|next)/g) ?? []).toEqual(turns);
  });

  test.each([
    [2, 1, 'There is only one page.', 'list team-x outdated'],
    [9, 3, 'There are only 3 pages.', 'list team-x outdated page 3'],
  ])('given page %i of %i, when it is told, then it says so once, and leads to the last', (page, pages, said, last) => {
    const report = aList({ states: ['outdated'], page, pages, matching: pages * 20, findings: [] });
    const message = listView({ report, now: NOW });
    expect(message.text).toBe(`team-x: ${pages * 20} machines are outdated. ${said} As of 2026-11-21 10:00 UTC.`);
    expect(text(message).split(said)).toHaveLength(2);
    const elements = message.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
    expect(elements).toMatchObject([
      { text: { text: 'Last page' }, value: last },
      { type: 'static_select' },
      { text: { text: 'Summary' } },
      { text: { text: 'Refresh' }, value: last },
      { text: { text: 'Share in channel' }, value: last },
    ]);
  });

  test('given no machines, when a later page is asked, then nothing leads to another one', () => {
    const message = listView({ report: aList({ page: 2, matching: 0, findings: [] }), now: NOW });
    expect(text(message)).toContain('Nothing needs attention.');
    expect(JSON.stringify(message.blocks)).not.toMatch(/golden:run:(previous|next)|only one page/);
  });
});

describe('why', () => {
  test.each(STATES)(
    'given a machine that is %s, when it is explained, then verdict, rule, evidence and step are told',
    (state) => {
      const report = aWhyReport({ finding: aFinding({ state }) });
      const said = text(whyView({ answer: aWhy([report]), portal: PORTAL, now: NOW }));
      for (const part of ['web-01 is ', 'Next step: ', 'Rule: ', 'Evidence', 'Target image', 'Machine id: '])
        expect(said).toContain(part);
    },
  );

  test('given a hostile id, when the portal is linked, then the link stays in the portal', () => {
    const id = '/subscriptions/x/"><script>/?a=https://evil';
    const json = JSON.stringify(
      whyView({ answer: aWhy([aWhyReport({ finding: aFinding({ id }) })]), portal: PORTAL, now: NOW }).blocks,
    );
    expect(json).toContain(`${PORTAL}/#@/resource/subscriptions/x/%22%3E%3Cscript%3E/%3Fa%3Dhttps%3A//evil`);
  });
});

test('given a table, when it cannot be shown, then its rows are there as lines', () => {
  const plain = withoutTable(listView({ report: aList(), now: NOW }));
  expect(plain.blocks.some(({ type }) => type === 'table')).toBe(false);
  expect(text(plain)).toContain('web-01\n  outdated (cattle)\n');
});

test('given a share by somebody whose id is not one, when it is shown, then nothing is mentioned', () => {
  expect(JSON.stringify(sharedView(status(), '!channel').blocks)).not.toContain('Shared by');
});

test.each([
  ['not how long to wait', undefined, 'Ask again in a minute.'],
  ['how long to wait', 19_500, 'Ask again in 20 s.'],
])('given a timeout that says %s, when it is told, then there is one next step', (_name, retryAfterMs, step) => {
  const options = retryAfterMs === undefined ? {} : { retryAfterMs };
  const error = new RetryableError('Azure did not answer in time.', 'Ask again in a minute.', options);
  const message = errorView({ error, reference: 'r-1', ask: undefined });
  expect(message.text).toBe(`Azure did not answer in time. ${step} Reference r-1`);
  expect(text(message)).toBe(`Azure did not answer in time.\n${step}\nReference r-1`);
});
