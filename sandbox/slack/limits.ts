import type { Fields } from './types.ts';

/** Why Slack refuses a payload: the error and its `response_metadata.messages`. */
export interface Verdict {
  error: string;
  messages: string[];
}
export const checkMessage = (_m: { text?: unknown; blocks?: unknown; attachments?: unknown }, _o: { refuse?: readonly string[]; expect?: string; unreadyFile?: (id: string) => boolean } = {}): Verdict | undefined => undefined;
export const checkResponseBody = (_body: Fields): Verdict | undefined => undefined;
export const checkView = (_view: unknown, _o: { refuse?: readonly string[]; expect?: string } = {}): Verdict | undefined => undefined;
export const checkViewResponse = (_body: unknown, _o: { refuse?: readonly string[]; expect?: string; unreadyFile?: (id: string) => boolean } = {}): Verdict | undefined => undefined;
export const checkMetadata = (_m: unknown): Verdict | undefined => undefined;
