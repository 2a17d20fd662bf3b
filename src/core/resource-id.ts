/** Azure resource ids compare without regard to case; keep the original for display and for calls. */
export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Whether `id` names a resource below `parent` (a gallery's definition, a definition's version). */
export function isBelow(id: string, parent: string): boolean {
  return id.toLowerCase().startsWith(`${parent.toLowerCase()}/`);
}

/** The last segment of a resource id: the resource's own name. */
export function resourceName(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** The subscription guid of a resource id, lower-case; undefined where the id has none (a management group). */
export function subscriptionOf(id: string): string | undefined {
  return /^\/subscriptions\/([^/]+)/i.exec(id)?.[1]?.toLowerCase();
}

/** The resource group's name as the id spells it. */
export function resourceGroupOf(id: string): string | undefined {
  return /\/resourcegroups\/([^/]+)/i.exec(id)?.[1];
}

/** The uniform scale set of an instance id, as the id spells it. */
export function scaleSetOfInstance(id: string): string | undefined {
  return /^(.*\/virtualmachinescalesets\/[^/]+)\/virtualmachines\/[^/]+$/i.exec(id)?.[1];
}

/**
 * The portal's page of a resource. Segments are encoded one by one: an id comes from Azure and may hold anything.
 *
 * @param portal The cloud's portal, e.g. `https://portal.azure.com`.
 */
export function portalLink(portal: string, id: string): string {
  return `${portal}/#@/resource${id.toWellFormed().split('/').map(encodeURIComponent).join('/')}`;
}
