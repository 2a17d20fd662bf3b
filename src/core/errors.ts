/**
 * Errors by who can act on them. Adapters translate what libraries throw into one of these at the boundary and keep the
 * `cause`; anything else that reaches the dispatcher is a bug and is shown as a fatal error with a reference id.
 */
export abstract class GoldenError extends Error {
  /** The next step, as a sentence to the person who can take it. */
  readonly hint: string;

  constructor(message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.hint = hint;
  }
}

/** The asker can mend it: a word that was not understood, a team that does not exist. */
export class UserError extends GoldenError {}

/** Later may work: throttling, 5xx, a timeout. */
export class RetryableError extends GoldenError {
  /** How long the other side asks us to wait, in milliseconds, if it said so. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, hint: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, hint, options.cause);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Somebody has to look: a missing permission, a wrong configuration, an answer that makes no sense. */
export class FatalError extends GoldenError {}
