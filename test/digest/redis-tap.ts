import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What becomes of a command on its way to Redis. */
export interface Strike {
  /** `before`: it never arrives. `after`: it is carried out, and the answer waits until `act` is over. */
  readonly phase: 'before' | 'after';
  readonly act: () => Promise<void>;
}

/** A Redis that is looked at from outside: every command passes, unless it is struck. */
export interface RedisTap {
  readonly url: string;
  /** Asked for every command; `key` is its first key. */
  onCommand: (command: { readonly name: string; readonly key: string }) => Strike | undefined;
  close(): Promise<void>;
}

const LINE_END = '\r\n';

/** Opens a tap in front of a Redis server. @param db Number of the database behind it. */
export async function openRedisTap(redisUrl: string, db: number): Promise<RedisTap> {
  const { hostname, port } = new URL(redisUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const redis = connect(Number(port), hostname);
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {}); // a killed worker resets its connections
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        redis.end(); // what was forwarded is still carried out
      });
    }
    pass(client, redis, (command) => tap.onCommand(command));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const tap: RedisTap = {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}/${db}`,
    onCommand: () => undefined,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return tap;
}

function pass(client: Socket, redis: Socket, onCommand: RedisTap['onCommand']): void {
  let unread: Buffer = Buffer.alloc(0);
  let isCut = false;
  let answersWait: Promise<void> | undefined;
  const onAnswer: (() => void)[] = [];
  client.on('data', (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk]);
    for (let read = readCommand(unread); read !== undefined && !isCut; read = readCommand(unread)) {
      const bytes = unread.subarray(0, read.end);
      unread = unread.subarray(read.end);
      const strike = onCommand(commandOf(read.words));
      if (strike?.phase === 'before') {
        isCut = true;
        void strike.act().then(() => client.destroy());
        return;
      }
      if (strike !== undefined) {
        const answered = new Promise<void>((resolve) => onAnswer.push(resolve));
        answersWait = answered.then(strike.act);
      }
      redis.write(bytes);
    }
  });
  redis.on('data', (chunk: Buffer) => {
    for (const resolve of onAnswer.splice(0)) resolve();
    if (answersWait === undefined) client.write(chunk);
    else void answersWait.then(() => client.write(chunk));
  });
}

/** The first command of what was received, by the protocol of Redis; undefined where its end is not there yet. */
function readCommand(bytes: Buffer): { readonly words: readonly Buffer[]; readonly end: number } | undefined {
  const head = lineAt(bytes, 0);
  if (head === undefined) return undefined;
  const words: Buffer[] = [];
  let { end } = head;
  for (let left = Number(head.text.slice(1)); left > 0; left -= 1) {
    const length = lineAt(bytes, end);
    if (length === undefined) return undefined;
    const wordEnd = length.end + Number(length.text.slice(1));
    if (bytes.length < wordEnd + LINE_END.length) return undefined;
    words.push(bytes.subarray(length.end, wordEnd));
    end = wordEnd + LINE_END.length;
  }
  return { words, end };
}

function lineAt(bytes: Buffer, from: number): { readonly text: string; readonly end: number } | undefined {
  const to = bytes.indexOf(LINE_END, from);
  return to === -1 ? undefined : { text: bytes.toString('latin1', from, to), end: to + LINE_END.length };
}

function commandOf(words: readonly Buffer[]): { readonly name: string; readonly key: string } {
  const [name = '', first = '', , third = ''] = words.slice(0, 4).map((word) => word.toString());
  const isScript = /^eval/i.test(name);
  return { name: name.toLowerCase(), key: isScript ? third : first };
}
