import type { WebClient } from '@slack/web-api';
import type { Pace } from '../ports.ts';
import { failureOf } from './failure.ts';
import { JOINING, takeTurn } from './pace.ts';
import type { Logger } from './ports.ts';
import { placeTrouble, type Trouble } from './refusals.ts';

/** How joining a channel ended. */
export type Joined =
  | { readonly kind: 'joined' }
  /** `trouble` says more than that the bot is not in the channel; absent where Slack said no more. */
  | { readonly kind: 'refused'; readonly trouble: Trouble | undefined }
  | { readonly kind: 'busy'; readonly waitMs: number };

/** Where Slack does not answer, trying again soon does no harm: joining twice is joining once. */
const RETRY_MS = 10_000;

/** Joins a public channel, which takes the scope `channels:join`. Never throws for what Slack says. */
export async function join(
  channel: string,
  parts: { readonly client: WebClient; readonly pace: Pace; readonly logger: Logger; readonly patienceMs: number },
): Promise<Joined> {
  const { client, pace, logger, patienceMs } = parts;
  const waitMs = await takeTurn(pace, [JOINING], patienceMs);
  if (waitMs > 0) return { kind: 'busy', waitMs };
  try {
    await client.conversations.join({ channel });
    logger.info({ channel }, 'joined a channel');
    return { kind: 'joined' };
  } catch (error) {
    const failure = failureOf(error);
    logger.warn({ err: error, channel, failure: failure.kind }, 'could not join a channel');
    if (failure.kind === 'busy') {
      await pace.hold(JOINING.key, failure.waitMs);
      return failure;
    }
    if (failure.kind !== 'refused') return { kind: 'busy', waitMs: RETRY_MS };
    if (failure.error === 'missing_scope') {
      return {
        kind: 'refused',
        trouble: {
          why: `The bot is not in channel ${channel} and lacks the scope channels:join.`,
          remedy: 'Invite it there: /invite @golden. Or add the scope, as in manifest.yml.',
        },
      };
    }
    return { kind: 'refused', trouble: placeTrouble(failure.error, channel) };
  }
}
