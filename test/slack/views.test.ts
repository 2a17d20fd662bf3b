import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commands } from '../../commands/index.ts';
import { checkMessage, checkView } from '../../sandbox/slack/limits.ts';
import { type Inline, parseMrkdwn } from '../../sandbox/slack/mrkdwn.ts';
import { STATES, type State } from '../../src/core/classification.ts';
import { FatalError, UserError } from '../../src/core/errors.ts';
import type { Finding } from '../../src/core/report.ts';
import { BUDGET, fits, sizeOf } from '../../src/slack/views/budget.ts';
import { errorView } from '../../src/slack/views/error.ts';
import { helpView } from '../../src/slack/views/help.ts';
import { homeView } from '../../src/slack/views/home.ts';
import { listView } from '../../src/slack/views/list.ts';
import type { Message } from '../../src/slack/views/message.ts';
import { modalView } from '../../src/slack/views/modal.ts';
import { sharedView } from '../../src/slack/views/notices.ts';
import { statusView } from '../../src/slack/views/status.ts';
import { teamsView } from '../../src/slack/views/teams.ts';
import { whyView } from '../../src/slack/views/why.ts';
import { withoutTable } from '../../src/slack/views/without-table.ts';
import {
  aDefinition,
  aFinding,
  aList,
  aStatus,
  aTeam,
  aVerdict,
  aVersion,
  aWhy,
  aWhyReport,
  idOf,
  NOW,
} from './build.ts';
import { readable } from './world.ts';

const PORTAL = 'https://portal.azure.com';
const status = (given: Parameters<typeof aStatus>[0] = {}, team = aTeam()) =>
  statusView({ team, report: aStatus(given), now: NOW });
const text = (message: Message) => readable({ blocks: [...message.blocks] as never });

