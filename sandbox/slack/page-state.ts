import type { Hub } from './hub.ts';
import type { Fields } from './types.ts';
/** What the page shows to one user. */
export function pageState(_hub: Hub, _user: string): Fields {
  return {};
}
