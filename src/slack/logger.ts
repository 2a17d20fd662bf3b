import { LogLevel, type Logger as SdkLogger } from '@slack/bolt';
import type { Logger } from './ports.ts';

/** Our log in the form that Slack's SDKs write to. Their debug lines hold whole payloads and tokens: they are dropped. */
export function sdkLogger(logger: Logger): SdkLogger {
  const join = (parts: readonly unknown[]) =>
    parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' ');
  const from = { from: 'slack-sdk' };
  return {
    debug: () => {},
    info: (...parts) => logger.debug(from, join(parts)),
    warn: (...parts) => logger.warn(from, join(parts)),
    error: (...parts) => logger.error(from, join(parts)),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}
