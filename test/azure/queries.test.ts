import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { catalogueQuery } from '../../src/azure/catalogue-query.ts';
import {
  allSubscriptionTagsQuery,
  type CensusSource,
  censusGroupQuery,
  censusMemberQuery,
  censusTotalQuery,
  plainGroupQuery,
  plainMemberQuery,
} from '../../src/azure/census-queries.ts';
import { anyOf, matchesGlobCondition, quote, tuple } from '../../src/azure/kql.ts';
import {
  groupQuery,
  type MachineSource,
  type MachineTables,
  namedQuery,
  rowQuery,
  subscriptionTagQuery,
} from '../../src/azure/machine-queries.ts';
import { ownersOf } from '../../src/azure/owners.ts';
import { GALLERY, SUBSCRIPTION, teamOf } from '../core/build.ts';
import { analyse, literalValue } from './kusto.ts';

/** Tabular operators that Resource Graph documents, as the language service calls them. */
const DOCUMENTED = [
  'CountOperator',
  'DistinctOperator',
  'ExtendOperator',
  'JoinOperator',
  'TakeOperator',
  'MvExpandOperator',
  'SortOperator',
  'ParseOperator',
  'ProjectOperator',
  'ProjectAwayOperator',
  'SummarizeOperator',
  'TopOperator',
  'UnionOperator',
  'FilterOperator',
];

const match = {
  tags: { team: "team-x's", 'cost centre': 'ü"\\' },
  subscriptions: [SUBSCRIPTION],
  resourceGroups: ['rg-x-*', 'exact', '*-prod', '.../x'],
};
const exemptions = [
  { machine: '*/virtualMachines/legacy-*', reason: '', until: undefined },
  { machine: '/subscriptions/x', reason: '', until: undefined },
];
const split = { column: 'region' as const, values: ['westeurope', ''], exclude: true };

const source = (tables: MachineTables): MachineSource => ({ tables, subscriptionTags: 'joined' });
const BOTH = source('both');
const NAMED: MachineSource = { tables: 'computeresources', subscriptionTags: new Map([['team', [SUBSCRIPTION]]]) };

const owners = ownersOf([
  teamOf({ match }),
  ...Array.from({ length: 70 }, (_, index) =>
    teamOf({ match: { tags: { [`tag ${index}`]: `${index}` }, subscriptions: [], resourceGroups: [`*-${index}`] } }),
  ),
]);
const nobody = ownersOf([]);
const CENSUS_NAMED: CensusSource = {
  tables: 'resources',
  subscriptionTags: new Map([['team', new Map([["team-x's", [SUBSCRIPTION]]])]]),
};
const CENSUS: CensusSource = { tables: 'both', subscriptionTags: 'joined' };
const portion = "id endswith '1'";

const queries: readonly [string, string][] = [
  ['groups of both tables', groupQuery(match, exemptions, BOTH)],
  ['groups of resources', groupQuery(match, [], source('resources'))],
  ['groups of computeresources', groupQuery(match, exemptions, source('computeresources'))],
  ['groups without tags', groupQuery({ tags: {}, subscriptions: [SUBSCRIPTION], resourceGroups: [] }, [], BOTH)],
  ['groups in parts', groupQuery(match, [], BOTH, [split, { ...split, exclude: false }])],
  ['rows', rowQuery({ match, kind: 'pet' }, exemptions, BOTH, [['a|b', "c'"], [], ['d']])],
  ['rows, nothing urgent', rowQuery({ match, kind: 'pet' }, [], BOTH, [])],
  ['a name', namedQuery("x' or 1 == 1 //", exemptions, BOTH)],
  ['groups where subscriptions are named', groupQuery(match, exemptions, NAMED)],
  ['a name where subscriptions are not joined', namedQuery('x', [], NAMED)],
  ['subscriptions with a tag', subscriptionTagQuery(match)],
  ['all groups', censusGroupQuery(owners, exemptions, CENSUS)],
  ['all groups of no team', censusGroupQuery(nobody, [], CENSUS)],
  ['all groups where subscriptions are named', censusGroupQuery(owners, exemptions, CENSUS_NAMED, portion)],
  ['the number of all machines', censusTotalQuery('both')],
  ['members', censusMemberQuery(owners, exemptions, CENSUS, { names: ['a|b', "c'"], exclude: false })],
  ['members of other keys', censusMemberQuery(nobody, [], CENSUS_NAMED, { names: ['a'], exclude: true }, portion)],
  ['all groups, plain', plainGroupQuery(owners, exemptions, CENSUS, [])],
  ['some groups, plain', plainGroupQuery(nobody, [], CENSUS_NAMED, [{ ...split, column: 'owner' }])],
  ['members, plain', plainMemberQuery(owners, exemptions, CENSUS, ['a|b', "c'"])],
  ['all subscriptions', allSubscriptionTagsQuery()],
  ['the catalogue', catalogueQuery([GALLERY], [])],
  ['the catalogue and subscriptions', catalogueQuery([GALLERY, `${GALLERY}2`], [SUBSCRIPTION])],
  ['subscriptions alone', catalogueQuery([], [SUBSCRIPTION])],
];

describe.each(queries)('the query for %s', (_name, query) => {
  const { faults, operators } = analyse(query);

  test('is correct KQL over the columns of Resource Graph', () => {
    expect(faults).toEqual([]);
  });

  test('uses nothing but documented operators', () => {
    expect(operators.length).toBeGreaterThan(1);
    expect(operators.filter((operator) => !DOCUMENTED.includes(operator))).toEqual([]);
  });

  test('keeps to three joins and unions, and to no limit that would cost the skip token', () => {
    expect((query.match(/\| (?:join|union) /g) ?? []).length).toBeLessThanOrEqual(3);
    expect(operators).not.toContain('TakeOperator');
  });
});

describe('a quoted value', () => {
  test('means itself to the language service, whatever it holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what quote drops
        const printable = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u2028\u2029]/g, '');
        expect(literalValue(quote(text))).toBe(printable);
      }),
      { numRuns: 300 },
    );
  });

  test('never ends early', () => {
    expect(quote("a'b\\")).toBe("'a\\'b\\\\'");
    expect(analyse(`resources | where name == ${quote("' | union resources //")}`).operators).toEqual([
      'FilterOperator',
    ]);
  });

  test('an empty list is refused rather than written', () => {
    expect(() => tuple([])).toThrow(RangeError);
    expect(anyOf([])).toBe('false');
  });
});

test.each([
  ['rg-x', "resourceGroup =~ 'rg-x'"],
  ['rg-x-*', "resourceGroup startswith 'rg-x-'"],
  ['*-x', "tolower(resourceGroup) matches regex '^.*-x$'"],
  ['...-x', "tolower(resourceGroup) matches regex '^.*-x$'"],
])('the glob %s becomes %s', (glob, condition) => {
  expect(matchesGlobCondition('resourceGroup', glob)).toBe(condition);
});
