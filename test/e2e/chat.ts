import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Message } from '../../sandbox/slack/types.ts';

/** What a person does and reads in a sandbox. */

export const CHANNEL = 'C0PAYMENTS';

/** Types a command and waits for the answer that holds the text. */
export async function ask(
  sandbox: Sandbox,
  command: string,
  expected: string | RegExp,
  from: { readonly user?: string; readonly channel?: string; readonly timeoutMs?: number } = {},
): Promise<Message> {
  const { user = 'U0ALICE', channel = CHANNEL, timeoutMs = 20_000 } = from;
  const before = new Set(sandbox.slack.seen(user, channel).map(({ ts }) => ts));
  await sandbox.slack.slash({ user, channel, text: command });
  return sandbox.slack.waitFor(
    () =>
      sandbox.slack
        .seen(user, channel)
        .find((message) => !before.has(message.ts) && contains(textOf(message), expected)),
    { timeoutMs, what: `an answer to "/golden ${command}" with ${String(expected)}` },
  );
}

/** All text of a message that a person reads, blocks and fallback. */
export function textOf(message: Message): string {
  const texts: string[] = [message.text];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        if (key === 'text' && typeof item === 'string') texts.push(item);
        else visit(item);
      }
    }
  };
  visit(message.blocks);
  return texts.join('\n');
}

function contains(text: string, expected: string | RegExp): boolean {
  return typeof expected === 'string' ? text.includes(expected) : expected.test(text);
}
