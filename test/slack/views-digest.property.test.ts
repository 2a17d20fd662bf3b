import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digestMessages } from '../../src/slack/views/digest.ts';
import { someDigest } from './digest-arbitraries.ts';
import { aDigest, aGroup } from './digest-build.ts';
import { expectHarmless, expectToFit } from './message-laws.ts';

describe('laws over any digest of a team', () => {
  test('every message stays within the budget and within every limit of Slack', () => {
    fc.assert(
      fc.property(someDigest, fc.constantFrom(undefined, 'preview' as const, 'now' as const), (digest, preview) => {
        const { head, thread } = digestMessages(digest, { mention: true, mayPost: true, ...(preview && { preview }) });
        expect(thread.length).toBeLessThanOrEqual(10);
        for (const message of [head, ...thread]) expectToFit(message);
      }),
      { numRuns: 30 },
    );
  });

  test('nobody is mentioned and nothing is formatted where it may not be', () => {
    fc.assert(
      fc.property(someDigest, (digest) => {
        const { head, thread } = digestMessages(digest, { mention: false });
        for (const message of [head, ...thread]) expectHarmless(message);
      }),
      { numRuns: 30 },
    );
  });
});

test('given fifty thousand findings in thousands of groups, when they are told, then they fit and are counted', () => {
  const groups = Array.from({ length: 5_000 }, (_, index) =>
    aGroup(
      10,
      `pay-${index}`,
      { reason: `Reason ${index}: ${'long '.repeat(40)}` },
      index % 2 ? '2026-08-01' : undefined,
    ),
  );
  const digest = aDigest({
    fresh: groups.filter(({ since }) => since === undefined),
    open: groups.filter(({ since }) => since !== undefined),
    attention: 50_000,
  });
  const { head, thread } = digestMessages(digest, { mention: false });
  expect(thread).toHaveLength(10);
  for (const message of [head, ...thread]) expectToFit(message);
  const shown = JSON.stringify(thread).match(/Reason \d+/g)?.length ?? 0;
  expect(JSON.stringify(thread.at(-1))).toContain(`${(50_000 - shown * 10).toLocaleString('en-US')} more findings`);
});
