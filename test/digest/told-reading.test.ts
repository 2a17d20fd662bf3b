import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TeamSnapshot } from '../../src/core/snapshot.ts';
import { Memory } from '../../src/digest/memory.ts';
import type { WeekEntry } from '../../src/ports.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { teamOf } from '../core/build.ts';
import { caseOf, estateOf, snapshotOf, teamDigestOf } from '../core/digest-build.ts';
import { testRedis } from '../support/redis.ts';

const { url, prefix } = testRedis();
let store: Store;
beforeAll(async () => {
  store = await openStore({ url, prefix, scope: 'test', log: { info: () => {}, warn: () => {} } });
});
afterAll(() => store.close());

const NIGHT = new Date('2026-11-16T03:00:00Z');
const DIGEST = new Date('2026-11-16T08:00:00Z');
const EVENING = new Date('2026-11-16T18:00:00Z');
const NEXT_DIGEST = new Date('2026-11-23T08:00:00Z');

/** A memory of one team, whose findings and whose clock a test sets. */
function aMemory(team = teamOf({ digest: teamDigestOf() })) {
  let now = NIGHT;
  let snapshot: TeamSnapshot = snapshotOf();
  const memory = new Memory({
    estate: {
      refresh: async () => estateOf({ asOfMs: now.getTime() }),
      current: async () => snapshot,
      teams: async () => [snapshot],
    },
    history: store.history,
    mutes: store.mutes,
    clock: { now: () => now },
    teams: [team],
    platform: { channel: undefined, digest: teamDigestOf() },
  });
  const at = (instant: Date, ...names: string[]) => {
    now = instant;
    snapshot = snapshotOf({ asOfMs: instant.getTime(), cases: names.length === 0 ? [] : [caseOf(names)] });
  };
  return { memory, team, at };
}

test('given findings that come and go on the day of a digest, when the next one is made, then it compares with what was told', async () => {
  const { memory, team, at } = aMemory();
  at(NIGHT, 'mended-before');
  await memory.record();
  at(DIGEST, 'told');
  await memory.digestOf(team, '2026-W47', [], { told: true });
  at(EVENING, 'told', 'after');
  await memory.record();

  at(NEXT_DIGEST, 'told', 'after');
  const posted: WeekEntry = {
    week: '2026-W47',
    outcome: { state: 'posted', channel: 'C0X', ts: '1.0', late: false },
    trouble: undefined,
    atMs: DIGEST.getTime(),
  };
  const next = await memory.digestOf(team, '2026-W48', [posted], { told: true });

  const names = (groups: readonly { readonly ids: readonly string[] }[]) =>
    groups.flatMap(({ ids }) => ids.map((id) => id.split('/').at(-1)));
  expect({ fresh: names(next.fresh), open: names(next.open), fixed: names(next.fixed) }).toEqual({
    fresh: ['after'],
    open: ['told'],
    fixed: [],
  });
});
