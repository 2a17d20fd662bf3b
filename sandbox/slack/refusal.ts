import type { Fields } from './types.ts';

/** A method or payload that Slack refuses: becomes `{ok: false, error, ...more}`. */
export class Refusal extends Error {
  readonly error: string;
  readonly more: Fields;

  constructor(error: string, more: Fields = {}) {
    super(error);
    this.error = error;
    this.more = more;
  }
}

/** Throws the refusal when there is one. */
export function refuseIf(verdict: { error: string; messages: readonly string[] } | undefined): void {
  if (verdict)
    throw new Refusal(
      verdict.error,
      verdict.messages.length > 0 ? { response_metadata: { messages: verdict.messages } } : {},
    );
}
