import { header, note, ours, paragraph } from './blocks.ts';
import type { Message } from './message.ts';

/** Short messages of our own. */

/** Shown while an answer takes longer than a moment; it may stay above the answer. */
export function readingView(): Message {
  const text = 'Reading Azure… the answer follows in a moment.';
  return { text, blocks: [note(text)] };
}

/** A button of an older version, or one that nobody here made. */
export function unknownButtonView(): Message {
  const text =
    'This button is from an older version of Golden and does nothing any more. Ask "/golden help" for what I understand.';
  return { text, blocks: [paragraph(text)] };
}

/** Somebody of another workspace: a shared channel, or a forged request. */
export function strangerView(): Message {
  const text = 'I answer people of my own workspace only. Please ask a colleague there.';
  return { text, blocks: [paragraph(text)] };
}

/**
 * An answer as it is posted for everybody: who shared it, without the buttons that replace it for all.
 *
 * @param user A Slack user id; what is not one is not shown.
 */
export function sharedView(message: Message, user: string): Message {
  const by = /^[UW][A-Z0-9]{2,20}$/.test(user) ? [ours(`Shared by <@${user}>`)] : [];
  const blocks = message.blocks.map((block) => {
    if (block.type !== 'actions') return block;
    return {
      ...block,
      elements: block.elements.filter(
        (element) => !('action_id' in element) || !/^golden:(share|refresh)/.test(element.action_id ?? ''),
      ),
    };
  });
  return {
    ...message,
    blocks: [...blocks.filter((block) => block.type !== 'actions' || block.elements.length > 0), ...by],
  };
}

/** Said to whoever wanted to share an answer: it is not in the channel, and what helps. */
export function couldNotShareView(): Message {
  const text = 'I could not post in this channel. Invite me with "/invite @golden", then share again.';
  return { text, blocks: [header('Not shared'), paragraph(text)] };
}
