import type { Approved, Freshness, ImagePolicy } from '../core/policy.ts';
import type { Team, TeamDigest } from '../core/team.ts';
import type { GoldenYml } from './golden-yml.ts';
import type { AzureScope } from './settings.ts';

/** What golden.yml leaves out. */
const DEFAULT_FRESHNESS = { graceDays: 14, versionsBehind: 0, maxAgeDays: 60 } as const satisfies Freshness;

/** What is left out of every digest. */
const DEFAULT_DIGEST = { catchUpHours: 24, escalateAfterWeeks: 4 } as const;
/** When the platform's digest is due unless golden.yml says so. */
const DEFAULT_PLATFORM_DIGEST = { day: 'monday', time: '10:00', timezone: 'UTC' } as const;

type Entry = GoldenYml['images']['golden'][number];
type WrittenDigest = GoldenYml['digest'];
type WrittenFreshness = GoldenYml['images']['freshness'];

/** What is asked of Azure: what the file names, else everything the identity can read. */
export function scopeOf({ azure }: GoldenYml): AzureScope {
  if (azure?.managementGroups) return { kind: 'managementGroups', ids: [...new Set(azure.managementGroups)] };
  if (azure?.subscriptions) return { kind: 'subscriptions', ids: [...new Set(azure.subscriptions)] };
  return { kind: 'everything' };
}

/** The file's decisions about images. */
export function policyOf({ images, exemptions }: GoldenYml): ImagePolicy {
  const freshness = complete(images.freshness, DEFAULT_FRESHNESS);
  return {
    golden: images.golden.map((entry) => approvedOf(entry, freshness)),
    revoked: (images.revoked ?? []).map(({ version, reason, at }) => ({ version, reason, at })),
    exemptions: (exemptions ?? []).map(({ machine, reason, until }) => ({ machine, reason, until })),
  };
}

/** When the platform's own people get theirs. */
export function platformDigestOf({ digest, platform }: GoldenYml): TeamDigest {
  return { ...DEFAULT_PLATFORM_DIGEST, ...DEFAULT_DIGEST, ...given(digest), ...given(platform?.digest) };
}

/** The file's teams, in its order. */
export function teamsOf({ teams, digest }: GoldenYml): readonly Team[] {
  return Object.entries(teams).map(([name, team]) => ({
    name,
    match: {
      tags: team.match.tags ?? {},
      subscriptions: team.match.subscriptions ?? [],
      resourceGroups: team.match.resourceGroups ?? [],
    },
    channel: team.channel,
    kind: team.kind ?? 'cattle',
    wiki: team.wiki,
    approvers: {
      users: team.approvers?.users ?? [],
      userGroups: team.approvers?.userGroups ?? [],
      required: team.approvers?.required ?? 1,
    },
    digest: team.channel === undefined ? undefined : digestOf(team.digest, digest),
  }));
}

/** A team's own words, then those for all teams; no digest where nobody says when. */
function digestOf(own: WrittenDigest, shared: WrittenDigest): TeamDigest | undefined {
  const { day, time, timezone, ...rest } = { ...DEFAULT_DIGEST, ...given(shared), ...given(own) };
  if (day === undefined || time === undefined || timezone === undefined) return undefined;
  return { day, time, timezone, ...rest };
}

/** Only the keys that were written. */
function given(digest: WrittenDigest) {
  const { day, time, timezone, catchUpHours, escalateAfterWeeks } = digest ?? {};
  return {
    ...(day && { day }),
    ...(time && { time }),
    ...(timezone && { timezone }),
    ...(catchUpHours !== undefined && { catchUpHours }),
    ...(escalateAfterWeeks !== undefined && { escalateAfterWeeks }),
  };
}

function approvedOf(entry: Entry, freshness: Freshness): Approved {
  if ('marketplace' in entry) return { kind: 'marketplace', ...entry.marketplace };
  if ('managedImage' in entry) return { kind: 'managedImage', managedImage: entry.managedImage };
  return {
    kind: 'gallery',
    gallery: entry.gallery,
    definitions: entry.definitions,
    replaces: entry.replaces ?? [],
    freshness: complete(entry.freshness, freshness),
  };
}

function complete(written: WrittenFreshness, rest: Freshness): Freshness {
  return {
    graceDays: written?.graceDays ?? rest.graceDays,
    versionsBehind: written?.versionsBehind ?? rest.versionsBehind,
    maxAgeDays: written?.maxAgeDays ?? rest.maxAgeDays,
  };
}
