import { stateOf } from './elements.ts';
import { EMOJI } from './emoji.ts';
import type { Hub } from './hub.ts';
import { parseMarkdown } from './markdown.ts';
import { parseMrkdwn, parsePlain } from './mrkdwn.ts';
import type { Fields, Message, View } from './types.ts';

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Adds to every text what it parses to (`tree`), so that the page draws trees and never reads markup itself. */
export function withTrees(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTrees);
  if (!isObject(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, v]) => [key, withTrees(v)]));
  if (value.type === 'emoji' && typeof value.name === 'string') return { ...inner, glyph: EMOJI[value.name] };
  if (typeof value.text !== 'string') return inner;
  switch (value.type) {
    case 'mrkdwn':
      return { ...inner, tree: parseMrkdwn(value.text, { verbatim: value.verbatim === true }) };
    case 'plain_text':
      return { ...inner, line: parsePlain(value.text, value.emoji !== false) };
    case 'markdown':
      return { ...inner, tree: parseMarkdown(value.text) };
    default:
      return inner;
  }
}

/** Everything the page shows to one user, ephemeral messages of others left out. */
export function pageState(hub: Hub, userId: string): Fields {
  const { workspace, settings } = hub;
  const people = [...workspace.users.values()];
  const may = (id: string) => people.some((u) => u.id === id && !u.deleted && !u.is_bot);
  const user = may(userId) ? userId : 'U0ALICE';
  const sees = (m: Message) => m.ephemeralTo === undefined || m.ephemeralTo === user;
  const channels = [...workspace.channels.values()].filter((c) => c.kind === 'public' || c.members.includes(user));
  const visible = new Set(channels.map((c) => c.id));
  const viewOf = (id: string | undefined): Fields[] => {
    const view = workspace.views.get(id ?? '');
    return view ? [viewForPage(view)] : [];
  };
  return {
    me: user,
    team: workspace.team,
    app: { ...settings.app, userId: workspace.bot.userId, botId: workspace.bot.botId },
    tryThese: settings.tryThese,
    users: people.map((u) => ({
      id: u.id,
      name: u.name,
      realName: u.real_name,
      title: u.profile.title,
      tz: u.tz,
      locale: u.locale,
      bot: u.is_bot,
      canAct: may(u.id),
      note: u.deleted ? 'deactivated' : u.is_stranger ? 'other workspace' : u.is_restricted ? 'guest' : '',
    })),
    groups: [...workspace.groups.values()],
    channels,
    messages: workspace.messages.filter((m) => visible.has(m.channel) && sees(m)).map(messageForPage),
    files: [...workspace.files.values()].map(({ id, name, title, altText, mimetype }) => ({
      id,
      name,
      title,
      altText,
      mimetype,
    })),
    home: viewOf(workspace.homes.get(user))[0] ?? null,
    modals: (workspace.modals.get(user) ?? []).flatMap(viewOf),
  };
}

const messageForPage = (message: Message): Fields => ({
  ...message,
  tree: parseMrkdwn(message.text),
  ...(message.blocks ? { blocks: withTrees(message.blocks) } : {}),
  ...(message.attachments ? { attachments: withTrees(message.attachments) } : {}),
});

const viewForPage = (view: View): Fields => ({
  id: view.id,
  hash: view.hash,
  type: view.type,
  ...(withTrees(view.fields) as Fields),
  state: stateOf(view.fields.blocks, view.state),
  errors: view.errors ?? {},
  problem: view.problem ?? '',
});
