import type { IncomingMessage, RequestListener } from 'node:http';
import { HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import type { SlackSettings } from '../config.ts';
import { clientOptions } from './call.ts';
import { sdkLogger } from './logger.ts';
import type { Logger } from './ports.ts';

type Of<Mode extends SlackSettings['mode']> = Extract<SlackSettings, { mode: Mode }>;

/** As Slack itself recommends for the past; Bolt checks that side only. */
const CLOCK_SKEW_SEC = 300;

const received = () => ({ receivedAt: performance.now() });

/** Socket Mode. Reconnecting is ours (see connection.ts): the SDK's own leaves a gap of seconds and unhandled rejections. */
export function socketReceiver({ appToken, apiUrl }: Of<'socket'>, logger: Logger): SocketModeReceiver {
  return new SocketModeReceiver({
    appToken,
    logger: sdkLogger(logger),
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: clientOptions(apiUrl) },
    customPropertiesExtractor: received,
  });
}

/** Signed HTTP on `/slack/events`. */
export function httpReceiver({ signingSecret, port }: Of<'http'>, logger: Logger): HTTPReceiver {
  const receiver = new HTTPReceiver({
    signingSecret,
    port,
    logger: sdkLogger(logger),
    endpoints: ['/slack/events'],
    customPropertiesExtractor: received,
  });
  receiver.requestListener = refusingTheFuture(receiver.requestListener);
  return receiver;
}

/** Bolt refuses what is too old but takes what is signed for tomorrow, which could be replayed until then. */
function refusingTheFuture(listener: RequestListener): RequestListener {
  return (request, response) => {
    if (timestampOf(request) > Date.now() / 1000 + CLOCK_SKEW_SEC) {
      request.resume();
      response.writeHead(401).end();
      return;
    }
    listener(request, response);
  };
}

function timestampOf({ headers }: IncomingMessage): number {
  return Number(headers['x-slack-request-timestamp'] ?? 0);
}
