import type { Asker } from '../src/command.ts';
import { UserError } from '../src/core/errors.ts';
import type { Team } from '../src/core/team.ts';
import type { People } from '../src/ports.ts';

/**
 * Lets nobody pass but an approver of the team, as Slack says at this moment.
 *
 * @param deed What they want to do, to be read after "may".
 * @returns the approver's Slack user id
 * @throws UserError for everybody else, RetryableError where Slack cannot say
 */
export async function approverOnly(team: Team, asker: Asker, people: People, deed: string): Promise<string> {
  if (asker.kind === 'terminal') {
    throw new UserError(
      `Only an approver of ${team.name} may ${deed}.`,
      'Ask in Slack, where it is known who you are.',
    );
  }
  if (await people.isApprover(team, asker.user)) return asker.user;
  const { users, userGroups } = team.approvers;
  throw new UserError(
    `Only an approver of ${team.name} may ${deed}, and you are not one of them.`,
    users.length + userGroups.length === 0
      ? `golden.yml names no approvers for ${team.name}: whoever runs Golden can add some under teams.${team.name}.approvers.`
      : `Ask one of them, or ask whoever runs Golden to add you under teams.${team.name}.approvers.`,
  );
}
