import type { Unread } from './report.ts';
import { scaleSetOfInstance, subscriptionOf } from './resource-id.ts';

/**
 * What may be out of sight while something could not be read: a finding that is missing then is not known to be fixed.
 * In doubt everything may be.
 *
 * @returns whether a resource of this id may only be out of sight
 */
export function hidesOf(unread: readonly Unread[]): (id: string) => boolean {
  const hiders = unread.map(hiderOf);
  return (id) => hiders.some((hides) => hides(id));
}

function hiderOf({ hides }: Unread): (id: string) => boolean {
  if (hides === undefined) return () => true;
  if (hides === 'nothing') return () => false;
  if (hides === 'instances') return (id) => scaleSetOfInstance(id) !== undefined;
  const subscription = hides.subscription.toLowerCase();
  return (id) => subscriptionOf(id) === subscription;
}
