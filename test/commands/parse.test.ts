import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commands } from '../../commands/index.ts';
import { list, pageSizeOf } from '../../commands/list.ts';
import { why } from '../../commands/why.ts';
import { route } from '../../src/command.ts';
import { STATES, type State } from '../../src/core/classification.ts';
import { UserError } from '../../src/core/errors.ts';
import { askList, askStatus } from '../../src/slack/views/asks.ts';
import { clickedWords, typedWords } from '../../src/slack/words.ts';
import { aTeam } from '../slack/build.ts';

const payments = aTeam({ name: 'payments', channel: 'C0PAY' });
const spaced = aTeam({ name: 'My Team', channel: 'C0MY' });
const teams = [payments, spaced];

function asked(text: string, channel?: string): { command: string; input: unknown } {
  const { command, words } = route(typedWords(text), commands, teams);
  return { command: command.name, input: command.parse(words, { teams, ...(channel !== undefined && { channel }) }) };
}

function refusal(text: string): string {
  try {
    asked(text);
  } catch (error) {
    if (error instanceof UserError) return `${error.message} ${error.hint}`;
    throw error;
  }
  throw new Error(`"${text}" was understood`);
}

describe('which command', () => {
  test.each<[string, string, unknown]>([
    ['status payments', 'status', { team: payments }],
    ['STATUS Payments', 'status', { team: payments }],
    ['payments', 'status', { team: payments }],
    ['my team', 'status', { team: spaced }],
    ['“My Team”', 'status', { team: spaced }],
    ['<#C0PAY|anything>', 'status', { team: payments }],
    ['status <#C9|payments>', 'status', { team: payments }],
    ['why web 01', 'why', { machine: 'web 01' }],
    ['teams', 'teams', {}],
    ['help me please', 'help', { likely: undefined }],
    ['', 'help', { likely: undefined }],
  ])('"%s" asks %s', (text, command, input) => {
    expect(asked(text)).toEqual({ command, input });
  });

  test('given a team’s own channel, when no team is named, then that team is meant', () => {
    expect(asked('status', 'C0MY').input).toEqual({ team: spaced });
    expect(asked('', 'C0PAY').input).toEqual({ likely: 'payments' });
  });
});

describe('what is not understood names what would have been', () => {
  test.each<[string, string]>([
    ['statsu payments', 'Did you mean "/golden status payments"?'],
    ['paymnts', 'Did you mean "/golden status payments"?'],
    ['status paymnets', 'Did you mean "payments"?'],
    ['status zzzzzzzzzz', '"/golden teams"'],
    ['status', 'Which team?'],
    ['status payments now', 'I did not understand "now".'],
    ['status <#C404|nowhere>', 'No team has the channel #nowhere.'],
    ['list payments outdatd', 'Did you mean "outdated"?'],
    ['list payments page 0', '"0" is not a page.'],
    ['list payments page two', '"two" is not a page.'],
    ['why', 'Which machine?'],
  ])('"%s"', (text, said) => {
    expect(refusal(text)).toContain(said);
  });
});

describe('states', () => {
  test.each<[string, State]>([
    ['current', 'current'],
    ['Outdated', 'outdated'],
    ['end-of-life', 'endOfLife'],
    ['endOfLife', 'endOfLife'],
    ['end of life', 'endOfLife'],
    ['EOL', 'endOfLife'],
    ['non-golden', 'nonGolden'],
    ['nonGolden', 'nonGolden'],
    ['revoked', 'revoked'],
    ['unknown', 'unknown'],
    ['exempt', 'exempt'],
    ['platform-managed', 'platformManaged'],
    ['platformManaged', 'platformManaged'],
  ])('"%s" is %s, before and after its page', (word, state) => {
    expect(list.parse(typedWords(`payments ${word} page 3`), { teams }).selection).toEqual({
      states: [state],
      page: 3,
    });
    expect(list.parse(typedWords(`payments page=3 ${word}`), { teams }).selection).toEqual({
      states: [state],
      page: 3,
    });
  });

  test('given no state, when a list is asked, then it is what needs attention; "all" is everything', () => {
    expect(list.parse(['payments'], { teams }).selection).toEqual({ states: undefined, page: 1 });
    expect(list.parse(['payments', 'all'], { teams }).selection).toEqual({ states: STATES, page: 1 });
  });
});

test('law: the words behind a button mean what the button says', () => {
  const names = fc
    .string({ minLength: 1, maxLength: 40 })
    .filter((name) => name.trim() === name && !/["\s]/u.test(name.replaceAll(' ', '')));
  fc.assert(
    fc.property(names, fc.constantFrom(...STATES), fc.integer({ min: 1, max: 999 }), (name, state, page) => {
      const team = aTeam({ name });
      const { command, words } = route(clickedWords(askList(name, state, page)), commands, [team]);
      expect(command.parse(words, { teams: [team] })).toEqual({ team, selection: { states: [state], page } });
      expect(route(clickedWords(askStatus(name)), commands, [team]).command.name).toBe('status');
    }),
  );
});

test('law: whatever is typed is understood or answered with a UserError', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      try {
        asked(text);
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
      }
    }),
  );
});

test.each([
  [1, 1],
  [7, 5],
  [20, 20],
  [999, 500],
  [5000, 1000],
])('a page of at most %i rows has %i, so that windows divide into pages', (limit, size) => {
  expect(pageSizeOf(limit)).toBe(size);
});

test('given no machine of a name, when why is asked, then it says what to check', async () => {
  const compliance = { why: async () => ({ asked: 'x', reports: [], unread: [], requests: 1 }) };
  const services = { compliance, teams, portal: '', clock: { now: () => new Date(0) } } as never;
  await expect(why.query({ machine: 'x' }, services, {}, { kind: 'terminal' })).rejects.toThrow(
    'No machine that can be read is called "x".',
  );
});
