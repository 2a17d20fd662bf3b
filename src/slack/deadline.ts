import { RetryableError } from '../core/errors.ts';

/** Adapters have their own timeouts; this one is for what nobody thought of, and for a process that has to end. */
export async function unlessGivenUp<T>(answer: Promise<T>, deadlineMs: number, giveUp: AbortSignal): Promise<T> {
  const over = Promise.withResolvers<never>();
  const timer = setTimeout(() => over.reject(tooLate(deadlineMs)), deadlineMs);
  const abandon = () => over.reject(giveUp.reason);
  if (giveUp.aborted) abandon();
  giveUp.addEventListener('abort', abandon);
  try {
    return await Promise.race([answer, over.promise]);
  } finally {
    clearTimeout(timer);
    giveUp.removeEventListener('abort', abandon);
  }
}

function tooLate(deadlineMs: number): RetryableError {
  return new RetryableError(
    `Azure did not answer within ${Math.round(deadlineMs / 1000)} s.`,
    'Ask again; if it stays so, tell whoever runs Golden.',
  );
}
