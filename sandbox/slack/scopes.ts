/** The bot scope each method asks for; methods not listed need none. Several: any of them will do. */
const NEEDED: Record<string, readonly string[]> = {
  'chat.postMessage': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.delete': ['chat:write'],
  'conversations.info': ['channels:read', 'groups:read', 'im:read', 'mpim:read'],
  'conversations.list': ['channels:read', 'groups:read', 'im:read', 'mpim:read'],
  'conversations.members': ['channels:read', 'groups:read', 'im:read', 'mpim:read'],
  'conversations.join': ['channels:join'],
  'conversations.open': ['im:write', 'mpim:write', 'groups:write', 'channels:manage'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
  'users.info': ['users:read'],
  'users.list': ['users:read'],
  'users.conversations': ['channels:read', 'groups:read', 'im:read', 'mpim:read'],
  'usergroups.list': ['usergroups:read'],
  'usergroups.users.list': ['usergroups:read'],
  'reactions.add': ['reactions:write'],
  'files.getUploadURLExternal': ['files:write'],
  'files.completeUploadExternal': ['files:write'],
  'files.info': ['files:read'],
  'bots.info': ['users:read'],
  'team.info': ['team:read'],
};

/** The scopes of which one is needed; empty for a method open to every token. */
export const scopesOf = (method: string): readonly string[] => NEEDED[method] ?? [];

const HISTORY = { public: 'channels:history', private: 'groups:history', im: 'im:history' } as const;

/** The scope that reading a channel of this kind takes. */
export const historyScope = (kind: keyof typeof HISTORY): string => HISTORY[kind];

/** What is missing, as Slack's `needed` field names it, or undefined when `granted` suffices. */
export function missingScope(method: string, granted: readonly string[]): string | undefined {
  const anyOf = scopesOf(method);
  return anyOf.length === 0 || anyOf.some((scope) => granted.includes(scope)) ? undefined : anyOf.join(',');
}
