import { BEARER_POLICY } from '../src/azure/credential.ts';
import type { AzureSettings } from '../src/config.ts';

/** The ids of all subscriptions that the identity can read. The package for it is not among our dependencies. */
export async function listSubscriptions({ endpoint, accessToken }: AzureSettings): Promise<string[]> {
  const response = await fetch(`${endpoint}/subscriptions?api-version=2022-12-01`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  const { value } = (await response.json()) as { value: { subscriptionId: string }[] };
  return value.map(({ subscriptionId }) => subscriptionId);
}

/** The SDK's bearer policy refuses plain http; our own policy, in the client's options, sends the token on loopback. */
export function withLoopbackToken<C extends { readonly pipeline: { removePolicy(policy: { name: string }): unknown } }>(
  client: C,
): C {
  client.pipeline.removePolicy({ name: BEARER_POLICY });
  return client;
}
