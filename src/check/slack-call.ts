import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import type { Finding } from './probe.ts';

/** Makes findings of Slack's refusals; a limit of calls says nothing about what was asked. */
export async function asking(
  name: string,
  remedy: string,
  ask: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WebAPIRateLimitedError) {
      return [
        {
          name,
          state: 'advice',
          detail: `not checked: Slack asks to wait ${error.retryAfter} s`,
          remedy: 'Run `golden check` again later.',
        },
      ];
    }
    if (error instanceof WebAPIPlatformError) {
      const { error: code, needed } = error.data as { error: string; needed?: string };
      const scope = code === 'missing_scope' && needed ? ` Slack names the scope ${needed}.` : '';
      return [{ name, state: 'missing', detail: code, remedy: `${remedy}${scope}` }];
    }
    throw error;
  }
}
