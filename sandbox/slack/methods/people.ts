import { Refusal } from '../refusal.ts';
import type { Fields, User, UserGroup } from '../types.ts';
import { flagArg, type Method, type MethodContext, page, requiredText, textArg } from './method.ts';

/** A user as Slack answers one; the locale only when asked for, the time zone not for deactivated ones. */
function userObject(user: User, includeLocale: boolean): Fields {
  const { locale, tz, tz_label, tz_offset, ...rest } = user;
  return {
    ...rest,
    ...(user.deleted ? {} : { tz, tz_label, tz_offset }),
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_email_confirmed: !user.is_bot,
    who_can_share_contact_card: 'EVERYONE',
    ...(includeLocale ? { locale } : {}),
  };
}

const usersInfo: Method = (args, { hub }) => {
  const user = hub.workspace.users.get(requiredText(args, 'user', 'user_not_found'));
  if (!user) throw new Refusal('user_not_found');
  return { user: userObject(user, flagArg(args, 'include_locale')) };
};

const usersList: Method = (args, { hub }) => {
  const { items, metadata } = page([...hub.workspace.users.values()], args, { usual: 1_000 });
  return {
    members: items.map((u) => userObject(u, flagArg(args, 'include_locale'))),
    cache_ts: Math.floor(hub.settings.now() / 1_000),
    response_metadata: metadata,
  };
};

const groupObject = ({ hub }: MethodContext, group: UserGroup, args: Fields): Fields => ({
  id: group.id,
  team_id: hub.workspace.team.id,
  is_usergroup: true,
  is_subteam: true,
  name: group.name,
  description: '',
  handle: group.handle,
  is_external: false,
  date_create: 1_767_225_600,
  date_update: 1_767_225_600,
  date_delete: group.disabled ? 1_767_225_600 : 0,
  auto_type: null,
  created_by: 'U0BOB',
  updated_by: 'U0BOB',
  deleted_by: null,
  prefs: { channels: [], groups: [] },
  ...(flagArg(args, 'include_users') ? { users: group.users } : {}),
  user_count: group.users.length,
});

const groupsList: Method = (args, context) => ({
  usergroups: [...context.hub.workspace.groups.values()]
    .filter((g) => !g.disabled || flagArg(args, 'include_disabled'))
    .map((g) => groupObject(context, g, args)),
});

const groupUsers: Method = (args, { hub }) => {
  const group = hub.workspace.groups.get(requiredText(args, 'usergroup', 'no_such_subteam'));
  if (!group || (group.disabled && !flagArg(args, 'include_disabled'))) throw new Refusal('no_such_subteam');
  return { users: [...group.users] };
};

const botsInfo: Method = (args, { hub }) => {
  const { bot } = hub.workspace;
  if (textArg(args, 'bot') !== bot.botId) throw new Refusal('bot_not_found');
  return {
    bot: {
      id: bot.botId,
      deleted: false,
      name: bot.name,
      updated: 1_767_225_600,
      app_id: bot.appId,
      user_id: bot.userId,
    },
  };
};

const teamInfo: Method = (_args, { hub }) => {
  const { team } = hub.workspace;
  return { team: { ...team, url: `${hub.origin}/`, email_domain: 'example.com' } };
};

export const peopleMethods: Record<string, Method> = {
  'users.info': usersInfo,
  'users.list': usersList,
  'usergroups.list': groupsList,
  'usergroups.users.list': groupUsers,
  'bots.info': botsInfo,
  'team.info': teamInfo,
};
