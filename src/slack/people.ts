import { type UsersInfoResponse, WebClient } from '@slack/web-api';
import { FatalError, RetryableError } from '../core/errors.ts';
import type { Team } from '../core/team.ts';
import type { Memberships, Pace, People } from '../ports.ts';
import { clientOptions } from './call.ts';
import { failureOf } from './failure.ts';
import { type Identity, identityOf } from './identity.ts';
import { sdkLogger } from './logger.ts';
import { GROUPS, takeTurn, USERS } from './pace.ts';
import type { Logger } from './ports.ts';
import { Recent } from './recent.ts';
import { tokenTrouble } from './refusals.ts';

/** What asking for people takes. */
export interface PeopleParts {
  /** Shared by all replicas. */
  readonly pace: Pace;
  readonly logger: Logger;
  readonly identity?: () => Promise<Identity>;
  /** Milliseconds that only go forward. */
  readonly now?: () => number;
  readonly timeoutMs?: number;
  /** How long an answer that may be a minute old waits for its turn. */
  readonly patienceMs?: number;
}

/** People, and what is known of them taken back. */
export interface SlackPeople extends People, Memberships {
  /** Somebody joined or left a group: groups are asked for anew. */
  forgetGroups(): void;
}

const LIFETIME_MS = 60_000;
/** Asking for each member of a group of seventy takes so long at Slack's pace. */
const PATIENCE_MS = 30_000;
/** Somebody clicked and waits. */
const DECISION_PATIENCE_MS = 5_000;

type SlackUser = NonNullable<UsersInfoResponse['user']>;

/** Opens the port that tells who people are. Nothing is asked of Slack before the first question. */
export function openPeople(
  settings: { readonly botToken: string; readonly apiUrl: string },
  parts: PeopleParts,
): SlackPeople {
  const { logger, timeoutMs, now = () => performance.now() } = parts;
  const client = new WebClient(settings.botToken, {
    ...clientOptions(settings.apiUrl, timeoutMs),
    logger: sdkLogger(logger),
  });
  const asking = new Asking(client, parts.pace, parts.identity ?? identityOf(client));
  const patienceMs = parts.patienceMs ?? PATIENCE_MS;
  const users = new Recent((id: string) => asking.user(id, patienceMs), LIFETIME_MS, now);
  const groups = new Recent(() => asking.groups(patienceMs), LIFETIME_MS, now);

  const counts = async (id: string) => asking.counts(await users.get(id));

  return {
    async approvers({ name, approvers }) {
      const ids = new Set(approvers.users);
      const known = approvers.userGroups.length === 0 ? undefined : await groups.get('all');
      for (const group of approvers.userGroups) {
        const members = known?.get(group);
        if (!members) logger.warn({ team: name, group }, 'a group of approvers does not exist in Slack');
        for (const member of members ?? []) ids.add(member);
      }
      const counted = await Promise.all([...ids].map(async (id) => ((await counts(id)) ? [id] : [])));
      return counted.flat();
    },

    async teamsOf(user, teams) {
      const inGroups = teams.some(({ approvers }) => approvers.userGroups.length > 0);
      const known = inGroups ? await groups.get('all') : undefined;
      const theirs = teams.filter(
        ({ approvers }) =>
          approvers.users.includes(user) || approvers.userGroups.some((group) => known?.get(group)?.has(user)),
      );
      return theirs.length > 0 && (await counts(user)) ? theirs : [];
    },

    async isApprover(team, user) {
      if (!(await asking.isMember(team, user))) return false;
      return asking.counts(await asking.user(user, DECISION_PATIENCE_MS));
    },

    async timeZone(user) {
      try {
        return (await users.get(user))?.tz;
      } catch (error) {
        logger.warn({ err: error, user }, 'Slack does not tell a time zone');
        return undefined;
      }
    },

    forgetGroups: () => groups.clear(),
  };
}

/** Questions to Slack, each asked now. */
class Asking {
  readonly #client: WebClient;
  readonly #pace: Pace;
  readonly #identity: () => Promise<Identity>;

