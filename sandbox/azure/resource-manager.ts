import { type Principal, readableSubscriptions, visibility } from './access.ts';
import { type ArmBody, armOf, typeInId } from './arm.ts';
import { ArmError } from './errors.ts';
import { type Estate, isVisible, type ResourceRow } from './estate.ts';

const VMS_A_PAGE = 50; // keeps nextLink in play on small estates

/** Answers the GETs of ARM from the estate. */
export class ResourceManager {
  readonly #estate: Estate;

  constructor(estate: Estate) {
    this.#estate = estate;
  }

  /** The body for a GET. @throws ArmError 403, 404 or 400 as ARM does */
  get(url: URL, principal: Principal): ArmBody {
    const path = url.pathname.replace(/\/$/, '');
    if (/^\/subscriptions$/i.test(path))
      return { value: readableSubscriptions(this.#estate, principal).map(subscriptionBody) };
    const subscription = /^\/subscriptions\/([^/]+)$/i.exec(path)?.[1];
    if (subscription !== undefined) return subscriptionBody(this.#subscription(subscription, principal));
    const listed = /^\/subscriptions\/([^/]+)\/providers\/Microsoft\.Compute\/virtualMachines$/i.exec(path)?.[1];
    if (listed !== undefined) return this.#virtualMachines(url, listed.toLowerCase(), principal);
    return this.#resource(decodeURIComponent(path), url.searchParams.get('$expand') ?? undefined, principal);
  }

  #subscription(id: string, principal: Principal): ResourceRow {
    const row = readableSubscriptions(this.#estate, principal).find((each) => each.subscriptionId === id.toLowerCase());
    if (!row) throw new ArmError(404, 'SubscriptionNotFound', `The subscription '${id}' could not be found.`);
    return row;
  }

  #resource(id: string, expand: string | undefined, principal: Principal): ArmBody {
    const subscription = /^\/subscriptions\/([^/]+)/i.exec(id)?.[1];
    const sees = visibility(this.#estate, principal);
    const row = this.#estate.get(id);
    const isHidden = row
      ? !isVisible(row, sees)
      : subscription !== undefined && this.#isForbidden(subscription, principal);
    if (isHidden) throw forbidden(id);
    if (!row && subscription !== undefined) this.#subscription(subscription, principal);
    if (!row) throw notFound(id);
    return armOf(row, expand, this.#estate.replication.get(id.toLowerCase()));
  }

  #isForbidden(subscription: string, principal: Principal): boolean {
    return principal.unreadableSubscriptions?.some((id) => id.toLowerCase() === subscription.toLowerCase()) ?? false;
  }

  #virtualMachines(url: URL, subscription: string, principal: Principal): ArmBody {
    if (this.#isForbidden(subscription, principal))
      throw forbidden(url.pathname, 'Microsoft.Compute/virtualMachines/read');
    this.#subscription(subscription, principal);
    const skip = Number(url.searchParams.get('$skipToken') ?? 0);
    const sees = visibility(this.#estate, principal, new Set([subscription]));
    const page: ArmBody[] = [];
    let position = 0;
    for (const row of this.#estate.list('resources', 'microsoft.compute/virtualmachines', sees)) {
      if (position++ < skip) continue;
      if (page.length === VMS_A_PAGE) {
        const next = new URL(url);
        next.searchParams.set('$skipToken', String(skip + VMS_A_PAGE));
        return { value: page, nextLink: next.href };
      }
      page.push(armOf(row, url.searchParams.get('statusOnly') === 'true' ? 'instanceView' : undefined));
    }
    return { value: page };
  }
}

function subscriptionBody(row: ResourceRow): ArmBody {
  const { subscriptionId, tenantId, name: displayName, tags } = row;
  return {
    id: `/subscriptions/${subscriptionId}`,
    authorizationSource: 'RoleBased',
    subscriptionId,
    tenantId,
    displayName,
    state: 'Enabled',
    tags: tags ?? {},
  };
}

function forbidden(scope: string, action = `${typeInId(scope)}/read`): ArmError {
  return new ArmError(
    403,
    'AuthorizationFailed',
    `The client 'sandbox' with object id '00000000-0000-0000-0000-0000000000aa' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

function notFound(id: string): ArmError {
  const parts = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)\/providers\/(.+)$/i.exec(id);
  if (!parts) {
    const group = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)$/i.exec(id)?.[1];
    if (group !== undefined)
      return new ArmError(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
    return new ArmError(404, 'NotFound', `The resource '${id}' could not be found.`);
  }
  const message = `The Resource '${parts[2]}' under resource group '${parts[1]}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`;
  return new ArmError(404, 'ResourceNotFound', message);
}
