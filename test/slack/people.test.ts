import { describe, expect, test } from '@jest/globals';
import { FatalError, RetryableError } from '../../src/core/errors.ts';
import { aPace, openRig, type Rig, SCOPES } from './adapters.ts';
import { aTeam } from './build.ts';

const GROUP = 'S0PAYOPS'; // Bob

const team = (users: readonly string[] = ['U0ALICE'], userGroups: readonly string[] = [GROUP]) =>
  aTeam({ approvers: { users, userGroups, required: 1 } });

const change = (rig: Rig, id: string, fields: object): void => {
  Object.assign(rig.slack.state.users.get(id)!, fields);
};

const NOT_COUNTED: [string, object][] = [
  ['was deactivated', { deleted: true }],
  ['is a guest', { is_restricted: true }],
  ['is a guest of one channel', { is_ultra_restricted: true }],
  ['is a bot', { is_bot: true }],
  ['is a stranger', { is_stranger: true }],
  ['is of another workspace', { team_id: 'T0OTHER' }],
];

describe('who approves', () => {
  test('given users and a group, then both are named, each once', async () => {
    await using rig = await openRig();
    expect(await rig.people.approvers(team(['U0ALICE', 'U0BOB']))).toEqual(['U0ALICE', 'U0BOB']);
  });

  test.each(NOT_COUNTED)('given somebody who %s, then they do not count, by name or by group', async (_, fields) => {
    await using rig = await openRig();
    change(rig, 'U0ALICE', fields);
    change(rig, 'U0BOB', fields);
    expect(await rig.people.approvers(team())).toEqual([]);
    expect(await rig.people.isApprover(team(), 'U0ALICE')).toBe(false);
    expect(await rig.people.isApprover(team(), 'U0BOB')).toBe(false);
    expect(await rig.people.teamsOf('U0BOB', [team()])).toEqual([]);
  });

  test('given somebody nobody knows, and a group that is gone, then the others are named', async () => {
    await using rig = await openRig();
    expect(await rig.people.approvers(team(['U0NOBODY', 'U0ALICE'], ['S0GONE']))).toEqual(['U0ALICE']);
  });

  test('given many teams of one person, then Slack is asked twice', async () => {
    await using rig = await openRig();
    const teams = Array.from({ length: 50 }, (_, i) => ({ ...team([]), name: `team-${i}` }));
    expect(await rig.people.teamsOf('U0BOB', [...teams, { ...team(['U0CAROL'], []), name: 'other' }])).toEqual(teams);
    expect([rig.called('usergroups.list'), rig.called('users.info')]).toEqual([1, 1]);
  });

  test('given somebody of no team, then nobody asks who they are', async () => {
    await using rig = await openRig();
    expect(await rig.people.teamsOf('U0CAROL', [team([], [])])).toEqual([]);
    expect(rig.called('users.info')).toBe(0);
  });
});

describe('for how long it is known', () => {
  test('given a second question within a minute, then Slack is not asked; after it, it is', async () => {
    let now = 0;
    await using rig = await openRig({ people: { now: () => now } });
    await rig.people.approvers(team());
    change(rig, 'U0ALICE', { deleted: true });
    now = 59_999;
    expect(await rig.people.approvers(team())).toEqual(['U0ALICE', 'U0BOB']);
    now = 60_000;
    expect(await rig.people.approvers(team())).toEqual(['U0BOB']);
  });

  test('given questions at once, then Slack is asked once', async () => {
    await using rig = await openRig();
    await Promise.all([1, 2, 3].map(() => rig.people.approvers(team())));
    expect([rig.called('usergroups.list'), rig.called('users.info')]).toEqual([1, 2]);
  });

  test('given that a group changed, then it is asked for anew', async () => {
    await using rig = await openRig();
    await rig.people.approvers(team());
    rig.slack.state.groups.get(GROUP)!.users = ['U0CAROL'];
    rig.people.forgetGroups();
    expect(await rig.people.approvers(team())).toEqual(['U0ALICE', 'U0CAROL']);
  });

  test('given a failure, then it is not remembered', async () => {
    await using rig = await openRig();
    rig.slack.faults.plant({ kind: 'http-error', method: 'usergroups.list', status: 500 });
    await expect(rig.people.approvers(team())).rejects.toThrow(RetryableError);
    expect(await rig.people.approvers(team())).toEqual(['U0ALICE', 'U0BOB']);
  });
});

