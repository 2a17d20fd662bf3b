import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { list } from '../../commands/list.ts';
import { status } from '../../commands/status.ts';
import { teams } from '../../commands/teams.ts';
import { why } from '../../commands/why.ts';
import { STATES } from '../../src/core/classification.ts';
import { aFinding, aList, aStatus, aTeam, aVerdict, aWhy, aWhyReport, GALLERY, idOf, NOW } from '../slack/build.ts';

const answer = (given: Parameters<typeof aStatus>[0] = {}) => ({ team: aTeam(), report: aStatus(given), now: NOW });
const found = (...reports: Parameters<typeof aWhy>[0]) => ({
  answer: aWhy(reports),
  portal: 'https://portal.azure.com',
  now: NOW,
});
const plainScreen = { width: 80, colour: false };

describe('status --json', () => {
  test('given a finding, when it is printed, then every field of the contract is there', () => {
    expect(JSON.parse(JSON.stringify(status.terminal!.json(answer({ counts: { current: 3, outdated: 1 } }))))).toEqual({
      team: 'team-x',
      asOf: '2026-11-21T09:59:18.000Z',
      total: 4,
      counts: {
        current: 3,
        outdated: 1,
        endOfLife: 0,
        nonGolden: 0,
        revoked: 0,
        unknown: 0,
        exempt: 0,
        platformManaged: 0,
      },
      share: 0.75,
      findings: [
        {
          id: idOf('web-01'),
          name: 'web-01',
          type: 'virtualMachine',
          state: 'outdated',
          reason: 'ubuntu-22 1.0.0 is 2 versions and 81 days behind 1.2.0.',
          nextStep: 'Rebuild it from ubuntu-22 1.2.0.',
          image: `${GALLERY}/images/ubuntu-22/versions/1.0.0`,
          target: `${GALLERY}/images/ubuntu-22/versions/1.2.0`,
          targetReason: 'same-definition',
          choices: [],
          versionsBehind: 2,
          daysBehind: 81,
          kind: 'cattle',
          location: 'westeurope',
          powerState: 'running',
          scaleSet: null,
        },
      ],
      truncated: false,
      attention: 1,
      care: { pets: 0, notRunning: 0 },
      warnings: [],
      unread: [],
      requests: 2,
    });
  });

  test('given more findings than were read, when they are printed, then it says that the list is cut', () => {
    expect(status.terminal!.json(answer({ attention: 2 }))).toMatchObject({ truncated: true, attention: 2 });
  });

  test('given nothing to judge, when it is printed, then the share is null rather than zero or NaN', () => {
    expect(status.terminal!.json(answer({ counts: { exempt: 2 }, findings: [] }))).toMatchObject({ share: null });
  });

  test('given a machine with a choice of targets, when it is printed, then the choices are there and no target is', () => {
    const version = aFinding().target;
    if (version.kind !== 'version') throw new Error('the builder makes a version');
    const finding = aFinding({ target: { kind: 'choice', candidates: [version.candidate, version.candidate] } });
    const [printed] = (status.terminal!.json(answer({ findings: [finding] })) as { findings: object[] }).findings;
    expect(printed).toMatchObject({
      target: null,
      choices: [version.candidate.version.id, version.candidate.version.id],
    });
  });
});

describe('exit codes', () => {
  test.each<[string, Parameters<typeof aStatus>[0], 0 | 1]>([
    ['all current', { counts: { current: 2 }, findings: [] }, 0],
    [
      'exempt and platform-managed beside them',
      { counts: { current: 1, exempt: 1, platformManaged: 1 }, findings: [] },
      0,
    ],
    ['no machines', { counts: {}, findings: [] }, 0],
    ['one outdated', { counts: { current: 1, outdated: 1 } }, 1],
    ['a scale set whose model lags', { counts: { current: 2 }, findings: [aFinding({ type: 'scaleSet' })] }, 1],
    ['something unread', { counts: { current: 2 }, findings: [], unread: [{ scope: 's', reason: 'r' }] }, 1],
  ])('given %s, when the status is asked, then it is %#', (_name, given, code) => {
    expect(status.terminal!.exitCode(answer(given))).toBe(code);
  });

  test.each(STATES)(
    'given a machine that is %s, when why or list is asked, then the code says whether it needs attention',
    (state) => {
      const well = ['current', 'exempt', 'platformManaged'].includes(state);
      const finding = aFinding({ state });
      expect(why.terminal!.exitCode(found(aWhyReport({ finding })))).toBe(well ? 0 : 1);
      expect(list.terminal!.exitCode({ report: aList({ findings: [finding] }), now: NOW })).toBe(well ? 0 : 1);
    },
  );
});

