import { expect, test } from '@jest/globals';
import { DEFAULT_LIMITS } from '../../../sandbox/azure/kql/context.ts';
import { QueryError } from '../../../sandbox/azure/kql/errors.ts';
import { answer, estateOf } from './support.ts';

const machines = estateOf(
  { name: 'a', location: 'eu', tags: { n: 1 }, properties: { list: [1, 2, 3] } },
  { name: 'b', location: 'eu', tags: { n: 2 }, properties: { list: [] } },
  { name: 'c', location: 'us', tags: null, properties: {} },
);

// biome-ignore format: a line a case, where it fits
const cases: [query: string, rows: unknown[]][] = [
  ['resources | count', [{ Count: 3 }]],
  ['Resources | where name != "a" | project name', [{ name: 'b' }, { name: 'c' }]],
  ['where name == "a" | project name', [{ name: 'a' }]],
  ['resources | distinct location | order by location asc', [{ location: 'eu' }, { location: 'us' }]],
  ['resources | project name, name2 = strcat(name, "!") | take 1', [{ name: 'a', name2: 'a!' }]],
  ['resources | project name, location | extend location = toupper(location), x = 1 | limit 1', [{ name: 'a', location: 'EU', x: 1 }]],
  ['resources | project name, location, kind | project-away k*, loc* | take 1', [{ name: 'a' }]],
  ['resources | top 2 by name desc | project name', [{ name: 'c' }, { name: 'b' }]],
  ['resources | extend n = toint(tags.n) | order by n asc | project n', [{ n: null }, { n: 1 }, { n: 2 }]],
  ['resources | extend n = toint(tags.n) | order by n | project n', [{ n: 2 }, { n: 1 }, { n: null }]],
  ['resources | extend n = toint(tags.n) | sort by n desc nulls first | project n', [{ n: null }, { n: 2 }, { n: 1 }]],
  ['resources | order by location desc, name asc | project name', [{ name: 'c' }, { name: 'a' }, { name: 'b' }]],
  // summarize
  ['resources | summarize count() by location', [{ location: 'eu', count_: 2 }, { location: 'us', count_: 1 }]],
  ['resources | where name == "none" | summarize count(), m = max(name)', [{ count_: 0, m: '' }]],
  ['resources | where name == "none" | summarize count() by name', []],
  ['resources | summarize n = sum(toint(tags.n)), avg(toint(tags.n)), countif(name != "a"), dcount(location)', [{ n: 3, avg_tags_n: 1.5, countif_: 2, dcount_location: 2 }]],
  ['resources | summarize l = make_list(name), s = make_set(location)', [{ l: ['a', 'b', 'c'], s: ['eu', 'us'] }]],
  ['resources | summarize arg_max(name, location) by location', [{ location: 'eu', name: 'b', location1: 'eu' }, { location: 'us', name: 'c', location1: 'us' }]],
  ['resources | project name, location | summarize arg_min(name, *) by location', [{ location: 'eu', name: 'a' }, { location: 'us', name: 'c' }]],
  ['resources | summarize share = 100 * countif(location == "eu") / count()', [{ share: 66 }]],
  ['resources | summarize names = strcat_array(make_list(name), ",") by bin(strlen(location), 10)', [{ strlen_location: 0, names: 'a,b,c' }]],
  ['resources | summarize make_set_if(name, location == "eu", 1)', [{ set_name: ['a'] }]],
  ['resources | summarize b = make_bag(tags)', [{ b: { n: 1 } }]],
  // mv-expand
  ['resources | where name == "a" | mv-expand x = properties.list | project x', [{ x: 1 }, { x: 2 }, { x: 3 }]],
  ['resources | where name != "a" | mv-expand x = properties.list | project name, x', [{ name: 'b', x: null }, { name: 'c', x: null }]],
  ['resources | where name == "a" | mv-expand with_itemindex = i x = properties.list to typeof(string) limit 2 | project i, x', [{ i: 0, x: '1' }, { i: 1, x: '2' }]],
  // parse
  ['resources | take 1 | parse id with * "/resourceGroups/" group "/providers/" * | project group', [{ group: 'RG-Web' }]],
  ['resources | take 1 | parse name with "x" rest | project rest', [{ rest: '' }]],
  ['resources | take 1 | parse "v=12;" with "v=" n:long ";" | project n', [{ n: 12 }]],
  // join
  [
    'resources | project name, location | join kind=leftouter (resources | where location == "eu" | project name, n = toint(tags.n)) on name | project-away name1',
    [{ name: 'a', location: 'eu', n: 1 }, { name: 'b', location: 'eu', n: 2 }, { name: 'c', location: 'us', n: null }],
  ],
  ['resources | project location | join (resources | project location, name) on location | project name | order by name asc', [{ name: 'a' }, { name: 'b' }, { name: 'c' }]],
  ['resources | project location | join kind=inner (resources | project location, name) on location | count', [{ Count: 5 }]],
  ['resources | project x = name | join kind=inner (resources | project name, location) on $left.x == $right.name, $left.x == $right.name | count', [{ Count: 3 }]],
  [
    'resources | where name == "a" | project name | join kind=fullouter (resources | where name == "b" | project name) on name',
    [{ name: 'a', name1: '' }, { name: '', name1: 'b' }],
  ],
  // union
  ['resources | where name == "a" | project name | union (resources | where name == "b" | project name, location)', [{ name: 'a', location: '' }, { name: 'b', location: 'eu' }]],
  ['resources | project x = name | union kind=inner (resources | project x = 1) | summarize count()', [{ count_: 6 }]],
  ['resources | take 1 | project x = name | union (resources | take 1 | project x = 1)', [{ x_string: 'a', x_long: null }, { x_string: '', x_long: 1 }]],
  ['resources | take 1 | project name | union withsource=t (computeresources | project name)', [{ t: 'resources', name: 'a' }]],
];

