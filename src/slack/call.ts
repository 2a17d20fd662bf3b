import { setTimeout as pause } from 'node:timers/promises';
import { WebAPIPlatformError, WebAPIRateLimitedError, type WebClientOptions } from '@slack/web-api';
import type { Logger } from './ports.ts';
import { slackFetch } from './transport.ts';

const ATTEMPTS = 4;
const LONGEST_WAIT_SEC = 30;

/**
 * How our clients call Slack. The SDK's own waiting after a 429 pauses every call of a client; so it is told to fail at
 * once, and `calling` waits for that one call alone.
 */
export function clientOptions(apiUrl: string, timeoutMs = 10_000): WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    timeout: timeoutMs,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    fetch: slackFetch,
  };
}

/**
 * Calls Slack, and again after as long as Slack says where it is busy.
 *
 * @throws what the last attempt threw.
 */
export async function calling<T>(call: () => Promise<T>, logger: Logger): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof WebAPIRateLimitedError) || attempt === ATTEMPTS || error.retryAfter > LONGEST_WAIT_SEC)
        throw error;
      logger.warn({ retryAfterSec: error.retryAfter, attempt }, 'Slack is busy; the call waits');
      await pause(error.retryAfter * 1_000);
    }
  }
}

/** Slack's word for why it refused a call; undefined where it did not refuse but could not be reached. */
export function refusalOf(error: unknown): string | undefined {
  return error instanceof WebAPIPlatformError ? error.data.error : undefined;
}
