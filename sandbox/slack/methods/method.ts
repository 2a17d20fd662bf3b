import type { Hub } from '../hub.ts';
import { Refusal } from '../refusal.ts';
import type { Channel, Fields } from '../types.ts';

/** Who calls, and the hub; a method answers its fields without `ok`, or throws a `Refusal`. */
export interface MethodContext {
  hub: Hub;
  openSocketUrl(): string;
}

export type Method = (args: Fields, context: MethodContext) => Fields;

/** A text argument; numbers come as text from forms and as numbers from JSON. */
export function textArg(args: Fields, name: string): string | undefined {
  const value = args[name];
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** A text argument that must be there. @throws Refusal */
export function requiredText(args: Fields, name: string, error = 'invalid_arguments'): string {
  const value = textArg(args, name);
  if (!value)
    throw new Refusal(error, { response_metadata: { messages: [`[ERROR] missing required field: ${name}`] } });
  return value;
}

/** True for `true` and "true" or "1" of a form. */
export const flagArg = (args: Fields, name: string): boolean => [true, 'true', '1', 1].includes(args[name] as never);

/** An argument that holds JSON: as it is in a JSON body, as text in a form. @throws Refusal */
export function jsonArg(args: Fields, name: string, error: string): unknown {
  const value = args[name];
  if (typeof value !== 'string') return value ?? undefined;
  if (value === '') return undefined;
  try {
    return JSON.parse(value);
  } catch {
    throw new Refusal(error);
  }
}

/** A channel the app may know of: a private one it is not in does not exist for it. @throws Refusal */
export function channelFor({ hub }: MethodContext, id: string | undefined): Channel {
  const { channels, bot } = hub.workspace;
  const channel = channels.get(id ?? '') ?? [...channels.values()].find((c) => c.name !== '' && `#${c.name}` === id);
  const visible = channel && (channel.kind === 'public' || channel.members.includes(bot.userId));
  if (!channel || !visible) throw new Refusal('channel_not_found');
  return channel;
}

const MAX_PAGE = 1_000;

/** One page of a list, with the cursor Slack answers. @throws Refusal */
export function page<T>(
  all: readonly T[],
  args: Fields,
  { usual = 100, most = MAX_PAGE }: { readonly usual?: number; readonly most?: number } = {},
): { items: T[]; metadata: Fields } {
  const limit = Number(args.limit ?? usual) || usual;
  if (limit < 1 || limit > most) throw new Refusal('invalid_limit');
  const cursor = textArg(args, 'cursor');
  const start = cursor ? Number(Buffer.from(cursor, 'base64').toString('utf8').replace('next:', '')) : 0;
  if (!Number.isInteger(start) || start < 0 || start > all.length) throw new Refusal('invalid_cursor');
  const end = start + limit;
  const next_cursor = end < all.length ? Buffer.from(`next:${end}`).toString('base64') : '';
  return { items: all.slice(start, end), metadata: { next_cursor } };
}
