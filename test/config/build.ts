import { stringify } from 'yaml';
import { type Fault, faultText } from '../../src/config/faults.ts';
import { parseGoldenYml } from '../../src/config/file.ts';
import type { GoldenYml } from '../../src/config/golden-yml.ts';

export const GUID = '11111111-2222-3333-4444-555555555555';
export const GALLERY = `/subscriptions/${GUID}/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/corp`;
export const IMAGES = `/subscriptions/${GUID}/resourceGroups/rg-images/providers/Microsoft.Compute/images`;

/** A golden.yml in which every key of the contract is set. */
export function fullYml() {
  return {
    azure: { managementGroups: ['platform'] },
    images: {
      golden: [
        {
          gallery: GALLERY,
          definitions: ['ubuntu-*', 'win2022'],
          replaces: [{ publisher: 'canonical', offer: 'ubuntu-*', sku: '*' }, { managedImage: '*/images/old-base-*' }],
          freshness: { graceDays: 30, versionsBehind: 1, maxAgeDays: 90 },
        },
        { managedImage: `${IMAGES}/web-base-*` },
        { marketplace: { publisher: 'canonical', offer: 'ubuntu-24_04-lts', sku: '*' } },
      ],
      freshness: { graceDays: 7, versionsBehind: 0, maxAgeDays: 60 },
      revoked: [
        { version: '.../galleries/corp/images/ubuntu-22/versions/1.4.0', reason: 'CVE-2026-1111', at: '2026-10-01' },
      ],
    },
    teams: {
      'team-x': {
        match: { tags: { team: 'team-x' }, subscriptions: [GUID], resourceGroups: ['rg-x-*'] },
        channel: 'C0123456789',
        kind: 'cattle',
        wiki: 'https://wiki.example.com/golden',
        approvers: { users: ['U1'], userGroups: ['S1'], required: 1 },
        digest: { day: 'monday', time: '09:00', timezone: 'Europe/Berlin' },
      },
    },
    exemptions: [{ machine: '*/virtualMachines/license-*', reason: 'licensed as it is', until: '2027-03-31' }],
    platform: { channel: 'C0987654321' },
  };
}

/** The least golden.yml that is valid. */
export function leastYml() {
  return { images: { golden: [{ gallery: GALLERY }] }, teams: { x: { match: { tags: { team: 'x' } } } } };
}

/** What is wrong with a file of this content. */
export function faultsIn(content: unknown): readonly Fault[] {
  return parseGoldenYml(stringify(content), 'golden.yml').faults ?? [];
}

/** The file as it is read. @throws Error with its faults */
export function readYml(content: unknown): GoldenYml {
  const { yml, faults = [] } = parseGoldenYml(stringify(content), 'golden.yml');
  if (yml === undefined) throw new Error(faults.map(faultText).join('\n'));
  return yml;
}

/** A deep copy with the value at a path replaced, or taken out by `undefined`. */
export function changed<T>(content: T, path: readonly PropertyKey[], value: unknown): T {
  const copy = structuredClone(content);
  const last = path.at(-1);
  if (last === undefined) return value as T;
  let here = copy as Record<PropertyKey, unknown>;
  for (const part of path.slice(0, -1)) here = here[part] as Record<PropertyKey, unknown>;
  if (value === undefined) delete here[last];
  else here[last] = value;
  return copy;
}

/** The path of every value in a content, its root left out. */
export function pathsIn(content: unknown, path: readonly PropertyKey[] = []): (readonly PropertyKey[])[] {
  const below = Array.isArray(content)
    ? content.flatMap((item, index) => pathsIn(item, [...path, index]))
    : typeof content === 'object' && content !== null
      ? Object.entries(content).flatMap(([key, value]) => pathsIn(value, [...path, key]))
      : [];
  return path.length === 0 ? below : [path, ...below];
}
