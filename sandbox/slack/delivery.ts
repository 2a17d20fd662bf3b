import { parseObject } from './http.ts';
import { type Hub, record } from './hub.ts';
import { signedHeaders } from './signature.ts';
import { createSockets, type Sockets } from './sockets.ts';
import type { Ack, Envelope, Fields } from './types.ts';

/** The same payload once more: an Events API retry, or a duplicate a test asks for. */
export interface Retry {
  attempt: number;
  reason: 'timeout' | 'http_error' | 'connection_failed' | '';
}

const FIRST: Retry = { attempt: 0, reason: '' };

/** Brings payloads to the app, by socket or signed HTTP, and waits for its ack. */
export interface Delivery {
  sockets: Sockets;
  /** Sends once and answers how it went; never throws. */
  deliver(envelope: Envelope, retry?: Retry): Promise<Ack>;
  /** Sends an event, and again later while nobody acknowledges, as the Events API does. */
  deliverEvent(envelope: Envelope): Promise<Ack>;
  close(): Promise<void>;
}

/** Builds the delivery for the mode in the hub's settings. */
export function createDelivery(hub: Hub): Delivery {
  const waiting = new Map<string, (payload: Fields | undefined, connection: number) => void>();
  const timers = new Set<NodeJS.Timeout>();
  const sockets = createSockets(
    hub.workspace.bot.appId,
    (envelopeId, payload, connection) => waiting.get(envelopeId)?.(payload, connection),
    hub.changed,
  );

  function bySocket(envelope: Envelope, retry: Retry): Promise<Ack & { connection?: number }> {
    const started = performance.now();
    const ms = () => Math.round(performance.now() - started);
    return new Promise((resolve) => {
      const key = envelope.id;
      const timer = setTimeout(() => {
        waiting.delete(key);
        resolve({ acked: false, ms: ms(), error: 'operation_timeout' });
      }, hub.settings.ackTimeoutMs);
      timers.add(timer);
      const done = (ack: Ack & { connection?: number }) => {
        clearTimeout(timer);
        timers.delete(timer);
        waiting.delete(key);
        resolve(ack);
      };
      waiting.set(key, (payload, connection) =>
        done({ acked: true, ms: ms(), connection, ...(payload && Object.keys(payload).length > 0 ? { payload } : {}) }),
      );
      const sent = sockets.send({
        envelope_id: envelope.id,
        type: envelope.type,
        accepts_response_payload: envelope.acceptsResponse,
        payload: envelope.payload,
        ...(envelope.type === 'events_api' ? { retry_attempt: retry.attempt, retry_reason: retry.reason } : {}),
      });
      if (sent === undefined) done({ acked: false, ms: 0, error: 'dispatch_failed' });
    });
  }

  async function byHttp(requestUrl: string, envelope: Envelope, retry: Retry): Promise<Ack> {
    const started = performance.now();
    const ms = () => Math.round(performance.now() - started);
    const { body, contentType } = httpBody(envelope);
    const headers = {
      'content-type': contentType,
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      ...signedHeaders(hub.settings.signingSecret, body, Date.now()), // the app checks against the real clock
      ...(retry.attempt > 0
        ? { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': retry.reason }
        : {}),
    };
    try {
      const signal = AbortSignal.timeout(hub.settings.ackTimeoutMs);
      const response = await fetch(requestUrl, { method: 'POST', body, headers, signal, redirect: 'error' });
      const text = await response.text();
      if (response.status !== 200) return { acked: false, ms: ms(), error: 'http_service_error' };
      const payload = text === '' ? undefined : (parseObject(text) ?? { text });
      return { acked: true, ms: ms(), ...(payload ? { payload } : {}) };
    } catch (cause) {
      const timedOut = cause instanceof Error && cause.name === 'TimeoutError';
      return { acked: false, ms: ms(), error: timedOut ? 'operation_timeout' : 'dispatch_failed' };
    }
  }

  async function deliver(envelope: Envelope, retry = FIRST): Promise<Ack> {
    const { requestUrl } = hub.settings;
    const ack = requestUrl ? await byHttp(requestUrl, envelope, retry) : await bySocket(envelope, retry);
    record(hub, { kind: 'ack', at: hub.settings.now(), envelope, retry: retry.attempt, ...ack });
    return ack;
  }

  return {
    sockets,
    deliver,
    async deliverEvent(envelope) {
      const first = await deliver(envelope);
      if (!first.acked) {
        let attempt = 0;
        const again = (reason: Retry['reason']): void => {
          const delayMs = hub.settings.eventRetryDelaysMs[attempt];
          if (delayMs === undefined) return;
          attempt += 1;
          const timer = setTimeout(() => {
            timers.delete(timer);
            void deliver(envelope, { attempt, reason }).then((ack) => {
              if (!ack.acked) again(reasonOf(ack));
            });
          }, delayMs);
          timers.add(timer);
        };
        again(reasonOf(first));
      }
      return first;
    },
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      await sockets.close();
    },
  };
}

const reasonOf = (ack: Ack): Retry['reason'] =>
  ack.error === 'operation_timeout'
    ? 'timeout'
    : ack.error === 'http_service_error'
      ? 'http_error'
      : 'connection_failed';

/** Commands are forms, interactions a form with one `payload` field, events JSON. */
function httpBody(envelope: Envelope): { body: string; contentType: string } {
  const form = 'application/x-www-form-urlencoded';
  switch (envelope.type) {
    case 'events_api':
      return { body: JSON.stringify(envelope.payload), contentType: 'application/json' };
    case 'interactive':
      return { body: new URLSearchParams({ payload: JSON.stringify(envelope.payload) }).toString(), contentType: form };
    case 'slash_commands': {
      const fields = Object.entries(envelope.payload).map(([key, value]): [string, string] => [key, String(value)]);
      return { body: new URLSearchParams(fields).toString(), contentType: form };
    }
  }
}