describe('text', () => {
  test('given a status, when it is printed, then headline, counts, findings and age are there', () => {
    expect(
      status.terminal!.text(answer({ counts: { current: 50, outdated: 45, revoked: 1, exempt: 4 } }), plainScreen),
    ).toBe(
      [
        'team-x: 52 % of 96 machines are on current golden images',
        '',
        '  50 current          ▓▓▓▓▓░░░░░',
        '   1 revoked          ▓░░░░░░░░░',
        '  45 outdated         ▓▓▓▓▓░░░░░',
        '   4 exempt           (not judged)',
        '',
        '  web-01  outdated  cattle',
        '    ubuntu-22 1.0.0 is 2 versions and 81 days behind 1.2.0.',
        '    Next: Rebuild it from ubuntu-22 1.2.0.',
        '',
        'Wiki: https://wiki.example.com/golden',
        '',
        'As of 2026-11-21 09:59 UTC (42 s ago), 2 requests to Azure Resource Graph.',
      ].join('\n'),
    );
  });

  test.each([
    [2, 1, 'There is only one page.'],
    [9, 3, 'There are only 3 pages.'],
    [2, 3, 'Page 2 of 3. Next: page 3.'],
  ])('given page %i of %i, when a list is printed, then it says which pages there are', (page, pages, said) => {
    const lines = list.terminal!.text({ report: aList({ page, pages }), now: NOW }, plainScreen).split('\n');
    expect(lines.filter((line) => /\bpages?\b/i.test(line))).toEqual([said]);
  });

  test('given unread scopes, when a status is printed, then they stand before the counts', () => {
    const text = status.terminal!.text(
      answer({ unread: [{ scope: 'sub-d', reason: 'Reader role missing' }] }),
      plainScreen,
    );
    expect(text.indexOf('- sub-d: Reader role missing')).toBeLessThan(text.indexOf('62 current'));
    expect(text).toContain('not everything could be read');
  });

  test('given names of any width, when findings are printed, then their columns line up', () => {
    const names = ['a', 'web-01', '漢字の機械', 'é', '👩‍👩‍👧‍👦'];
    const text = status.terminal!.text(
      answer({ findings: names.map((name) => aFinding({ name })), attention: 5 }),
      plainScreen,
    );
    const columns = text
      .split('\n')
      .flatMap((line) =>
        line.includes('outdated  cattle') ? stringWidth(line.slice(0, line.indexOf('outdated'))) : [],
      );
    expect(columns).toHaveLength(5);
    expect(new Set(columns).size).toBe(1);
  });

  test('given a screen with colours, when a status is printed, then the words are the same without them', () => {
    const given = answer({ unread: [{ scope: 's', reason: 'r' }] });
    const coloured = status.terminal!.text(given, { width: 80, colour: true });
    expect(coloured).toContain('\u001b[');
    expect(stripVTControlCharacters(coloured)).toBe(status.terminal!.text(given, plainScreen));
  });

  test('law: nothing that Azure sends can steer a terminal, and lines keep to its width', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom('\u001b]0;x\u0007', '\u009b31m', '\u202e', 'x'.repeat(5_000), '\r\n'),
    );
    fc.assert(
      fc.property(hostile, fc.integer({ min: 40, max: 200 }), (text, width) => {
        const finding = aFinding({ name: text, verdict: aVerdict('revoked', { reason: text }) });
        const unread = [{ scope: text, reason: text }];
        const screen = { width, colour: false };
        const printed = [
          status.terminal!.text(answer({ findings: [finding], unread }), screen),
          list.terminal!.text({ report: aList({ findings: [finding], unread }), now: NOW }, screen),
        ];
        const unbounded = [
          why.terminal!.text(found(aWhyReport({ finding }), aWhyReport({ finding })), screen),
          teams.terminal!.text(
            [aTeam({ name: text, match: { tags: { [text]: text }, subscriptions: [], resourceGroups: [] } })],
            screen,
          ),
        ];
        for (const output of [...printed, ...unbounded]) {
          expect(output.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        }
        for (const line of printed
          .join('\n')
          .split('\n')
          .filter((each) => each.startsWith('  '))) {
          expect(stringWidth(line)).toBeLessThanOrEqual(width);
        }
      }),
      { numRuns: 100 },
    );
  });
});

test('given several machines of one name, when why is printed, then each is', () => {
  const text = why.terminal!.text(found(aWhyReport({ group: 'rg-a' }), aWhyReport({ group: 'rg-b' })), plainScreen);
  expect(text).toContain('2 machines are called web-01');
  expect(text).toContain(idOf('web-01', 'rg-a'));
  expect(text).toContain(idOf('web-01', 'rg-b'));
  expect(why.terminal!.json(found(aWhyReport()))).toMatchObject({
    asked: 'web-01',
    machines: [{ state: 'outdated', teams: ['team-x'] }],
  });
});
