import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { platformDigestMessages } from '../../src/slack/views/platform-digest.ts';
import { somePlatformDigest } from './digest-arbitraries.ts';
import { aPlatformDigest, aRankedTeam } from './digest-build.ts';
import { expectHarmless, expectToFit } from './message-laws.ts';

describe('laws over any digest of the platform', () => {
  test('every message fits, mentions nobody and formats nothing', () => {
    fc.assert(
      fc.property(somePlatformDigest, (digest) => {
        const { head, thread } = platformDigestMessages(digest);
        for (const message of [head, ...thread]) {
          expectToFit(message);
          expectHarmless(message);
        }
      }),
      { numRuns: 60 },
    );
  });
});

test('given five hundred teams, when they are ranked, then each is in the thread', () => {
  const names = Array.from({ length: 500 }, (_, index) => `team-${index}-${'漢'.repeat(40)}`);
  const { head, thread } = platformDigestMessages(
    aPlatformDigest({ teams: names.map((team) => aRankedTeam({ team })) }),
  );
  for (const message of [head, ...thread]) expectToFit(message);
  const said = JSON.stringify(thread);
  expect(names.filter((name) => !said.includes(`  ${name.slice(0, 12)}`))).toEqual([]);
});
