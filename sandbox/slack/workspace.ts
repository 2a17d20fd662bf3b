import type { Channel, User, UserGroup, Workspace } from './types.ts';

export const TEAM_ID = 'T0GOLDEN';
export const BOT_USER_ID = 'U0GOLDEN';
export const BOT_ID = 'B0GOLDEN';
export const APP_ID = 'A0GOLDEN';

const CREATED = 1_767_225_600; // 2026-01-01, so that nothing here depends on the day of the run

type Person = Pick<User, 'id' | 'name' | 'real_name' | 'tz' | 'tz_label' | 'tz_offset' | 'locale'> & { title: string };

const zurich = { tz: 'Europe/Zurich', tz_label: 'Central European Time', tz_offset: 3600 };
const newYork = { tz: 'America/New_York', tz_label: 'Eastern Standard Time', tz_offset: -18_000 };
const kolkata = { tz: 'Asia/Kolkata', tz_label: 'India Standard Time', tz_offset: 19_800 };

function user(person: Person, special: Partial<User> = {}): User {
  const { title, ...rest } = person;
  const team_id = special.team_id ?? TEAM_ID;
  return {
    team_id,
    deleted: false,
    is_bot: false,
    is_app_user: false,
    is_restricted: false,
    is_ultra_restricted: false,
    color: '4a7c59',
    updated: CREATED,
    ...rest,
    profile: {
      title,
      real_name: rest.real_name,
      display_name: rest.name,
      email: `${rest.name}@example.com`,
      team: team_id,
    },
    ...special,
  };
}

const users: User[] = [
  user({
    id: 'U0ALICE',
    name: 'alice',
    real_name: 'Alice Ammann',
    title: 'DevOps, Payments',
    locale: 'en-GB',
    ...zurich,
  }),
  user({ id: 'U0BOB', name: 'bob', real_name: 'Bob Baker', title: 'Platform', locale: 'en-US', ...newYork }),
  user({
    id: 'U0CAROL',
    name: 'carol',
    real_name: 'Carol Chandra',
    title: 'Risk officer',
    locale: 'en-IN',
    ...kolkata,
  }),
  user(
    { id: 'U0GUEST', name: 'gus', real_name: 'Gus Guest', title: 'Contractor', locale: 'de-CH', ...zurich },
    { is_restricted: true },
  ),
  user(
    { id: 'U0GONE', name: 'dora', real_name: 'Dora Dunn', title: 'Left', locale: 'en-US', ...newYork },
    { deleted: true },
  ),
  user(
    { id: 'U0STRANGER', name: 'sam', real_name: 'Sam Stranger', title: 'Partner', locale: 'en-US', ...newYork },
    { team_id: 'T0OTHER', is_stranger: true },
  ),
  user(
    { id: BOT_USER_ID, name: 'golden', real_name: 'Golden', title: '', locale: 'en-US', ...newYork },
    {
      is_bot: true,
      is_app_user: false,
      profile: { title: '', real_name: 'Golden', display_name: 'golden', bot_id: BOT_ID, team: TEAM_ID },
    },
  ),
];

const staff = ['U0ALICE', 'U0BOB', 'U0CAROL'];

function channel(id: string, name: string, topic: string, members: string[], special: Partial<Channel> = {}): Channel {
  return { id, name, kind: 'public', archived: false, topic, members, created: CREATED, ...special };
}

const channels: Channel[] = [
  channel('C0PAYMENTS', 'payments', 'Card and account payments', [...staff, 'U0STRANGER', BOT_USER_ID]),
  channel('C0CHECKOUT', 'checkout', 'The way to the till', [...staff, 'U0GUEST', BOT_USER_ID]),
  channel('C0DATA', 'data-platform', 'Pipelines and warehouse', staff),
  channel('C0PLATFORM', 'platform', 'Images, clusters, networks', [...staff, BOT_USER_ID]),
  channel('C0GENERAL', 'general', 'Everybody', [...staff, 'U0GUEST', BOT_USER_ID]),
  channel('C0RANDOM', 'random', 'Golden is no member here', staff),
  channel('C0RISK', 'risk-board', 'Private; Golden is no member here', ['U0BOB', 'U0CAROL'], { kind: 'private' }),
  channel('C0OLD', 'old-payments', 'Archived', [...staff, BOT_USER_ID], { archived: true }),
];

const groups: UserGroup[] = [
  { id: 'S0PAYOPS', handle: 'pay-ops', name: 'Payments operations', users: ['U0BOB'], disabled: false },
];

/** The direct message between a user and the app: `D0ALICE` for `U0ALICE`. */
export const directMessageId = (userId: string): string => `D0${userId.replace(/^[UW]0?/, '')}`;

/** A fresh workspace: five team channels, one of which the app has to join, two more it is not in, one archived, people of every kind. */
export function createWorkspace(appName = 'Golden'): Workspace {
  const people = structuredClone(users);
  const direct = people
    .filter((u) => !u.is_bot && !u.deleted && u.team_id === TEAM_ID)
    .map((u) => channel(directMessageId(u.id), '', '', [u.id, BOT_USER_ID], { kind: 'im' }));
  return {
    team: { id: TEAM_ID, name: 'Golden sandbox', domain: 'golden-sandbox' },
    bot: { userId: BOT_USER_ID, botId: BOT_ID, appId: APP_ID, name: appName },
    users: new Map(people.map((u) => [u.id, u])),
    channels: new Map([...structuredClone(channels), ...direct].map((c) => [c.id, c])),
    groups: new Map(structuredClone(groups).map((g) => [g.id, g])),
    messages: [],
    views: new Map(),
    modals: new Map(),
    homes: new Map(),
    files: new Map(),
  };
}
