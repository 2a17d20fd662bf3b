import { expect, test } from '@jest/globals';
import { faultText } from '../../src/config/faults.ts';
import { parseGoldenYml } from '../../src/config/file.ts';
import { platformDigestOf, policyOf, scopeOf, teamsOf } from '../../src/config/policy.ts';
import { changed, faultsIn, fullYml, GALLERY, GUID, IMAGES, leastYml, readYml } from './build.ts';

test('given every key of the contract, when the file is read, then each reaches the policy', () => {
  const policy = policyOf(readYml(fullYml()));
  expect(policy).toEqual({
    golden: [
      {
        kind: 'gallery',
        gallery: GALLERY,
        definitions: ['ubuntu-*', 'win2022'],
        replaces: [{ publisher: 'canonical', offer: 'ubuntu-*', sku: '*' }, { managedImage: '*/images/old-base-*' }],
        freshness: { graceDays: 30, versionsBehind: 1, maxAgeDays: 90 },
      },
      { kind: 'managedImage', managedImage: `${IMAGES}/web-base-*` },
      { kind: 'marketplace', publisher: 'canonical', offer: 'ubuntu-24_04-lts', sku: '*' },
    ],
    revoked: [
      {
        version: '.../galleries/corp/images/ubuntu-22/versions/1.4.0',
        reason: 'CVE-2026-1111',
        at: new Date('2026-10-01T00:00:00Z'),
      },
    ],
    exemptions: [
      { machine: '*/virtualMachines/license-*', reason: 'licensed as it is', until: new Date('2027-03-31T00:00:00Z') },
    ],
  });
});

test('given every key of the contract, when the file is read, then each reaches the team', () => {
  expect(teamsOf(readYml(fullYml()))).toEqual([
    {
      name: 'team-x',
      match: { tags: { team: 'team-x' }, subscriptions: [GUID], resourceGroups: ['rg-x-*'] },
      channel: 'C0123456789',
      kind: 'cattle',
      wiki: 'https://wiki.example.com/golden',
      approvers: { users: ['U1'], userGroups: ['S1'], required: 1 },
      digest: {
        day: 'monday',
        time: '09:00',
        timezone: 'Europe/Berlin',
        catchUpHours: 24,
        escalateAfterWeeks: 4,
      },
    },
  ]);
});

test('given digests of all teams in common, when a team writes its own, then its own words win', () => {
  const shared = { day: 'friday', time: '16:00', timezone: 'UTC', catchUpHours: 6, escalateAfterWeeks: 2 };
  const own = { ...fullYml(), digest: shared };
  expect(teamsOf(readYml(own))[0]?.digest).toEqual({
    day: 'monday',
    time: '09:00',
    timezone: 'Europe/Berlin',
    catchUpHours: 6,
    escalateAfterWeeks: 2,
  });
  const silent = changed(own, ['teams', 'team-x', 'digest'], undefined);
  expect(teamsOf(readYml(silent))[0]?.digest).toEqual(shared);
  expect(platformDigestOf(readYml(silent))).toEqual(shared);
  expect(platformDigestOf(readYml(leastYml()))).toEqual({
    day: 'monday',
    time: '10:00',
    timezone: 'UTC',
    catchUpHours: 24,
    escalateAfterWeeks: 4,
  });
});

test('given the least file, when it is read, then the defaults of the contract hold', () => {
  const yml = readYml(leastYml());
  expect(scopeOf(yml)).toEqual({ kind: 'everything' });
  expect(policyOf(yml)).toMatchObject({
    golden: [{ definitions: undefined, replaces: [], freshness: { graceDays: 14, versionsBehind: 0, maxAgeDays: 60 } }],
    revoked: [],
    exemptions: [],
  });
  expect(teamsOf(yml)).toMatchObject([
    { kind: 'cattle', channel: undefined, approvers: { users: [], userGroups: [], required: 1 }, digest: undefined },
  ]);
});

test('given one number of freshness under an entry, when the file is read, then the others come from images.freshness', () => {
  const content = changed(fullYml(), ['images', 'golden', 0, 'freshness'], { versionsBehind: 3 });
  expect(policyOf(readYml(content)).golden[0]).toMatchObject({
    freshness: { graceDays: 7, versionsBehind: 3, maxAgeDays: 60 },
  });
});

test.each([
  [{ managementGroups: ['platform', 'corp'] }, { kind: 'managementGroups', ids: ['platform', 'corp'] }],
  [{ subscriptions: [GUID, GUID.toUpperCase()] }, { kind: 'subscriptions', ids: [GUID] }],
  [{}, { kind: 'everything' }],
  [null, { kind: 'everything' }],
])('given azure: %j, when the file is read, then the scope is what it names', (azure, scope) => {
  expect(scopeOf(readYml({ ...leastYml(), azure }))).toEqual(scope);
});

