import { ArmError } from './errors.ts';
import type { Estate, ResourceRow, Visibility } from './estate.ts';

/** Who stands behind a token, and what they may not read. Ids and prefixes in any case. */
export interface Principal {
  name?: string;
  unreadableSubscriptions?: readonly string[];
  /** Gallery ids: the gallery, its definitions and its versions stay hidden. */
  unreadableGalleries?: readonly string[];
  /** Prefixes of ids. */
  unreadableResources?: readonly string[];
}

/** The principal of a request. @throws ArmError 401 without a token, or with one that nobody has */
export function authenticate(
  authorization: string | undefined,
  tokens: ReadonlyMap<string, Principal>,
): { token: string; principal: Principal } {
  const challenge = {
    'WWW-Authenticate':
      'Bearer authorization_uri="https://login.microsoftonline.com/", error="invalid_token", error_description="The authentication failed."',
  };
  if (!authorization) {
    throw new ArmError(
      401,
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
      undefined,
      challenge,
    );
  }
  const token = /^Bearer (.+)$/i.exec(authorization)?.[1] ?? '';
  const principal = tokens.get(token);
  if (!principal)
    throw new ArmError(401, 'InvalidAuthenticationToken', 'The access token is invalid.', undefined, challenge);
  return { token, principal };
}

/** All subscriptions of the estate that the principal can read, as rows. */
export function readableSubscriptions(estate: Estate, principal: Principal): ResourceRow[] {
  const unreadable = new Set(principal.unreadableSubscriptions?.map((id) => id.toLowerCase()));
  const everything: Visibility = { subscriptions: new AnySubscription(), tenantScope: true, hiddenPrefixes: [] };
  return [...estate.list('resourcecontainers', 'microsoft.resources/subscriptions', everything)].filter(
    (row) => !unreadable.has(row.subscriptionId),
  );
}

/** What a principal sees of the whole tenant, or of the given subscriptions of it. */
export function visibility(estate: Estate, principal: Principal, only?: ReadonlySet<string>): Visibility {
  const readable = readableSubscriptions(estate, principal).map((row) => row.subscriptionId);
  const galleries = (principal.unreadableGalleries ?? []).map((id) => `${id}/`);
  return {
    subscriptions: new Set(only ? readable.filter((id) => only.has(id)) : readable),
    tenantScope: only === undefined,
    hiddenPrefixes: [...galleries, ...(principal.unreadableResources ?? [])].map((id) => id.toLowerCase()),
  };
}

/** The ids of the subscriptions below a management group, at any depth; undefined when there is no such group. */
export function subscriptionsUnder(estate: Estate, principal: Principal, group: string): string[] | undefined {
  const name = group.toLowerCase();
  if (!estate.get(`/providers/Microsoft.Management/managementGroups/${name}`)) return undefined;
  return readableSubscriptions(estate, principal)
    .filter((row) => ancestorsOf(row).some((ancestor) => ancestor.toLowerCase() === name))
    .map((row) => row.subscriptionId);
}

function ancestorsOf(row: ResourceRow): string[] {
  const { managementGroupAncestorsChain: chain } = row.properties as {
    managementGroupAncestorsChain?: { name: string }[];
  };
  return chain?.map((ancestor) => ancestor.name) ?? [];
}

/** A set that holds every subscription, for the questions that come before access is known. */
class AnySubscription extends Set<string> {
  override has(): boolean {
    return true;
  }
}
