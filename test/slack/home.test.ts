import { describe, expect, test } from '@jest/globals';
import type { HomeView, KnownBlock } from '@slack/types';
import { UserError } from '../../src/core/errors.ts';
import type { HomeTab } from '../../src/slack/ports.ts';
import { ALICE, gate, inWorld, readable, until, type World } from './world.ts';

const EVENTS = ['app_home_opened', 'subteam_members_changed'];
const slack = { app: { botEvents: EVENTS } };

const select: KnownBlock = {
  type: 'actions',
  elements: [
    {
      type: 'static_select',
      action_id: 'golden:home:follow',
      placeholder: { type: 'plain_text', text: 'Add a team' },
      option_groups: [
        {
          label: { type: 'plain_text', text: 'a to m' },
          options: [{ text: { type: 'plain_text', text: 'team-x' }, value: 'follow team-x' }],
        },
        {
          label: { type: 'plain_text', text: 'n to z' },
          options: [{ text: { type: 'plain_text', text: 'team z' }, value: 'follow "team z"' }],
        },
      ],
    },
  ],
};
const buttons: KnownBlock = {
  type: 'actions',
  elements: [
    {
      type: 'button',
      action_id: 'golden:home:unfollow:0',
      value: 'unfollow team-x',
      text: { type: 'plain_text', text: 'Remove' },
    },
    { type: 'button', action_id: 'golden:home:refresh', value: 'home', text: { type: 'plain_text', text: 'Refresh' } },
  ],
};

/** A tab that says something, with everything in it that can be chosen. */
function aView(text: string): HomeView {
  return {
    type: 'home',
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: 'Golden images' } },
      { type: 'section', text: { type: 'plain_text', text } },
      select,
      buttons,
    ],
  };
}

function aHome(given: Partial<HomeTab> = {}): HomeTab & { readonly chosen: readonly string[][] } {
  const chosen: string[][] = [];
  return {
    chosen,
    known: async () => aView('known'),
    fresh: async () => undefined,
    choose: async (user, words) => {
      chosen.push([user, ...words]);
    },
    ...given,
  };
}

const homeOf = (world: World, user = ALICE) => {
  const { views, homes } = world.slack.state;
  return views.get(homes.get(user) ?? '');
};
const text = (world: World, user = ALICE) => readable(homeOf(world, user)?.fields as never);
const shows = (world: World, words: string, user = ALICE) =>
  world.slack.waitFor(() => text(world, user).includes(words), { what: `"${words}" in the Home tab` });
const published = (world: World) =>
  world.slack.calls.filter((call) => call.kind === 'api' && call.method === 'views.publish').length;
const settled = (world: World, times = 1) =>
  until(() => world.log.filter(({ message }) => message === 'Home tab shown').length === times);

const click = (world: World, actionId: string, choice?: string) =>
  world.slack.click({ user: ALICE, viewId: homeOf(world)!.id, actionId, ...(choice !== undefined && { choice }) });

describe('opening the Home tab', () => {
  test('given what is known, then it is shown at once, and what is fresh after it', () => {
    const azure = gate<HomeView>();
    return inWorld({ slack, deps: { home: aHome({ fresh: () => azure.answer }) } }, async (world) => {
      await world.slack.openHome(ALICE);
      await shows(world, 'known');
      azure.open(aView('fresh'));
      await shows(world, 'fresh');
      await settled(world);
      expect(published(world)).toBe(2);
    });
  });

  test.each([
    ['nothing', undefined],
    ['the same', aView('known')],
  ])('given that refreshing brings %s, then it is published once', (_, view) =>
    inWorld({ slack, deps: { home: aHome({ fresh: async () => view }) } }, async (world) => {
      await world.slack.openHome(ALICE);
      await settled(world);
      expect(published(world)).toBe(1);
    }),
  );

  test('given that something newer was published meanwhile, then it stays', () => {
    const azure = gate<HomeView>();
    const views = [azure.answer, Promise.resolve(undefined)];
    const texts = ['old', 'newer'];
    const home = aHome({ known: async () => aView(texts.shift() ?? '?'), fresh: () => views.shift()! });
    return inWorld({ slack, deps: { home } }, async (world) => {
      await world.slack.openHome(ALICE);
      await shows(world, 'old');
      await world.slack.openHome(ALICE);
      await shows(world, 'newer');
      azure.open(aView('stale'));
      await settled(world, 2);
      expect(text(world)).toContain('newer');
      expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
    });
  });

  test('given the tab of messages, then nothing is published', () =>
    inWorld({ slack, deps: { home: aHome() } }, async (world) => {
      await world.slack.openHome(ALICE, 'messages');
      await world.slack.openHome('U0BOB');
      await settled(world);
      expect(homeOf(world)).toBeUndefined();
    }));

  test('given no dashboard, then every team is one click away', () =>
    inWorld({ slack }, async (world) => {
      await world.slack.openHome(ALICE);
      await shows(world, 'team-y');
    }));
});