  constructor(client: WebClient, pace: Pace, identity: () => Promise<Identity>) {
    this.#client = client;
    this.#pace = pace;
    this.#identity = identity;
  }

  /** Somebody; undefined for whom Slack does not know or show. @throws RetryableError, FatalError */
  async user(id: string, patienceMs: number): Promise<SlackUser | undefined> {
    const ask = () => this.#client.users.info({ user: id });
    const answer = await this.#paced(USERS, patienceMs, ask, /^user_not_(found|visible)$/);
    return answer?.user;
  }

  /** All groups in use, with their members: one call, however many teams there are. @throws RetryableError, FatalError */
  async groups(patienceMs: number): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const ask = () => this.#client.usergroups.list({ include_users: true });
    const answer = await this.#paced(GROUPS, patienceMs, ask);
    return new Map((answer?.usergroups ?? []).map(({ id = '', users = [] }) => [id, new Set(users)]));
  }

  /** Whether a team's approvers name somebody at this moment, by themselves or by a group. @throws RetryableError, FatalError */
  async isMember({ name, approvers }: Team, user: string): Promise<boolean> {
    if (approvers.users.includes(user)) return true;
    const unknown: string[] = [];
    for (const usergroup of approvers.userGroups) {
      const ask = () => this.#client.usergroups.users.list({ usergroup });
      const answer = await this.#paced(GROUPS, DECISION_PATIENCE_MS, ask, /^no_such_subteam$/);
      if (answer?.users?.includes(user)) return true;
      if (!answer) unknown.push(usergroup);
    }
    if (unknown.length === 0) return false;
    throw new FatalError(
      `Nobody can tell whether you may decide for ${name}: Slack knows no user group ${unknown.join(', ')}.`,
      `Correct teams.${name}.approvers.userGroups in golden.yml, or enable the group in Slack.`,
    );
  }

  /** Whether somebody is a person of this workspace whose word counts: no guest, no bot, nobody who left or is of elsewhere. */
  async counts(user: SlackUser | undefined): Promise<boolean> {
    if (!user || user.deleted || user.is_bot || user.is_restricted || user.is_ultra_restricted || user.is_stranger) {
      return false;
    }
    const me = await this.#who();
    if (user.team_id === me.team) return true;
    const { enterprise_id, teams = [] } = user.enterprise_user ?? {};
    return me.forOrganisation
      ? me.enterprise !== undefined && enterprise_id === me.enterprise
      : teams.includes(me.team);
  }

  async #who(): Promise<Identity> {
    try {
      return await this.#identity();
    } catch (error) {
      throw cannotTell(error);
    }
  }

  /** A call at Slack's pace; undefined where Slack refuses with a word that is an answer. */
  async #paced<T>(
    bucket: typeof USERS,
    patienceMs: number,
    ask: () => Promise<T>,
    none = /(?!)/,
  ): Promise<T | undefined> {
    const waitMs = await takeTurn(this.#pace, [bucket], patienceMs);
    if (waitMs > 0) throw busy(waitMs);
    try {
      return await ask();
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'refused' && none.test(failure.error)) return undefined;
      if (failure.kind === 'busy') await this.#pace.hold(bucket.key, failure.waitMs);
      throw cannotTell(error);
    }
  }
}

function busy(retryAfterMs: number, cause?: unknown): RetryableError {
  return new RetryableError('Slack is busy and does not tell who may decide.', 'Ask again in a minute.', {
    retryAfterMs,
    cause,
  });
}

function cannotTell(cause: unknown): RetryableError | FatalError {
  const failure = failureOf(cause);
  if (failure.kind === 'busy') return busy(failure.waitMs, cause);
  if (failure.kind === 'refused') {
    return (
      tokenTrouble(failure, cause) ??
      new FatalError(
        `Slack does not tell who may decide (${failure.error}).`,
        'Run `golden check`: it names what is missing.',
        cause,
      )
    );
  }
  return new RetryableError('Slack did not answer who may decide.', 'Ask again in a minute.', { cause });
}
