import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Estate } from '../../sandbox/azure/estate.ts';
import { openSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { mentions } from '../../sandbox/slack/mentions.ts';
import { MARKETPLACE, ubuntu, usual, vm } from '../azure/world.ts';
import { GALLERY, SUBSCRIPTION } from '../core/build.ts';
import { ask, CHANNEL, textOf } from './chat.ts';

const NAMES = [
  '<!channel>',
  '<https://evil.example|click>',
  '<@U0BOB>',
  '@here',
  '*bold* _x_ `y`',
  'a&b',
  '"q\'uote\\',
  '\u202Ertl',
  ':tada:',
  'x'.repeat(3000),
];

describe('an estate of hostile names', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    const estate = new Estate('tenant');
    const named = NAMES.map((name, index) =>
      vm(name, index % 2 ? MARKETPLACE : { publisher: name, offer: name, sku: name }, { group: `rg-${index}` }),
    );
    for (const body of [...usual(), ...named, vm('fine', ubuntu('1.1.0'))]) estate.add(body);
    sandbox = await openSandbox({
      azure: { estate },
      processes: ['bot'],
      redis: { alwaysPrivate: true },
      config: `
azure: { subscriptions: [${SUBSCRIPTION}] }
images: { golden: [{ gallery: ${GALLERY} }] }
teams:
  payments: { match: { tags: { team: team-x } }, channel: ${CHANNEL} }
`,
    });
  }, 60_000);
  afterAll(() => sandbox?.close());

  test.each([
    ['status payments', /payments: 9 % of 11 machines/],
    ['list payments', /non-golden/],
    ['why "<!channel>"', /not an approved image/],
    ['why <!channel>', /not an approved image|nothing|no machine/i],
    ['status "<!channel>"', /team/],
    ['"<https://evil.example|click>"', /./],
  ])('/golden %s pings nobody and links nowhere', async (command, expected) => {
    const answer = await ask(sandbox, command, expected);
    const caused = mentions({ ...answer });
    expect(caused.filter((each) => !JSON.stringify(each).includes('portal.azure.com'))).toEqual([]);
    expect(textOf(answer)).not.toMatch(/at .*\.ts:\d+/);
  });

  test('an answer that is shared pings nobody either', async () => {
    const answer = await ask(sandbox, 'status payments', /payments: 9 %/);
    await sandbox.slack.click({ user: 'U0ALICE', ephemeralId: answer.ts, actionId: 'golden:share' });
    const [shared] = await sandbox.slack.waitFor(() => {
      const seen = sandbox.slack.seen('U0BOB', CHANNEL);
      return seen.length > 0 ? seen : undefined;
    });
    expect(
      mentions({ ...shared })
        .map((each) => JSON.stringify(each))
        .filter((each) => !each.includes('U0ALICE')),
    ).toEqual([]);
  });
});
