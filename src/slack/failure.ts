import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { reasonOf, TransportError } from './transport.ts';

/** Why a call to Slack failed, and what that tells about whether it was carried out. */
export type CallFailure =
  /** Certainly not carried out. `error` is Slack's word for why, `needed` the scope that is missing. */
  | { readonly kind: 'refused'; readonly error: string; readonly needed?: string }
  /** Certainly not carried out: Slack asks to wait. */
  | { readonly kind: 'busy'; readonly waitMs: number }
  /** Certainly not carried out: no connection came about. */
  | { readonly kind: 'unreached'; readonly why: string }
  /** Certainly not carried out: something on the way to Slack refused the request. */
  | { readonly kind: 'rejected'; readonly why: string }
  /** It may have been carried out. */
  | { readonly kind: 'unsure'; readonly why: string };

/** Slack says of the first two that "some aspect of the operation" may have succeeded; the others are taken as meant so. */
const UNSURE =
  /^(internal_error|fatal_error|service_unavailable|request_timeout)$|timeout|timed_out|unavailable|_error$/;
/** Words for a limit that come with status 200, and for a workspace that is being moved. */
const BUSY_MS: Readonly<Record<string, number>> = {
  ratelimited: 30_000,
  rate_limited: 60_000,
  org_login_required: 300_000,
  team_added_to_org: 300_000,
};

/**
 * Sorts what the SDK threw. In doubt `unsure`: whoever must not do something twice asks before doing it again.
 *
 * @param error Thrown by a client made with `clientOptions`.
 */
export function failureOf(error: unknown): CallFailure {
  if (error instanceof WebAPIRateLimitedError) return { kind: 'busy', waitMs: Math.max(1, error.retryAfter) * 1_000 };
  if (error instanceof WebAPIPlatformError) return refusal(error);
  if (error instanceof WebAPIHTTPError) return httpFailure(error.statusCode);
  if (error instanceof WebAPIRequestError) {
    const { original } = error;
    const unreached = original instanceof TransportError && original.unreached;
    return { kind: unreached ? 'unreached' : 'unsure', why: reasonOf(original) };
  }
  return { kind: 'unsure', why: reasonOf(error) };
}

function refusal({ data }: WebAPIPlatformError): CallFailure {
  const { error, needed }: { readonly error?: unknown; readonly needed?: unknown } = data;
  // What is no word of Slack's is the page of a proxy, or half an answer.
  if (typeof error !== 'string' || !/^[a-z0-9_]{2,80}$/i.test(error)) {
    return { kind: 'unsure', why: 'the answer was not of Slack’s form' };
  }
  const waitMs = BUSY_MS[error];
  if (waitMs !== undefined) return { kind: 'busy', waitMs };
  if (UNSURE.test(error)) return { kind: 'unsure', why: error };
  return { kind: 'refused', error, ...(typeof needed === 'string' && { needed }) };
}

/** Slack itself answers 200 or 429; 408 is a proxy that had taken the request on. */
function httpFailure(status: number): CallFailure {
  const why = `HTTP ${status}`;
  return status >= 400 && status < 500 && status !== 408 ? { kind: 'rejected', why } : { kind: 'unsure', why };
}
