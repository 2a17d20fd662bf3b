import type { WebClientOptions } from '@slack/web-api';

/** What a 429 without a usable Retry-After means: the SDK would make an error of it that nobody can tell from others. */
const UNTOLD_WAIT_SEC = 30;

/** A request that failed without an answer. */
export class TransportError extends Error {
  /** Certainly not carried out: no byte of the request left. */
  readonly unreached: boolean;

  constructor(cause: unknown) {
    super(reasonOf(cause), { cause });
    this.name = 'TransportError';
    this.unreached = neverConnected(cause);
  }
}

/** Node's fetch for Slack's SDK, which loses what we have to know: whether a request left, and how long a 429 is meant. */
export const slackFetch: NonNullable<WebClientOptions['fetch']> = async (input, init) => {
  let response: Response;
  try {
    response = await fetch(input, init);
  } catch (error) {
    throw new TransportError(error);
  }
  if (response.status !== 429 || /^\s*\d+\s*$/.test(response.headers.get('retry-after') ?? '')) return response;
  return new Response(response.body, { status: 429, headers: { 'retry-after': String(UNTOLD_WAIT_SEC) } });
};

/** The parts of an error that tell; read as they come, because libraries throw errors of every make. */
interface Thrown {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

function thrown(error: unknown): Thrown {
  return typeof error === 'object' && error !== null ? error : {};
}

/** Looking a name up, opening a connection and checking a certificate all come before the first byte of a request. */
function neverConnected(error: unknown): boolean {
  const { code, syscall, cause, errors } = thrown(error);
  // One for each address that was tried.
  if (Array.isArray(errors) && errors.length > 0) return errors.every(neverConnected);
  if (syscall === 'connect' || syscall === 'getaddrinfo' || code === 'UND_ERR_CONNECT_TIMEOUT') return true;
  if (typeof code === 'string' && /CERT|ERR_TLS|ERR_SSL/.test(code)) return true;
  return cause !== undefined && neverConnected(cause);
}

/** A code, as deep as there is one; else what it says. */
export function reasonOf(error: unknown): string {
  const { name, message, code, cause } = thrown(error);
  if (name === 'TimeoutError') return 'no answer in time';
  if (typeof code === 'string') return code;
  if (cause !== undefined) return reasonOf(cause);
  return typeof message === 'string' ? message : String(error);
}
