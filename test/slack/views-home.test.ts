import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkView } from '../../sandbox/slack/limits.ts';
import { type HomeAnswer, homeView } from '../../src/slack/views/home.ts';
import type { HomeTeam } from '../../src/slack/views/home-team.ts';
import { aTeam, NOW } from './build.ts';
import { hostile, somePoints, someSnapshot, someTeam } from './digest-arbitraries.ts';
import { aTeamSnapshot, someWeeks } from './digest-build.ts';
import { expectHarmless } from './message-laws.ts';
import { readable } from './world.ts';

function aHomeTeam(given: Partial<HomeTeam> = {}): HomeTeam {
  return {
    team: aTeam({ name: 'payments' }),
    snapshot: aTeamSnapshot(),
    points: someWeeks(),
    next: { due: new Date('2026-11-23T08:00:00Z') },
    mine: 'chosen',
    ...given,
  };
}

function home(given: Partial<HomeAnswer> = {}) {
  return homeView({
    user: 'U0ALICE',
    teams: [aHomeTeam()],
    others: [],
    asOf: new Date(NOW.getTime() - 60_000),
    timezone: 'Europe/Berlin',
    now: NOW,
    ...given,
  });
}

const text = (given: Partial<HomeAnswer>) => readable({ blocks: home(given).blocks as never });

describe('the Home tab', () => {
  test('given any teams with any texts, when it is shown, then Slack takes it and nothing is parsed', () => {
    const someday = fc.nat(400).map((days) => new Date(NOW.getTime() + days * 86_400_000));
    const homeTeam = fc.record({
      team: someTeam,
      snapshot: fc.option(someSnapshot, { nil: undefined }),
      points: somePoints,
      next: fc.option(fc.record({ due: someday }), { nil: undefined }),
      mutedUntil: fc.option(someday, { nil: undefined }),
      mine: fc.constantFrom('approver' as const, 'chosen' as const),
    });
    const answer = fc.record({
      user: fc.constant('U0ALICE'),
      teams: fc.array(homeTeam, { maxLength: 60 }),
      others: fc.array(someTeam, { maxLength: 300 }),
      asOf: fc.option(someday, { nil: undefined }),
      problem: fc.option(hostile, { nil: undefined }),
      timezone: fc.constantFrom(undefined, 'Europe/Berlin', '<!channel>'),
      now: fc.constant(NOW),
    });
    fc.assert(
      fc.property(answer, (given) => {
        const view = homeView(given);
        expect(checkView(view, { expect: 'home' })).toBeUndefined();
        expectHarmless({ text: '', blocks: view.blocks });
      }),
      { numRuns: 40 },
    );
  });

  test('given ten thousand teams to choose from, when it is shown, then the choice still fits', () => {
    const others = Array.from({ length: 10_000 }, (_, index) => aTeam({ name: `team-${index}-${'漢'.repeat(60)}` }));
    expect(checkView(home({ others }), { expect: 'home' })).toBeUndefined();
  });

  test('given no team of mine, when it is shown, then it says what to do and offers the teams there are', () => {
    const said = text({ teams: [], others: [aTeam({ name: 'checkout' })] });
    expect(said).toContain('Choose your teams');
    expect(JSON.stringify(home({ teams: [], others: [aTeam({ name: 'checkout' })] }))).toContain('follow checkout');
  });

  test.each<[string, Partial<HomeAnswer>, string]>([
    ['no reading yet', { asOf: undefined }, 'Azure has not been read yet'],
    ['a reading of days ago', { asOf: new Date('2026-11-18T00:00:00Z') }, 'these figures are old'],
    ['trouble', { problem: 'Azure is away.' }, 'Warning: Azure is away. What follows is from the last reading.'],
    ['a team nobody read', { teams: [aHomeTeam({ snapshot: undefined })] }, 'Nothing is known of this team yet'],
    ['a team without digest', { teams: [aHomeTeam({ next: undefined })] }, 'No digest: golden.yml names no channel'],
    ['a muted team', { teams: [aHomeTeam({ mutedUntil: new Date('2026-12-24') })] }, 'Digests are muted until'],
    ['no teams at all', { teams: [], others: [] }, 'golden.yml names no team yet'],
    ['a history', {}, '36 % to 78 % current in 12 weeks'],
  ])('given %s, when it is shown, then it says so', (_name, given, said) => {
    expect(text(given)).toContain(said);
  });

  test.each([
    ['chosen' as const, true],
    ['approver' as const, false],
  ])('given a team that is mine as %s, when it is shown, then removing it is offered: %s', (mine, offered) => {
    expect(JSON.stringify(home({ teams: [aHomeTeam({ mine })] })).includes('unfollow payments')).toBe(offered);
  });
});
