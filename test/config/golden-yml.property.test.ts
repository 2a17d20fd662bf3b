import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pathText } from '../../src/config/faults.ts';
import { parseGoldenYml } from '../../src/config/file.ts';
import { teamsOf } from '../../src/config/policy.ts';
import { changed, faultsIn, fullYml, GALLERY, IMAGES, pathsIn, readYml } from './build.ts';

/** No list, no mapping, no text, and no whole number. */
const FITS_NOWHERE = 0.5;

const word = fc.stringMatching(/^[a-z0-9]{1,12}$/);
const guid = fc.uuid();
const days = fc.nat(3650);
const freshness = fc.record({ graceDays: days, versionsBehind: fc.nat(20), maxAgeDays: days }, { requiredKeys: [] });
const id = (kind: string) => fc.stringMatching(/^[A-Z0-9]{1,10}$/).map((rest) => `${kind}${rest}`);

const golden = fc.oneof(
  fc.record(
    {
      gallery: fc.tuple(guid, word).map(([sub, name]) => GALLERY.replace(/[0-9-]{36}/, sub).replace('corp', name)),
      definitions: fc.array(
        word.map((name) => `${name}-*`),
        { minLength: 1 },
      ),
      replaces: fc.array(
        fc.oneof(
          fc.record({ publisher: word }),
          word.map((name) => ({ managedImage: `*/images/${name}` })),
        ),
      ),
      freshness,
    },
    { requiredKeys: ['gallery'] },
  ),
  word.map((name) => ({ managedImage: `${IMAGES}/${name}-*` })),
  fc.record({ marketplace: fc.record({ publisher: word, offer: word, sku: fc.constant('*') }) }),
);

const team = fc.record(
  {
    match: fc.record(
      {
        tags: fc.dictionary(word, word),
        subscriptions: fc.array(guid),
        resourceGroups: fc.array(word, { minLength: 1 }),
      },
      { requiredKeys: ['resourceGroups'] },
    ),
    channel: id('C'),
    kind: fc.constantFrom('pet', 'cattle'),
    approvers: fc.record({
      users: fc.array(id('U'), { minLength: 1 }),
      userGroups: fc.array(id('S')),
      required: fc.constant(1),
    }),
    digest: fc.record({
      day: fc.constantFrom('monday', 'sunday'),
      time: fc
        .tuple(fc.nat(23), fc.nat(59))
        .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`),
      timezone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
    }),
  },
  { requiredKeys: ['match', 'channel'] },
);

const valid = fc.record(
  {
    azure: fc.oneof(
      fc.record({ managementGroups: fc.array(word, { minLength: 1 }) }),
      fc.record({ subscriptions: fc.array(guid, { minLength: 1 }) }),
      fc.constant({}),
    ),
    images: fc.record(
      { golden: fc.array(golden, { minLength: 1, maxLength: 4 }), freshness },
      { requiredKeys: ['golden'] },
    ),
    teams: fc.dictionary(word, team, { minKeys: 1, maxKeys: 4 }),
  },
  { requiredKeys: ['images', 'teams'] },
);

test('property: a valid file is accepted, and every team of it is there', () => {
  fc.assert(
    fc.property(valid, (content) => {
      expect(faultsIn(content)).toEqual([]);
      expect(
        teamsOf(readYml(content))
          .map(({ name }) => name)
          .toSorted(),
      ).toEqual(Object.keys(content.teams).toSorted());
    }),
  );
});

test('property: any value replaced by one that fits nowhere is reported with its path', () => {
  fc.assert(
    fc.property(valid, fc.nat(), (content, choice) => {
      const paths = pathsIn(content);
      const path = paths[choice % paths.length] ?? [];
      expect(faultsIn(changed(content, path, FITS_NOWHERE)).map((fault) => fault.path)).toContain(pathText(path));
    }),
  );
});

test('property: a key that is not known is reported with its path, wherever it is', () => {
  fc.assert(
    fc.property(valid, fc.nat(), (content, choice) => {
      const mappings = [[], ...pathsIn(content)].filter((path) => isMapping(valueAt(content, path)));
      const path = [...(mappings[choice % mappings.length] ?? []), 'zzz'];
      const reported = faultsIn(changed(content, path, {})).map((fault) => fault.path);
      // A mapping of teams takes any name; what is wrong with the new team is reported below it.
      expect(reported.some((text) => text === pathText(path) || text.startsWith(`${pathText(path)}.`))).toBe(true);
    }),
  );
});

test('property: two faults are reported together', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(leavesOf(fullYml()), { minLength: 2, maxLength: 6 }), (paths) => {
      const content = paths.reduce((before, path) => changed(before, path, FITS_NOWHERE), fullYml());
      const reported = faultsIn(content).map((fault) => fault.path);
      expect(reported).toEqual(expect.arrayContaining(paths.map(pathText)));
    }),
  );
});

test('property: whatever the file holds, it is read or refused, never thrown at', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (source) => {
      const { yml, faults } = parseGoldenYml(source, 'golden.yml');
      expect(yml === undefined).toBe((faults?.length ?? 0) > 0);
    }),
  );
});

function leavesOf(content: unknown): (readonly PropertyKey[])[] {
  return pathsIn(content).filter((path) => typeof valueAt(content, path) !== 'object');
}

function valueAt(content: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((here, part) => (here as Record<PropertyKey, unknown>)[part], content);
}

function isMapping(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
