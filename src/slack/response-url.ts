import { setTimeout as pause } from 'node:timers/promises';

/** How a response URL took what it was sent. */
export type Delivered =
  | { readonly kind: 'ok' }
  /** The payload itself is at fault; a simpler one may do. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The URL is used up, too old, or cannot be reached: only another way helps. */
  | { readonly kind: 'unreachable'; readonly reason: string };

const ATTEMPTS = 3;
const LONGEST_WAIT_SEC = 30;
const TIMEOUT_MS = 10_000;

/** Posts to a response URL (five uses within 30 minutes); waits where Slack is busy. Never throws. */
export async function postTo(url: string, body: object): Promise<Delivered> {
  for (let attempt = 1; ; attempt += 1) {
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        redirect: 'error',
      });
      text = await response.text();
    } catch (error) {
      return { kind: 'unreachable', reason: error instanceof Error ? error.message : String(error) };
    }
    const reason = reasonIn(text);
    // Slack answers some refusals with 200 and `ok: false`.
    if (response.ok && reason === undefined) return { kind: 'ok' };
    if (response.status === 429 && attempt < ATTEMPTS) {
      const waitSec = Number(response.headers.get('retry-after') ?? 1);
      await pause(Math.min(LONGEST_WAIT_SEC, waitSec > 0 ? waitSec : 1) * 1_000);
      continue;
    }
    const named = reason ?? `HTTP ${response.status}`;
    return isAboutPayload(named) ? { kind: 'refused', reason: named } : { kind: 'unreachable', reason: named };
  }
}

/** Whether Slack's word is about what was sent rather than about where. */
export function isAboutPayload(error: string): boolean {
  return /block|attachment|too_long|too_large|invalid_payload|no_text/.test(error);
}

function reasonIn(text: string): string | undefined {
  try {
    const { ok, error } = JSON.parse(text) as { ok?: unknown; error?: unknown };
    if (ok !== false) return undefined;
    return typeof error === 'string' ? error : 'unknown';
  } catch {
    return /^[a-z_]{3,60}$/.test(text) ? text : undefined;
  }
}
