import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commands } from '../../commands/index.ts';
import { checkMessage, checkView } from '../../sandbox/slack/limits.ts';
import { STATES, type State } from '../../src/core/classification.ts';
import { FatalError, UserError } from '../../src/core/errors.ts';
import type { Finding } from '../../src/core/report.ts';
import { fits } from '../../src/slack/views/budget.ts';
import { errorView } from '../../src/slack/views/error.ts';
import { helpView } from '../../src/slack/views/help.ts';
import { listView } from '../../src/slack/views/list.ts';
import type { Message } from '../../src/slack/views/message.ts';
import { modalView } from '../../src/slack/views/modal.ts';
import { sharedView } from '../../src/slack/views/notices.ts';
import { statusView } from '../../src/slack/views/status.ts';
import { teamsView } from '../../src/slack/views/teams.ts';
import { whyView } from '../../src/slack/views/why.ts';
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
import { expectHarmless, expectToFit } from './message-laws.ts';

const PORTAL = 'https://portal.azure.com';

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
          expectToFit(made);
          const shared = sharedView(made, 'U0ALICE');
          expect(checkMessage({ text: shared.text, blocks: shared.blocks })).toBeUndefined();
          expect(checkView(modalView(made), { expect: 'modal' })).toBeUndefined();
        }),
        { numRuns: 60 },
      );
    });

    test('mentions nobody, links nowhere and formats nothing', () => {
      fc.assert(
        fc.property(message, (made) => expectHarmless(made)),
        { numRuns: 60 },
      );
    });
  });

  test('fifty thousand findings make a message as quickly as eight', () => {
    const many = Array.from({ length: 50_000 }, (_, index) => aFinding({ name: `vm-${index}` }));
    const report = aStatus({ findings: many, attention: many.length });
    const message = statusView({ team: aTeam(), report, now: NOW });
    expect(checkMessage({ text: message.text, blocks: message.blocks })).toBeUndefined();
    expect(fits(message)).toBe(true);
  });
});
