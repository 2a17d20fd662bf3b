import { expect, test } from '@jest/globals';
import { estateOf, evaluated } from './support.ts';

const machine = estateOf({
  name: 'Web-01',
  tags: { Team: ' Payments ', tier: '' },
  zones: ['1', '2'],
  properties: {
    size: 4,
    on: true,
    nothing: null,
    disk: { sizeGB: 30.5 },
    timeCreated: '2026-11-20T11:22:33.1234567+00:00',
  },
});

const cases: [expression: string, value: unknown][] = [
  // equality and text
  [`name == 'web-01'`, false],
  [`name =~ 'web-01'`, true],
  [`name !~ 'WEB-01'`, false],
  [`name in ('web-01', 'x')`, false],
  [`name in~ ('web-01', 'x')`, true],
  [`name !in~ ('web-01')`, false],
  [`name in~ (dynamic(['WEB-01']))`, true],
  [`name has 'web'`, true],
  [`name has 'we'`, false],
  [`name !has 'we'`, true],
  [`name hasprefix 'we'`, true],
  [`name has_any ('x', 'WEB')`, true],
  [`name contains 'EB-0'`, true],
  [`name contains_cs 'EB-0'`, false],
  [`name startswith 'web'`, true],
  [`name startswith_cs 'web'`, false],
  [`name !endswith '01'`, false],
  [`name matches regex @'^[A-Z]\\w+-\\d+$'`, true],
  [`name matches regex '(?i)^WEB'`, true],
  [`4 between (4 .. 5)`, true],
  [`4 !between (5 .. 9)`, true],
  // logic with null: neither true nor false
  [`bool(null) and true`, null],
  [`bool(null) and false`, false],
  [`bool(null) or true`, true],
  [`not(bool(null))`, null],
  // dynamic against other types
  [`properties.size == 4`, true],
  [`properties.size > 3`, true],
  [`properties.size == '4'`, false],
  [`properties.on == true`, true],
  [`properties.nothing == 'x'`, false],
  [`properties.nothing != 'x'`, true],
  [`tags.Team =~ ' payments '`, true],
  [`todatetime(properties.timeCreated) > datetime(2026-11-20)`, true],
  // paths
  [`properties.disk.sizeGB`, 30.5],
  [`properties['disk']['sizeGB']`, 30.5],
  [`properties.no.such.thing`, null],
  [`properties.size.deeper`, null],
  [`tags['team']`, null],
  [`zones[0]`, '1'],
  [`zones[-1]`, '2'],
  [`zones[7]`, null],
  [`tags[strcat('Te', 'am')]`, ' Payments '],
  [`properties.constructor`, null],
  // text of things
  [`tostring(properties.nothing)`, ''],
  [`tostring(properties.disk)`, '{"sizeGB":30.5}'],
  [`tostring(properties.on)`, 'true'],
  [`tostring(dynamic({'a': [1, "b"]}))`, '{"a":[1,"b"]}'],
  [`tostring(12)`, '12'],
  // emptiness
  [`isempty(tags.tier)`, true],
  [`isnull(tags.tier)`, false],
  [`isnull(tags.absent)`, true],
  [`isnotempty(kind)`, false],
  [`isnull(kind)`, false],
  // conversions
  [`toint('12')`, 12],
  [`tolong('x')`, null],
  [`toint(2.9)`, 2],
  [`todouble('2.5')`, 2.5],
  [`tobool('TRUE')`, true],
  [`tobool('maybe')`, null],
  [`todynamic('{"a":1}').a`, 1],
  [`parse_json('no json')`, 'no json'],
  // choice
  [`iff(name has 'web', 'yes', 'no')`, 'yes'],
  [`case(false, 'a', bool(null), 'b', 'c')`, 'c'],
  [`coalesce(tostring(tags.tier), name)`, 'Web-01'],
  [`coalesce(tolong('x'), 7)`, 7],
  // text functions
  [`tolower(trim(@'\\s+', tostring(tags.Team)))`, 'payments'],
  [`trim_start('x+', 'xxaxx')`, 'axx'],
  [`trim_end('x+', 'xxaxx')`, 'xxa'],
  [`toupper(name)`, 'WEB-01'],
  [`strcat(name, '/', 1, '/', properties.nothing)`, 'Web-01/1/'],
  [`strcat_delim('-', 'a', 1)`, 'a-1'],
  [`strcat_array(zones, '+')`, '1+2'],
  [`split('a/b/c', '/')[1]`, 'b'],
  [`substring('abcdef', 2, 3)`, 'cde'],
  [`strlen(name)`, 6],
  [`indexof(name, '-')`, 3],
  [`indexof(name, 'z')`, -1],
  [`extract(@'-(\\d+)', 1, name)`, '01'],
  [`extract('nope', 0, name)`, ''],
  [`extract_all(@'(\\w)-(\\d)', name)`, [['b', '0']]],
  [`replace_string(name, 'Web', 'Api$&')`, 'Api$&-01'],
  [`replace_regex(name, @'(\\w+)-(\\d+)', @'\\2-\\1')`, '01-Web'],
  [`countof('banana', 'an')`, 2],
  [`strcmp('a', 'b')`, -1],
  [`url_decode('a%20b')`, 'a b'],
  // bags and arrays
  [`array_length(zones)`, 2],
  [`bag_keys(tags)`, ['Team', 'tier']],
  [`pack('a', 1, 'b', name)`, { a: 1, b: 'Web-01' }],
  [`pack_array(1, 'x', tags.absent)`, [1, 'x', null]],
  // numbers and time
  [`7 / 2`, 3],
  [`7.0 / 2`, 3.5],
  [`-7 % 4`, -3],
  [`bin(17, 5)`, 15],
  [`datetime_diff('day', now(), ago(36h))`, 1],
  [`datetime_diff('month', datetime(2026-03-01), datetime(2025-12-31))`, 3],
  [`now() - 1d < now()`, true],
  [`tostring(bin(todatetime(properties.timeCreated), 1d))`, '2026-11-20T00:00:00.0000000Z'],
  [`tostring(todatetime(properties.timeCreated))`, '2026-11-20T11:22:33.1234567Z'],
  [`tostring(now() - ago(25h))`, '1.01:00:00'],
  // hostile text stays text
  [String.raw`strcat('a"b\'c', "\\")`, `a"b'c\\`],
];

test.each(cases)('%s is %j', async (expression, value) => {
  const found = await evaluated(expression, machine);

  expect(found).toEqual(value);
});