describe('status', () => {
  test('given a team, when it is told, then the fallback is a full sentence with the numbers', () => {
    expect(status({ counts: { current: 62, outdated: 17, revoked: 1, exempt: 4 } }).text).toBe(
      'team-x: 78 % of 80 machines are on current golden images. Of 84: 62 current, 1 revoked, 17 outdated, 4 exempt. 1 machine needs attention. As of 2026-11-21 09:59 UTC.',
    );
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

describe('laws over hostile text', () => {
  const hostile = fc.oneof(
    fc.constantFrom(
      '<!channel>',
      '<!here>',
      '<https://x|y>',
      '<@U0ALICE>',
      '<#C0PAYMENTS>',
      '<!subteam^S0PAYOPS>',
      '*bold*',
      '`code`',
      '```',
      '_it_',
      '~gone~',
      ':tada:',
      'https://evil.example',
      '&lt;!channel&gt;',
      '\u202egnp.exe',
      '\u0000\u001b[31m\u200b',
      '\ud800',
      '   ',
      '',
      '"',
      '\\',
      '😀'.repeat(5_000),
      '"\\'.repeat(5_000),
      'مرحبا'.repeat(2_000),
      'x'.repeat(10_000),
      'two\nlines',
    ),
    fc.string({ unit: 'binary', maxLength: 300 }),
  );
  const finding = fc
    .record({
      name: hostile,
      reason: hostile,
      image: hostile,
      scaleSetId: hostile,
      state: fc.constantFrom<State>(...STATES),
      target: fc.integer({ min: 0, max: 2 }),
    })
    .map(({ name, reason, state, target, image, scaleSetId }): Finding => {
      const version = { ...aVersion('1.2.0'), id: name };
      const candidate = { definition: aDefinition([version], reason), version };
      const targets = [
        { kind: 'none', why: reason },
        { kind: 'version', candidate, because: 'replaces' },
        { kind: 'choice', candidates: [candidate, candidate] },
      ] as const;
      return aFinding({
        name,
        id: idOf(name),
        image,
        scaleSetId,
        verdict: aVerdict(state, { reason }),
        target: targets[target]!,
      });
    });
  const team = fc
    .record({ name: hostile, tag: hostile, value: hostile })
    .map(({ name, tag, value }) =>
      aTeam({ name, match: { tags: { [tag]: value }, subscriptions: [value], resourceGroups: Array(9).fill(value) } }),
    );
  const unread = fc.array(fc.record({ scope: hostile, reason: hostile }), { maxLength: 12 });
  const findings = fc.array(finding, { maxLength: 60 });

  const messages: Record<string, fc.Arbitrary<Message>> = {
    status: fc.record({ team, findings, unread, more: fc.nat(50_000) }).map((given) =>
      statusView({
        team: given.team,
        report: aStatus({
          findings: given.findings,
          attention: given.findings.length + given.more,
          unread: given.unread,
        }),
        now: NOW,
      }),
    ),
    'empty status': fc
      .record({ team, unread })
      .map((given) =>
        statusView({ team: given.team, report: aStatus({ counts: {}, findings: [], unread: given.unread }), now: NOW }),
      ),
    list: fc
      .record({
        team,
        findings: fc.array(finding, { maxLength: 20 }),
        unread,
        page: fc.integer({ min: 1, max: 50_000 }),
      })
      .map((given) => listView({ report: aList({ ...given, pages: 50_000, matching: 1_000_000 }), now: NOW })),
    why: fc.record({ finding, team, text: hostile }).map((given) => {
      const report = aWhyReport({ finding: given.finding, teams: [given.team] });
      const machine = {
        ...report.machine,
        id: given.finding.id,
        resourceGroup: given.text,
        kindTag: given.text,
        createdAt: given.text,
      };
      return whyView({ answer: aWhy([{ ...report, machine }], given.text), portal: PORTAL, now: NOW });
    }),
    choice: fc
      .record({ names: fc.array(hostile, { minLength: 2, maxLength: 50 }), team, asked: hostile })
      .map((given) =>
        whyView({
          answer: aWhy(
            given.names.map((name) => aWhyReport({ name, group: name, teams: [given.team] })),
            given.asked,
          ),
          portal: PORTAL,
          now: NOW,
        }),
      ),
    teams: fc.array(team, { maxLength: 60 }).map(teamsView),
    help: hostile.map((likely) => helpView({ entries: commands, likely })),
    error: fc
      .record({ a: hostile, b: hostile, ask: hostile })
      .map(({ a, b, ask }) => errorView({ error: new FatalError(a, b), reference: 'r-1', ask })),
    refusal: fc
      .record({ a: hostile, b: hostile, ask: hostile })
      .map(({ a, b, ask }) => errorView({ error: new UserError(a, b), reference: 'r-1', ask })),
  };

  describe.each(Object.entries(messages))('%s', (_name, message) => {
    test('stays within the budget and within every limit of Slack', () => {
      fc.assert(
        fc.property(message, (made) => {
          for (const shown of [made, withoutTable(made), sharedView(made, 'U0ALICE')]) {
            const { characters, bytes } = sizeOf(shown);
            expect(checkMessage({ text: shown.text, blocks: shown.blocks })).toBeUndefined();
            expect(shown.text.length).toBeLessThan(4_000);
            expect(characters).toBeLessThanOrEqual(BUDGET.characters);
            expect(bytes).toBeLessThanOrEqual(BUDGET.bytes + 200); // who shared it comes on top
          }
          expect(checkView(modalView(made), { expect: 'modal' })).toBeUndefined();
        }),
        { numRuns: 60 },
      );
    });

    test('mentions nobody, links nowhere and formats nothing', () => {
      fc.assert(
        fc.property(message, (made) => {
          expect(effects(made.text)).toEqual([]);
          for (const { type, text: said, emoji } of textObjects(made.blocks)) {
            if (type === 'mrkdwn') expect(effects(said).filter((kind) => kind !== 'date')).toEqual([]);
            if (type === 'plain_text') expect(emoji).toBe(false);
            expect(said.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
          }
        }),
        { numRuns: 60 },
      );
    });
  });

  test('the Home tab fits as well', () => {
    fc.assert(
      fc.property(fc.array(team, { maxLength: 60 }), (teams) => {
        expect(checkView(homeView(teams), { expect: 'home' })).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });

  test('fifty thousand findings make a message as quickly as eight', () => {
    const many = Array.from({ length: 50_000 }, (_, index) => aFinding({ name: `vm-${index}` }));
    const message = status({ findings: many, attention: many.length });
    expect(checkMessage({ text: message.text, blocks: message.blocks })).toBeUndefined();
    expect(fits(message)).toBe(true);
  });
});

/** What Slack would make of mrkdwn beyond plain text. */
function effects(mrkdwn: string): string[] {
  const kinds = (nodes: readonly Inline[]): string[] =>
    nodes.filter(({ kind }) => kind !== 'text').map(({ kind }) => kind);
  return parseMrkdwn(mrkdwn).flatMap((piece) => {
    if (piece.kind === 'preformatted') return ['preformatted'];
    return (piece.kind === 'list' ? piece.items : piece.lines).flatMap(kinds);
  });
}

interface TextObject {
  readonly type: string;
  readonly text: string;
  readonly emoji?: boolean;
}

function textObjects(value: unknown): TextObject[] {
  if (Array.isArray(value)) return value.flatMap(textObjects);
  if (typeof value !== 'object' || value === null) return [];
  const own = 'text' in value && typeof value.text === 'string' ? [value as TextObject] : [];
  return [...own, ...Object.values(value).flatMap(textObjects)];
}