describe('whether somebody may decide now', () => {
  test.each([
    ['named', 'U0ALICE', true],
    ['in the group', 'U0BOB', true],
    ['neither', 'U0CAROL', false],
  ])('given somebody who is %s, then it is said', async (_, user, expected) => {
    await using rig = await openRig();
    expect(await rig.people.isApprover(team(), user)).toBe(expected);
  });

  test('given what was known a moment ago, then it does not count', async () => {
    await using rig = await openRig();
    await rig.people.approvers(team());
    rig.slack.state.groups.get(GROUP)!.users = [];
    change(rig, 'U0ALICE', { deleted: true });
    expect(await rig.people.isApprover(team(), 'U0BOB')).toBe(false);
    expect(await rig.people.isApprover(team(), 'U0ALICE')).toBe(false);
  });

  test('given a group that is gone, then nobody of it may decide, and whoever runs Golden is told', async () => {
    await using rig = await openRig();
    await expect(rig.people.isApprover(team([], ['S0GONE']), 'U0BOB')).rejects.toThrow(FatalError);
    expect(await rig.people.isApprover(team(['U0ALICE'], ['S0GONE']), 'U0ALICE')).toBe(true);
    expect(await rig.people.isApprover(team([], ['S0GONE', GROUP]), 'U0BOB')).toBe(true);
  });

  test.each([
    ['Slack is busy', { kind: 'rate-limit', method: 'usergroups.users.list', retryAfterSec: 9 }, RetryableError],
    ['Slack is down', { kind: 'http-error', method: 'usergroups.users.list', status: 503 }, RetryableError],
    ['the answer is lost', { kind: 'lost-answer', method: 'users.info' }, RetryableError],
    ['Slack does not say who we are', { kind: 'http-error', method: 'auth.test', status: 500 }, RetryableError],
    ['the token is revoked', { kind: 'refuse', method: 'users.info', error: 'token_revoked' }, FatalError],
    ['Slack refuses', { kind: 'refuse', method: 'usergroups.users.list', error: 'plan_upgrade_required' }, FatalError],
  ] as const)('given that %s, then nobody may', async (_, fault, kind) => {
    await using rig = await openRig();
    rig.slack.faults.plant(fault);
    await expect(rig.people.isApprover(team([]), 'U0BOB')).rejects.toThrow(kind);
  });

  test.each(['usergroups:read', 'users:read'])('given that %s is missing, then nobody may', async (missing) => {
    await using rig = await openRig({ scopes: SCOPES.filter((scope) => scope !== missing) });
    await expect(rig.people.isApprover(team([]), 'U0BOB')).rejects.toThrow(missing);
  });

  test('given 429, then every replica waits as long as Slack asks, and the person is told for how long', async () => {
    await using rig = await openRig();
    rig.slack.faults.plant({ kind: 'rate-limit', method: 'users.info', retryAfterSec: 9 });
    await expect(rig.people.isApprover(team(), 'U0ALICE')).rejects.toMatchObject({ retryAfterMs: 9_000 });
    expect(rig.pace.held).toEqual([['slack:users', 9_000]]);
  });

  test('given no turn soon, then nobody may', async () => {
    await using rig = await openRig({ pace: aPace(60_000) });
    await expect(rig.people.isApprover(team(), 'U0ALICE')).rejects.toMatchObject({ retryAfterMs: 60_000 });
  });

  test.each([
    ['of this workspace as well', { enterprise_user: { teams: ['T0GOLDEN'] } }, true],
    ['of another one alone', { enterprise_user: { teams: ['T0OTHER'] } }, false],
  ])('given somebody of an organisation who is %s, then that decides', async (_, fields, expected) => {
    await using rig = await openRig();
    change(rig, 'U0ALICE', { team_id: 'T0HOME', ...fields });
    expect(await rig.people.isApprover(team(), 'U0ALICE')).toBe(expected);
  });

  test.each([
    ['the same organisation', 'E1', true],
    ['another organisation', 'E2', false],
  ])('given an app of a whole organisation, when somebody is of %s, then that decides', async (_, id, expected) => {
    const identity = async () => ({ team: '', enterprise: 'E1', forOrganisation: true, bot: {} });
    await using rig = await openRig({ people: { identity } });
    change(rig, 'U0ALICE', { team_id: 'T0HOME', enterprise_user: { enterprise_id: id } });
    expect(await rig.people.isApprover(team(), 'U0ALICE')).toBe(expected);
  });
});

describe('time zones', () => {
  test.each([
    ['somebody', 'U0CAROL', 'Asia/Kolkata'],
    ['somebody who left', 'U0GONE', undefined],
    ['nobody', 'U0NOBODY', undefined],
  ])('given %s, then it is what Slack says', async (_, user, expected) => {
    await using rig = await openRig();
    expect(await rig.people.timeZone(user)).toBe(expected);
  });

  test('given a Slack that does not answer, then there is none', async () => {
    await using rig = await openRig();
    rig.slack.faults.plant({ kind: 'http-error', method: 'users.info', status: 500 });
    expect(await rig.people.timeZone('U0CAROL')).toBeUndefined();
  });
});
