import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { parseObject } from './http.ts';
import type { Fields } from './types.ts';

const MAX_CONNECTIONS = 10;
const PING_MS = 10_000;
const CLOSE_MS = 1_000;

/** Why Slack ends or is about to end a connection; `abrupt` breaks it without a frame, as a network does. */
export type DropReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'abrupt';

/** The Socket Mode side of the server. */
export interface Sockets {
  /** A URL for one connection, as `apps.connections.open` answers it. */
  open(origin: string): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Sends to ONE connection, in turn; answers its number, or undefined when none is open. */
  send(frame: Fields): number | undefined;
  drop(reason: DropReason): void;
  /** How many connections take payloads now. */
  count(): number;
  close(): Promise<void>;
}

interface Connection {
  socket: WebSocket;
  number: number;
  /** Told to go away: finishes its acks but gets no new payloads. */
  leaving: boolean;
}

/** Accepts sockets and hands every ack to `onAck`; `onChange` hears of connections that come and go. */
export function createSockets(
  appId: string,
  onAck: (envelopeId: string, payload: Fields | undefined, connection: number) => void,
  onChange: () => void,
): Sockets {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  let connections: Connection[] = [];
  let accepted = 0;
  let turn = 0;
  const usable = () => connections.filter((c) => !c.leaving && c.socket.readyState === WebSocket.OPEN);
  const write = (socket: WebSocket, frame: Fields) => socket.send(JSON.stringify(frame));
  const debug = { host: 'applink-sandbox', build_number: 1, approximate_connection_time: 18_060 };

  function welcome(socket: WebSocket): void {
    if (connections.length >= MAX_CONNECTIONS) {
      write(socket, { type: 'disconnect', reason: 'too_many_websockets', debug_info: debug });
      socket.close(1008);
      return;
    }
    accepted += 1;
    const connection: Connection = { socket, number: accepted, leaving: false };
    connections.push(connection);
    const ping = setInterval(() => socket.ping(), PING_MS);
    socket.on('message', (data: Buffer) => {
      const frame = parseObject(data.toString('utf8'));
      if (!frame || typeof frame.envelope_id !== 'string') return;
      onAck(frame.envelope_id, frame.payload as Fields | undefined, connection.number);
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(ping);
      connections = connections.filter((c) => c !== connection);
      onChange();
    });
    write(socket, {
      type: 'hello',
      num_connections: connections.length,
      debug_info: debug,
      connection_info: { app_id: appId },
    });
    onChange();
  }

  return {
    open: (origin) => {
      const ticket = randomBytes(12).toString('hex');
      tickets.add(ticket);
      return `${origin.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${appId}`;
    },
    upgrade: (request, socket, head) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      // A ticket opens one connection; a reconnecting client must ask for a new URL.
      if (url.pathname !== '/link/' || !tickets.delete(url.searchParams.get('ticket') ?? '')) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, welcome);
    },
    send: (frame) => {
      const open = usable();
      if (open.length === 0) return undefined;
      turn += 1;
      const chosen = open[turn % open.length] as Connection;
      write(chosen.socket, frame);
      return chosen.number;
    },
    drop: (reason) => {
      for (const connection of [...connections]) {
        if (reason === 'abrupt') {
          connection.socket.terminate();
          continue;
        }
        if (reason !== 'warning') connection.leaving = true;
        write(connection.socket, { type: 'disconnect', reason, debug_info: debug });
      }
    },
    count: () => usable().length,
    close: async () => {
      // A close handshake, not a cut: the socket client would otherwise wait 30 s for the other half of its own.
      const closed = connections.map(({ socket }) => new Promise((resolve) => socket.once('close', resolve)));
      for (const { socket } of connections) socket.close(1001);
      const cut = setTimeout(() => {
        for (const { socket } of connections) socket.terminate();
      }, CLOSE_MS);
      await Promise.all(closed);
      clearTimeout(cut);
      server.close();
    },
  };
}
