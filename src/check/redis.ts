import { Redis } from 'ioredis';
import type { Finding, Probe } from './probe.ts';

/** BullMQ warns below this version. */
const OLDEST = [6, 2] as const;

/** Looks at Redis: whether it answers, its version, and the two settings that decide whether jobs survive. */
export function redisProbes(url: string | undefined): readonly Probe[] {
  const name = 'Redis';
  const remedy = 'Start Redis, or mend REDIS_URL (host, port, password; rediss:// for TLS).';
  return [{ name, remedy, look: (signal) => (url === undefined ? notSet(name) : look(url, signal)) }];
}

async function notSet(name: string): Promise<readonly Finding[]> {
  return [
    {
      name,
      state: 'missing',
      detail: 'REDIS_URL is not set',
      remedy: 'Set it to redis://host:6379; bot and worker need it, `golden status` does not.',
    },
  ];
}

async function look(url: string, signal: AbortSignal): Promise<readonly Finding[]> {
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectTimeout: 5000,
  });
  // The error event repeats what connect() rejects with, except for what ioredis says only there (a wrong password).
  let heard: Error | undefined;
  redis.on('error', (error: Error) => {
    heard = error;
  });
  const stop = () => redis.disconnect();
  signal.addEventListener('abort', stop);
  try {
    await redis.connect();
    return findingsOf(await redis.info());
  } catch (error) {
    throw heard ?? error;
  } finally {
    signal.removeEventListener('abort', stop);
    redis.disconnect();
  }
}

/** INFO rather than CONFIG GET: managed services forbid the latter. */
function findingsOf(info: string): readonly Finding[] {
  const fact = (name: string) => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1];
  const version = fact('redis_version') ?? 'unknown';
  const policy = fact('maxmemory_policy');
  const aof = fact('aof_enabled');
  return [
    { name: 'Redis', state: 'ok', detail: 'answers' },
    isOld(version)
      ? {
          name: 'Redis version',
          state: 'missing',
          detail: version,
          remedy: `Install ${OLDEST.join('.')} or newer, or Valkey.`,
        }
      : { name: 'Redis version', state: 'ok', detail: version },
    policy === 'noeviction'
      ? { name: 'Redis maxmemory-policy', state: 'ok', detail: policy }
      : {
          name: 'Redis maxmemory-policy',
          state: 'missing',
          detail: policy ?? 'not told',
          remedy: 'Set `maxmemory-policy noeviction`: any other lets Redis throw queued jobs away when it is full.',
        },
    aof === '1'
      ? { name: 'Redis appendonly', state: 'ok', detail: 'yes' }
      : {
          name: 'Redis appendonly',
          state: 'advice',
          detail: 'no',
          remedy: 'Set `appendonly yes` and `appendfsync always`, or jobs are lost when Redis restarts.',
        },
  ];
}

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return !(major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]));
}
