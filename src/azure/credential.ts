import { DefaultAzureCredential, type TokenCredential } from '@azure/identity';
import type { AzureSettings } from '../config.ts';

/** Options that every Azure client of ours is made with. */
export interface ClientOptions {
  readonly credential: TokenCredential;
  readonly options: {
    readonly endpoint: string;
    readonly credentials: { readonly scopes: string[] };
    readonly retryOptions: { readonly maxRetries: number };
    readonly allowInsecureConnection?: boolean;
    readonly additionalPolicies?: { policy: LoopbackTokenPolicy; position: 'perCall' }[];
  };
}

/** A pipeline policy as the SDK takes it. */
interface LoopbackTokenPolicy {
  readonly name: string;
  sendRequest(
    request: { headers: { set(name: string, value: string): void } },
    next: (request: never) => Promise<never>,
  ): Promise<never>;
}

/**
 * How to reach the configured cloud. Endpoint, authority and token audience follow the cloud together: the SDK's own cloud
 * setting moves only the endpoint. Retries are ours (see ResourceGraph), so that one limiter sees every request.
 */
export function clientOptions(settings: AzureSettings): ClientOptions {
  const common = {
    endpoint: settings.endpoint,
    credentials: { scopes: [settings.tokenScope] },
    retryOptions: { maxRetries: 0 },
  };
  const { accessToken } = settings;
  if (accessToken === undefined) {
    return { credential: new DefaultAzureCredential({ authorityHost: settings.authorityHost }), options: common };
  }
  return {
    credential: { getToken: async () => ({ token: accessToken, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    options: {
      ...common,
      allowInsecureConnection: true,
      additionalPolicies: [{ policy: loopbackToken(accessToken), position: 'perCall' }],
    },
  };
}

/** The SDK's bearer policy, which a client made for a plain http address has to drop. */
export const BEARER_POLICY = 'bearerTokenAuthenticationPolicy';

/** Sends the token over plain http, which the SDK's own policy rightly refuses; only ever used on the loopback interface. */
function loopbackToken(accessToken: string): LoopbackTokenPolicy {
  return {
    name: 'loopbackToken',
    sendRequest(request, next) {
      request.headers.set('Authorization', `Bearer ${accessToken}`);
      return next(request as never);
    },
  };
}