test.each<[readonly PropertyKey[], unknown]>([
  [['images', 'golden', 0, 'gallery'], `${GALLERY}/`],
  [['images', 'golden', 0, 'gallery'], GALLERY.toUpperCase()],
  [['images', 'golden', 1, 'managedImage'], '.../images/web-*'],
  [['images', 'revoked', 0, 'version'], `${GALLERY}/images/ubuntu-22/versions/1.4.0`],
  [['images', 'revoked', 0, 'version'], '*/images/ubuntu-22/versions/1.*'],
  [['images', 'revoked', 0, 'version'], `${IMAGES}/web-base-1`],
  [['images', 'revoked', 0, 'version'], '/CommunityGalleries/corp-1a2b/Images/ubuntu/Versions/1.0.0'],
  [['images', 'revoked', 0, 'at'], '2026-10-01T12:00:00+02:00'],
  [['teams', 'team-x', 'channel'], 'G0123456789'],
  [['teams', 'team-x', 'approvers', 'users'], ['W0123456789']],
  [['teams', 'team-x', 'digest', 'timezone'], 'UTC'],
  [['teams', 'team-x', 'digest', 'day'], 'Sunday'],
  [['teams', 'team-x', 'kind'], 'pet'],
  [['teams', 'team-x', 'wiki'], 'http://wiki.example.com'],
  [['teams', 'team-x', 'match', 'resourceGroups'], ['RG_Größe(1).*']],
])('given %j is %j, when the file is read, then it is accepted', (path, value) => {
  expect(faultsIn(changed(fullYml(), path, value)).map(faultText)).toEqual([]);
});

test.each<[string, readonly PropertyKey[], unknown]>([
  ['azure.managementGroups', ['azure', 'managementGroups'], []],
  ['azure.managementGroups[0]', ['azure', 'managementGroups', 0], 'my group'],
  ['azure', ['azure', 'subscriptions'], [GUID]],
  ['azure.subscriptions[0]', ['azure'], { subscriptions: ['11111111-2222-3333-4444-55555555555'] }],
  ['images', ['images'], undefined],
  ['images.golden', ['images', 'golden'], []],
  ['images.golden[0].galery', ['images', 'golden', 0], { galery: GALLERY }],
  ['images.golden[0].gallery', ['images', 'golden', 0, 'gallery'], `${GALLERY}*`],
  ['images.golden[0].gallery', ['images', 'golden', 0, 'gallery'], `${GALLERY}/images/ubuntu-22`],
  ['images.golden[0].gallery', ['images', 'golden', 0, 'gallery'], GALLERY.replace(GUID, 'guid')],
  ['images.golden[0].definitions', ['images', 'golden', 0, 'definitions'], []],
  ['images.golden[0].definitions[1]', ['images', 'golden', 0, 'definitions', 1], 'win20[12]2'],
  ['images.golden[0].replaces[0].oferr', ['images', 'golden', 0, 'replaces', 0, 'oferr'], 'x'],
  ['images.golden[0].freshness.graceDays', ['images', 'golden', 0, 'freshness', 'graceDays'], -1],
  ['images.golden[1].freshness', ['images', 'golden', 1, 'freshness'], { graceDays: 1 }],
  ['images.golden[1].managedImage', ['images', 'golden', 1, 'managedImage'], '.../galleries/corp/images/web'],
  ['images.golden[2].marketplace.sku', ['images', 'golden', 2, 'marketplace', 'sku'], undefined],
  ['images.freshness.maxAgeDays', ['images', 'freshness', 'maxAgeDays'], 'sixty'],
  ['images.freshness.versionsBehind', ['images', 'freshness', 'versionsBehind'], 0.5],
  ['images.revoked[0].version', ['images', 'revoked', 0, 'version'], '1.4.0'],
  ['images.revoked[0].reason', ['images', 'revoked', 0, 'reason'], undefined],
  ['images.revoked[0].at', ['images', 'revoked', 0, 'at'], '2026-02-30'],
  ['images.revoked[0].at', ['images', 'revoked', 0, 'at'], '2026-10-01T12:00:00'],
  ['teams', ['teams'], {}],
  ['teams["bad/name"]', ['teams', 'bad/name'], { match: { tags: { a: 'b' } } }],
  ['teams.TEAM-X', ['teams', 'TEAM-X'], { match: { tags: { a: 'b' } } }],
  ['teams.team-x.match', ['teams', 'team-x', 'match'], undefined],
  ['teams.team-x.match', ['teams', 'team-x', 'match'], { tags: {}, subscriptions: [], resourceGroups: [] }],
  ['teams.team-x.match.tags.code', ['teams', 'team-x', 'match', 'tags', 'code'], 42],
  ['teams.team-x.match.resourceGroups[0]', ['teams', 'team-x', 'match', 'resourceGroups', 0], '/subscriptions/x'],
  ['teams.team-x.channel', ['teams', 'team-x', 'channel'], '#general'],
  ['teams.team-x.kind', ['teams', 'team-x', 'kind'], 'dog'],
  ['teams.team-x.wiki', ['teams', 'team-x', 'wiki'], 'javascript:alert(1)'],
  ['teams.team-x.approvers.users[0]', ['teams', 'team-x', 'approvers', 'users', 0], 'bob'],
  ['teams.team-x.approvers.userGroups[0]', ['teams', 'team-x', 'approvers', 'userGroups', 0], 'U1'],
  ['teams.team-x.approvers.required', ['teams', 'team-x', 'approvers', 'required'], 0],
  ['teams.team-x.approvers', ['teams', 'team-x', 'approvers'], { users: ['U1'], required: 2 }],
  ['teams.team-x.digest.day', ['teams', 'team-x', 'digest', 'day'], 'mon'],
  ['teams.team-x.digest.time', ['teams', 'team-x', 'digest', 'time'], '24:00'],
  ['teams.team-x.digest.timezone', ['teams', 'team-x', 'digest', 'timezone'], 'Europe/Berln'],
  ['teams.team-x.digest.timezone', ['teams', 'team-x', 'digest', 'timezone'], '+02:00'],
  ['teams.team-x.digest', ['teams', 'team-x', 'channel'], undefined],
  ['teams.team-x.digest.day', ['teams', 'team-x', 'digest', 'day'], undefined],
  ['teams.team-x.digest.catchUpHours', ['teams', 'team-x', 'digest', 'catchUpHours'], -1],
  ['teams.team-x.digest.escalateAfterWeeks', ['teams', 'team-x', 'digest', 'escalateAfterWeeks'], 0],
  ['digest.timezone', ['digest'], { timezone: 'Berlin' }],
  ['exemptions[0].machine', ['exemptions', 0, 'machine'], 'web-01'],
  ['exemptions[0].until', ['exemptions', 0, 'until'], 'tomorrow'],
  ['platform.channel', ['platform', 'channel'], 'platform'],
])('%s is reported, alone, when %j is %j', (reported, path, value) => {
  const faults = faultsIn(changed(fullYml(), path, value));
  expect(faults.map((fault) => fault.path)).toEqual([reported]);
  expect(faults[0]?.remedy).toMatch(/^[A-Z].*[.?]/);
});

