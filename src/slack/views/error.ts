import { FatalError, GoldenError, RetryableError } from '../../core/errors.ts';
import { mrkdwn } from '../escape.ts';
import { ACTION } from './asks.ts';
import { actions, button, note, paragraph } from './blocks.ts';
import type { Message } from './message.ts';

/** What went wrong, and what it takes to say it. */
export interface Failure {
  readonly error: unknown;
  /** In the log beside the cause. */
  readonly reference: string;
  /** The words that failed, for a second try. */
  readonly ask: string | undefined;
}

/**
 * A failure as plain sentences: what it is, what to do, and the reference that leads to the log where somebody has to look.
 * What an unexpected error says is for the log alone.
 */
export function errorView({ error, reference, ask }: Failure): Message {
  const { message, hint, looked } = sentences(error);
  const trail = looked ? `Reference ${reference}` : undefined;
  return {
    text: [mrkdwn(message, 600), mrkdwn(hint, 600), trail].filter((part) => part !== undefined).join(' '),
    blocks: [
      paragraph(message.slice(0, 1500)),
      paragraph(hint.slice(0, 1500)),
      ...(trail === undefined ? [] : [note(trail)]),
      ...actions([
        looked && ask !== undefined ? button('Ask again', ACTION.refresh, ask, 'Ask the same again') : undefined,
      ]),
    ],
  };
}

/** `looked`: whether the asker did nothing wrong, so that a reference and a second try make sense. */
function sentences(error: unknown): { message: string; hint: string; looked: boolean } {
  if (error instanceof RetryableError) return { message: error.message, hint: whenToAsk(error), looked: true };
  if (error instanceof FatalError) return { message: error.message, hint: error.hint, looked: true };
  if (error instanceof GoldenError) return { message: error.message, hint: error.hint, looked: false };
  return {
    message: 'Something went wrong here; it is not your fault.',
    hint: 'Ask again. If it stays so, tell whoever runs Golden, with the reference below.',
    looked: true,
  };
}

/** One next step alone: how long to wait, where the other side said so; else what the error itself advises. */
function whenToAsk({ hint, retryAfterMs }: RetryableError): string {
  return retryAfterMs === undefined ? hint : `Ask again in ${Math.max(1, Math.ceil(retryAfterMs / 1000))} s.`;
}