describe('a tab that is never blank', () => {
  const broken = async (): Promise<never> => {
    throw new TypeError('secret detail');
  };

  test('given that nothing can be told, then that is said, with a reference and a way to try again', () =>
    inWorld({ slack, deps: { home: aHome({ known: broken, fresh: broken }) } }, async (world) => {
      await world.slack.openHome(ALICE);
      await settled(world);
      expect(text(world)).toMatch(/Something went wrong here[\s\S]*Reference [0-9a-f-]{36}[\s\S]*Try again/);
      expect(text(world)).not.toContain('secret');
    }));

  test('given that only what is known fails, then what is fresh is shown', () =>
    inWorld({ slack, deps: { home: aHome({ known: broken, fresh: async () => aView('fresh') }) } }, async (world) => {
      await world.slack.openHome(ALICE);
      await shows(world, 'fresh');
    }));

  test('given that refreshing fails, then what is known stays, with what went wrong above it', () =>
    inWorld({ slack, deps: { home: aHome({ fresh: broken }) } }, async (world) => {
      await world.slack.openHome(ALICE);
      await shows(world, 'Something went wrong');
      expect(text(world)).toContain('known');
    }));

  test('given that refreshing takes for ever, then it is given up', () =>
    inWorld(
      {
        slack,
        deps: { home: aHome({ fresh: () => new Promise(() => {}) }), timing: { deadlineMs: 30, readingMs: 10 } },
      },
      async (world) => {
        await world.slack.openHome(ALICE);
        await shows(world, 'did not answer');
        expect(text(world)).toContain('known');
      },
    ));

  test('given a view that Slack refuses, then that is said instead', () => {
    const tooLong: HomeView = { type: 'home', blocks: [{ type: 'header', text: { type: 'plain_text', text: '' } }] };
    return inWorld({ slack, deps: { home: aHome({ known: async () => tooLong }) } }, async (world) => {
      await world.slack.openHome(ALICE);
      await shows(world, 'Something went wrong');
    });
  });

  test('given a Slack that loses the first try, then the second shows it', () =>
    inWorld({ slack, deps: { home: aHome() } }, async (world) => {
      world.slack.faults.plant({ kind: 'http-error', method: 'views.publish', status: 500 });
      await world.slack.openHome(ALICE);
      await shows(world, 'known');
    }));

  test('given 429, then it is published when Slack allows', () =>
    inWorld({ slack, deps: { home: aHome() } }, async (world) => {
      world.slack.faults.plant({ kind: 'rate-limit', method: 'views.publish', retryAfterSec: 1 });
      await world.slack.openHome(ALICE);
      await shows(world, 'known');
    }));
});

describe('choosing in the tab', () => {
  test('given a team of a menu with groups, when it is chosen, then it is kept and the tab is shown anew', () => {
    let texts = 'before';
    const home = aHome({ known: async () => aView(texts) });
    return inWorld({ slack, deps: { home } }, async (world) => {
      await world.slack.openHome(ALICE);
      await shows(world, 'before');
      texts = 'after';
      await click(world, 'golden:home:follow', 'follow "team z"');
      await shows(world, 'after');
      expect([home.chosen, world.slack.state.modals.get(ALICE)]).toEqual([[[ALICE, 'follow', 'team z']], undefined]);
    });
  });

  test.each([
    ['to take a team off', 'golden:home:unfollow:0', [[ALICE, 'unfollow', 'team-x']]],
    ['to refresh', 'golden:home:refresh', []],
  ])('given a button %s, when it is clicked, then the tab is shown anew', (_, actionId, chosen) => {
    const home = aHome();
    return inWorld({ slack, deps: { home } }, async (world) => {
      await world.slack.openHome(ALICE);
      await settled(world);
      await click(world, actionId);
      await settled(world, 2);
      expect(home.chosen).toEqual(chosen);
    });
  });

  test('given a choice that cannot be kept, then a modal says why, and the tab is shown as it is', () => {
    const choose = async () => {
      throw new UserError('There is no team "team-z".', 'Choose another one.');
    };
    return inWorld({ slack, deps: { home: aHome({ choose }) } }, async (world) => {
      await world.slack.openHome(ALICE);
      await settled(world);
      await click(world, 'golden:home:follow', 'follow team-x');
      await settled(world, 2);
      const [modal = ''] = world.slack.state.modals.get(ALICE) ?? [];
      expect(readable(world.slack.state.views.get(modal)?.fields as never)).toContain('There is no team "team-z".');
    });
  });

  test('given somebody who is of another workspace by now, then nothing is kept', () => {
    const home = aHome();
    return inWorld({ slack, deps: { home } }, async (world) => {
      await world.slack.openHome(ALICE);
      await settled(world);
      world.slack.state.users.get(ALICE)!.team_id = 'T0OTHER';
      await click(world, 'golden:home:unfollow:0');
      await until(() => world.log.some(({ message }) => message.includes('another workspace')));
      expect(home.chosen).toEqual([]);
    });
  });

  test('given a choice that is delivered twice, then it is kept once', () => {
    const home = aHome();
    return inWorld({ slack, deps: { home } }, async (world) => {
      await world.slack.openHome(ALICE);
      await settled(world);
      const { envelope } = await click(world, 'golden:home:unfollow:0');
      await world.slack.duplicate(envelope);
      await until(() => world.log.some(({ message }) => message === 'a duplicate was passed over'));
      expect(home.chosen).toHaveLength(1);
    });
  });
});

test('given that a group of approvers changes, then what is known of groups is forgotten', () => {
  let changes = 0;
  const onGroupsChanged = () => {
    changes += 1;
  };
  return inWorld({ slack, deps: { onGroupsChanged } }, async (world) => {
    await world.slack.sendEvent({ type: 'subteam_members_changed', subteam_id: 'S0PAYOPS', team_id: 'T0GOLDEN' });
    await until(() => changes === 1);
  });
});
