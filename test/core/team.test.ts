import { describe, expect, test } from '@jest/globals';
import { effectiveTag, findTeam, isOwnedBy, teamsOf } from '../../src/core/team.ts';
import { SUBSCRIPTION, teamOf } from './build.ts';

const match = { tags: { Team: ' team-X ' }, subscriptions: [SUBSCRIPTION], resourceGroups: ['rg-x-*'] };
const elsewhere = { subscriptionId: 'other', resourceGroup: 'rg-y', tags: [] };

describe('a machine is a team’s', () => {
  test('by its subscription, its resource group or a tag: any of them', () => {
    expect(isOwnedBy(elsewhere, match)).toBe(false);
    expect(isOwnedBy({ ...elsewhere, subscriptionId: SUBSCRIPTION.toUpperCase() }, match)).toBe(true);
    expect(isOwnedBy({ ...elsewhere, resourceGroup: 'RG-X-prod' }, match)).toBe(true);
    expect(isOwnedBy({ ...elsewhere, tags: [{ ' tEAM ': 'Team-x ' }] }, match)).toBe(true);
  });

  test('by the nearest tag that is set: the machine’s, its group’s, its subscription’s', () => {
    const x = { team: 'team-x' };
    const y = { team: 'team-y' };
    expect(isOwnedBy({ ...elsewhere, tags: [null, x, y] }, match)).toBe(true);
    expect(isOwnedBy({ ...elsewhere, tags: [y, x, x] }, match)).toBe(false);
    expect(isOwnedBy({ ...elsewhere, tags: [{ team: ' ' }, undefined, x] }, match)).toBe(true);
    expect(effectiveTag([{ team: 7 }, { other: 'x' }], 'team')).toBeUndefined();
  });

  test('and may be of several', () => {
    const teams = [teamOf({ name: 'a' }), teamOf({ name: 'b', match: { ...match, tags: {} } }), teamOf({ name: 'c' })];
    const owners = teamsOf({ subscriptionId: SUBSCRIPTION, resourceGroup: 'x', tags: [{ team: 'TEAM-X' }] }, teams);
    expect(owners.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });
});

test('a team is found without regard to case', () => {
  expect(findTeam([teamOf()], ' Team-X ')).toMatchObject({ name: 'team-x' });
  expect(findTeam([teamOf()], 'team')).toBeUndefined();
});
