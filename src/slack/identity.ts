import type { WebClient } from '@slack/web-api';

/** Who the bot is in Slack, as `auth.test` says. */
export interface Identity {
  readonly team: string;
  readonly enterprise: string | undefined;
  /** Installed for a whole organisation, hence for all of its workspaces. */
  readonly forOrganisation: boolean;
  readonly bot: { readonly botUserId?: string; readonly botId?: string };
}

/** Asks Slack who the token belongs to. @throws what the SDK throws */
export async function identify(client: WebClient): Promise<Identity> {
  const { team_id = '', enterprise_id, is_enterprise_install = false, user_id, bot_id } = await client.auth.test();
  return {
    team: team_id,
    enterprise: enterprise_id,
    forOrganisation: is_enterprise_install,
    bot: { ...(user_id !== undefined && { botUserId: user_id }), ...(bot_id !== undefined && { botId: bot_id }) },
  };
}

/** Whether somebody is of another workspace. Before Slack has said who we are nobody is: the signature was checked. */
export function isStranger(
  identity: Identity | undefined,
  from: { team: string; enterprise: string | undefined },
): boolean {
  if (identity === undefined || from.team === identity.team) return false;
  return !(identity.forOrganisation && identity.enterprise !== undefined && from.enterprise === identity.enterprise);
}

/** Asks once, and again only after a failure. The identity belongs to the token and never changes. */
export function identityOf(client: WebClient): () => Promise<Identity> {
  let known: Promise<Identity> | undefined;
  return () => {
    known ??= identify(client).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
