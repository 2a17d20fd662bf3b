import type { Workspace } from './types.ts';

/** How references are written: a command names `<#C1|name>`, a stored message only `<#C1>`. */
export type TypedFor = 'command' | 'message';

/** Escapes what a person typed as Slack does, so that nobody can forge a reference by hand. */
export const escapeTyped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * Turns `@name`, `#channel` and `@here` as a person types them into references, as Slack does for a message, and for a
 * command with `should_escape`. Words that name nobody stay as they are.
 */
export function withReferences(text: string, workspace: Workspace, kind: TypedFor): string {
  const label = (name: string) => (kind === 'command' ? `|${name}` : '');
  return escapeTyped(text).replace(
    /(^|[\s(])([@#])([\w.-]*\w)/g,
    (whole, before: string, sign: string, name: string) => {
      if (sign === '#') {
        const channel = [...workspace.channels.values()].find((c) => c.name === name && c.kind === 'public');
        return channel ? `${before}<#${channel.id}${label(name)}>` : whole;
      }
      if (['here', 'channel', 'everyone'].includes(name)) return `${before}<!${name}>`;
      const user = [...workspace.users.values()].find((u) => u.name === name.toLowerCase());
      if (user) return `${before}<@${user.id}${label(user.name)}>`;
      const group = [...workspace.groups.values()].find((g) => g.handle === name);
      return group ? `${before}<!subteam^${group.id}${kind === 'command' ? `|@${name}` : ''}>` : whole;
    },
  );
}
