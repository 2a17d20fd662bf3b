import { FatalError, type GoldenError, RetryableError } from '../core/errors.ts';

/** Azure understood the request and refuses the query: another form of it may be accepted. */
export class InvalidQuery extends FatalError {
  /** Codes of the answer, the outermost first. */
  readonly codes: readonly string[];
  /** Requests made until that was certain. */
  readonly requests: number;

  constructor(codes: readonly string[], cause: unknown, requests = 1) {
    super(
      `Azure Resource Graph refused a query (${codes.join(', ')}).`,
      'This is a fault of the bot: report it with the reference id.',
      cause,
    );
    this.codes = codes;
    this.requests = requests;
  }
}

/** The identity can read none of the scopes asked for: the query itself is not at fault. */
export class NothingReadable extends FatalError {
  constructor(cause: unknown) {
    super(
      "The bot's identity can read none of the configured subscriptions.",
      'Give it the Reader role there; `golden check` names them.',
      cause,
    );
  }
}

/** The answer would be larger than Azure sends: a part of the question may be answered. */
export class TooLarge extends FatalError {
  /** How many times what Azure sends; undefined where it does not say. */
  readonly times: number | undefined;

  constructor(cause: unknown) {
    super(
      'An answer of Azure Resource Graph would be too large.',
      'This is a fault of the bot: report it with the reference id.',
      cause,
    );
    this.times = timesTooLarge(cause);
  }
}

/** What was heard of an answer before the SDK made a result or an error of it. */
export interface Heard {
  status?: number;
  /** As the header says it. */
  retryAfter?: string;
  remaining?: number;
  resetsAfterMs?: number;
  requestId?: string;
  /** The scope held more subscriptions than a query covers. */
  limitHit?: boolean;
}

/** What a failed request means and whether another try may help. */
export interface Failure {
  readonly status: string;
  readonly error: GoldenError;
  readonly throttled: boolean;
  attempts(most: number): number;
}

/**
 * Translates what the SDK throws. Known traps: a 429 may carry Retry-After, only the quota headers, or neither; an HTML
 * error page makes the client throw a TypeError without a status; our own timeout comes as an AbortError.
 */
export function failureOf(error: unknown, heard: Heard): Failure {
  const { name, code, ...thrown } = (error ?? {}) as { statusCode?: number; name?: string; code?: string };
  const statusCode =
    thrown.statusCode ?? (name === 'AbortError' || (heard.status ?? 0) < 400 ? undefined : heard.status);
  const retry = (status: string, message: string, hint: string, retryAfterMs?: number, attempts?: number): Failure => ({
    status,
    throttled: statusCode === 429,
    error: new RetryableError(message, hint, { cause: error, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }),
    attempts: (most) => attempts ?? most,
  });
  const final = (status: string, translated: GoldenError): Failure => ({
    status,
    throttled: false,
    error: translated,
    attempts: () => 1,
  });

  if (error instanceof RetryableError || error instanceof FatalError) return final('invalid', error);
  if (name === 'AbortError' || name === 'TimeoutError') {
    // Whoever asks has waited long enough: a second try would double it.
    return retry('timeout', 'Azure did not answer in time.', 'Ask again in a minute.', undefined, 1);
  }
  if (statusCode === 429) {
    const retryAfterMs = retryAfterFrom(heard.retryAfter) ?? heard.resetsAfterMs ?? 5000;
    return retry('429', 'Azure is busy.', 'It limits how often it may be asked; ask again shortly.', retryAfterMs);
  }
  if (statusCode !== undefined && statusCode >= 500) {
    return retry(String(statusCode), 'Azure Resource Graph is not available.', 'Ask again in a minute.');
  }
  if (
    statusCode === 401 ||
    name === 'CredentialUnavailableError' ||
    name === 'AuthenticationError' ||
    name === 'AuthenticationRequiredError' ||
    name === 'AggregateAuthenticationError'
  ) {
    return final(
      String(statusCode ?? 'token'),
      new FatalError("Azure refused the bot's identity.", 'Check the AZURE_* settings with `golden check`.', error),
    );
  }
  if (statusCode === 403) {
    return final(
      '403',
      new FatalError(
        'The bot may not read this in Azure.',
        'Give its identity the Reader role on the configured scopes; `golden check` names them.',
        error,
      ),
    );
  }
  if (statusCode === 400 || statusCode === 413) {
    const codes = codesOf(error);
    if (statusCode === 413 || codes.some((each) => /ResponsePayloadTooLarge/i.test(each))) {
      return final(String(statusCode), new TooLarge(error));
    }
    if (codes.some((each) => /NoValidSubscriptions/i.test(each))) return final('400', new NothingReadable(error));
    return final('400', new InvalidQuery(codes.length > 0 ? codes : [code ?? 'BadRequest'], error));
  }
  if (statusCode !== undefined) {
    return final(
      String(statusCode),
      new FatalError(
        `Azure answered with HTTP ${statusCode}.`,
        'Check AZURE_CLOUD and AZURE_RESOURCE_MANAGER_ENDPOINT with `golden check`.',
        error,
      ),
    );
  }
  // No status: an HTML page in place of JSON, or the connection broke.
  return retry(
    'unreadable',
    'Azure could not be reached.',
    'Ask again in a minute; `golden check` tells what is wrong if it stays so.',
  );
}

/** All error codes of an answer: the outer one is only ever "BadRequest"; the one that tells is inside `details`. */
function codesOf(error: unknown): readonly string[] {
  const codes = partsOf(error).flatMap(({ code }) => (typeof code === 'string' ? code : []));
  return [...new Set(codes)];
}

/** "Response payload size is 94330584, and has exceeded the limit of 16777216." */
function timesTooLarge(error: unknown): number | undefined {
  for (const { message } of partsOf(error)) {
    const [, size, limit] = /payload size is (\d+)\b.*\blimit of (\d+)/i.exec(String(message)) ?? [];
    if (Number(limit) > 0) return Number(size) / Number(limit);
  }
  return undefined;
}

/** An error with those inside it, the outermost first. */
function partsOf(error: unknown): readonly { readonly code?: unknown; readonly message?: unknown }[] {
  const parts: { code?: unknown; message?: unknown }[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > 6) return;
    const { error: inner, details } = value as { error?: unknown; details?: unknown };
    parts.push(value);
    visit(inner, depth + 1);
    if (Array.isArray(details)) for (const detail of details) visit(detail, depth + 1);
    else visit(details, depth + 1);
  };
  visit(error, 0);
  return parts;
}

/** Retry-After is a number of seconds or a date. */
function retryAfterFrom(header: string | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  const seconds = Number(header);
  if (!Number.isNaN(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
