import type { WebClient } from '@slack/web-api';
import type { Finding, Probe } from './probe.ts';
import { asking } from './slack-call.ts';

/** Looks at a channel: it is there, in use, and the bot is in it or can join it. @param whose For people. */
export function channelProbe(web: WebClient, id: string, whose: string): Probe {
  const name = `Slack channel ${id} of ${whose}`;
  const remedy = `Correct the channel's id in golden.yml; if the channel is private, invite the bot there: /invite @golden.`;
  return {
    name,
    remedy,
    look: () =>
      asking(name, remedy, async () => {
        const { channel } = await web.conversations.info({ channel: id });
        const called = `#${channel?.name ?? id}`;
        if (channel?.is_archived) {
          return [
            {
              name,
              state: 'missing',
              detail: `${called} is archived`,
              remedy: 'Unarchive it, or name another channel in golden.yml.',
            },
          ];
        }
        if (channel?.is_member) return [{ name, state: 'ok', detail: called }];
        if (channel?.is_private)
          return [
            {
              name,
              state: 'missing',
              detail: `the bot is not in ${called}`,
              remedy: 'Invite it there: /invite @golden.',
            },
          ];
        return [{ name, state: 'ok', detail: `${called}, which the bot can join` }];
      }),
  };
}

/** Looks at an approver: an active person of this workspace. */
export function userProbe(web: WebClient, id: string): Probe {
  const name = `Slack user ${id}`;
  const remedy = 'Correct the id under approvers.users in golden.yml.';
  return {
    name,
    remedy,
    look: () =>
      asking(name, remedy, async () => {
        const { user } = await web.users.info({ user: id });
        const bar = user?.deleted
          ? 'is deactivated'
          : user?.is_bot
            ? 'is a bot'
            : user?.is_restricted || user?.is_ultra_restricted
              ? 'is a guest'
              : undefined;
        const called = user?.real_name ?? user?.name ?? id;
        const finding: Finding =
          bar === undefined
            ? { name, state: 'ok', detail: called }
            : {
                name,
                state: 'missing',
                detail: `${called} ${bar} and cannot approve`,
                remedy: 'Name somebody else in golden.yml.',
              };
        return [finding];
      }),
  };
}

/** Looks at a group of approvers: it is there and has members. */
export function userGroupProbe(web: WebClient, id: string): Probe {
  const name = `Slack user group ${id}`;
  const remedy = 'Correct the id under approvers.userGroups in golden.yml; free workspaces have no user groups.';
  return {
    name,
    remedy,
    look: () =>
      asking(name, remedy, async () => {
        const { users = [] } = await web.usergroups.users.list({ usergroup: id });
        if (users.length === 0)
          return [{ name, state: 'missing', detail: 'has no members', remedy: 'Add people to the group in Slack.' }];
        return [{ name, state: 'ok', detail: `${users.length} member${users.length === 1 ? '' : 's'}` }];
      }),
  };
}
