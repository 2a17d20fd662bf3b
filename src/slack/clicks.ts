import type { BlockAction } from '@slack/bolt';
import type { Question } from './dispatch.ts';

/** What a click asks for. Whatever is not of this version's making is `unknown`. */
export type Click =
  | { readonly intent: Question['intent']; readonly value: string }
  /** Changes what the clicker's own Home tab shows; no value: only shows it anew. */
  | { readonly intent: 'home'; readonly value: string | undefined }
  | { readonly intent: 'open' }
  | { readonly intent: 'unknown' };

/** Reads a click by its action id, `golden:<intent>` with an optional suffix. */
export function clickOf({ actions: [action] }: BlockAction): Click {
  const [, intent, verb] =
    /^golden:(?:(run|refresh|share|open)|home:(follow|unfollow|refresh))(?::|$)/.exec(action?.action_id ?? '') ?? [];
  if (intent === 'open') return { intent };
  const value =
    action?.type === 'button'
      ? action.value
      : action?.type === 'static_select'
        ? action.selected_option?.value
        : undefined;
  if (verb === 'refresh') return { intent: 'home', value: undefined };
  if (value === undefined) return { intent: 'unknown' };
  if (verb !== undefined) return { intent: 'home', value };
  if (intent !== 'run' && intent !== 'refresh' && intent !== 'share') return { intent: 'unknown' };
  return { intent, value };
}
