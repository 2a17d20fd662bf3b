import type { AzureScope } from '../config.ts';

/** Subscriptions that one request may name; Azure's own clients keep to it. */
const SUBSCRIPTIONS_AT_MOST = 1000;

/** A list of subscriptions in parts that one request may name each. */
export function subscriptionScopes(ids: readonly string[]): readonly AzureScope[] {
  const parts: AzureScope[] = [];
  for (let start = 0; start < ids.length; start += SUBSCRIPTIONS_AT_MOST) {
    parts.push({ kind: 'subscriptions', ids: ids.slice(start, start + SUBSCRIPTIONS_AT_MOST) });
  }
  return parts;
}