test('given a misspelt key, when the file is read, then the key that was meant is named, with the line', () => {
  const source = 'images: { golden: [] }\nteams:\n  team-x:\n    chanel: C1\n';
  const lines = (parseGoldenYml(source, 'my.yml').faults ?? []).map(faultText);
  expect(lines).toContainEqual(
    expect.stringMatching(/^teams\.team-x\.chanel \(my\.yml:4:5\) .* Did you mean channel\?/),
  );
});

test('given a key __proto__ anywhere, when the file is read, then it is refused like any other unknown key', () => {
  const source = 'teams:\n  x: { match: { tags: { "__proto__": a, t: b } } }\n';
  const paths = (parseGoldenYml(source, 'my.yml').faults ?? []).map(({ path }) => path);
  expect(paths).toContain('teams.x.match.tags.__proto__');
});

test.each([
  ['a: [1\nb: 2', 'my.yml:2:1'],
  ['teams:\n  x: 1\n  x: 2\n', 'my.yml:3:3'],
  ['teams: !!js/function "x"\n', 'my.yml:1:8'],
  ['a: 1\n---\nb: 2\n', 'my.yml:2:1'],
])('given %j, which is not valid YAML, when it is read, then line and column are told', (source, place) => {
  const [fault] = parseGoldenYml(source, 'my.yml').faults ?? [];
  expect(fault).toMatchObject({ place, problem: expect.stringContaining('not valid YAML') });
});

test('given a bomb of aliases, when the file is read, then it is refused', () => {
  const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`);
  const { faults } = parseGoldenYml(['l0: &l0 [x]', ...levels].join('\n'), 'my.yml');
  expect(faults).toMatchObject([{ problem: 'has too many aliases' }]);
});

test('given a value with control characters, when it is reported, then it stays on its line and steers no terminal', () => {
  const [fault] = faultsIn(changed(fullYml(), ['teams', 'team-x', 'kind'], 'dog\n\u001b[31m'));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is what is tested
  expect(fault && faultText(fault)).not.toMatch(/[\u0000-\u001f]/);
});