test.each(cases)('%s', async (query, rows) => {
  const found = await answer(query, machines);

  expect(found).toEqual(rows);
});

const refusals: [query: string, code: string][] = [
  ['resources | where nope == 1', 'Default'],
  ['resources | project tolower(', 'ParserFailure'],
  ['nosuchtable | take 1', 'DisallowedLogicalTableName'],
  ['let x = 1; resources | take x', 'DisallowedLogicalOperator'],
  ['print 1', 'DisallowedLogicalOperator'],
  ['resources | serialize', 'DisallowedLogicalOperator'],
  ['resources | evaluate bag_unpack(tags)', 'DisallowedLogicalOperator'],
  ['resources | mv-apply x = zones on (take 1)', 'DisallowedLogicalOperator'],
  ['resources | project-rename x = name', 'DisallowedLogicalOperator'],
  ['resources | join kind=leftanti (resources) on id', 'UnsupportedJoinFlavor'],
  ['resources | join (resources) on tags', 'Default'],
  ['resources | summarize count() by tags', 'Default'],
  ['resources | order by properties.a', 'Default'],
  ['resources | mv-expand zones limit 401', 'InvalidMvExpandRowLimit'],
  ['resources | extend x = make_guid()', 'Default'],
  ['resources | where name > "a"', 'Default'],
  ['resources | summarize percentile(strlen(name), 50)', 'UnsupportedFunction'],
  ['union res* | count', 'DisallowedLogicalTableName'],
  ['resources | extend x = new_guid()', 'UnsupportedFunction'],
  ['resources | where name matches regex "("', 'InvalidRegex'],
  [`resources ${'| join (resources) on id '.repeat(4)}`, 'DisallowedMaxNumberOfRemoteTables'],
  [`resources ${'| mv-expand zones '.repeat(4)}`, 'DisallowedMaxNumberOfMvExpands'],
];

test.each(refusals)('%s is refused with %s', async (query, code) => {
  const refused = answer(query, machines);

  await expect(refused).rejects.toBeInstanceOf(QueryError);
  await expect(refused).rejects.toMatchObject({ details: [expect.objectContaining({ code })] });
});

test('given strict unions, when a query adds computeresources, then it is refused as documented', async () => {
  const limits = { ...DEFAULT_LIMITS, strictUnion: true };

  const refused = answer('resources | union (computeresources | where name == "x")', machines, limits);
  const turned = answer('computeresources | union (resources)', machines, limits);
  const allowed = answer('resources | union (resourcecontainers)', machines, limits);

  await expect(refused).rejects.toMatchObject({ details: [{ code: 'DisallowedLogicalTableName' }] });
  await expect(turned).rejects.toMatchObject({ details: [{ code: 'DisallowedLogicalTableName' }] });
  await expect(allowed).resolves.toHaveLength(4);
});
