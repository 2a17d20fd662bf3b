import type { Team } from '../../core/team.ts';
import { mrkdwn, plain } from '../escape.ts';
import { ACTION, askDigest, quoted } from './asks.ts';
import { actions, button, header, line, note, paragraph, rich, words } from './blocks.ts';
import { momentLeaf, zoned } from './dates.ts';
import { channelLeaf } from './mentions.ts';
import type { Message } from './message.ts';

/** What an approver did to a team's digests, said to that approver alone. */

/** A team's digests are silent from now on. */
export interface Muted {
  readonly team: Pick<Team, 'name'>;
  readonly until: Date;
  /** The asker's zone, IANA. */
  readonly timezone?: string | undefined;
}

/** The answer to `/golden mute`. */
export function mutedView({ team, until, timezone }: Muted): Message {
  return {
    text: `${mrkdwn(team.name, 100)} gets no digest until ${zoned(until, timezone)}. It ends by itself.`,
    blocks: [
      header(`${plain(team.name, 60)}: digests are muted`),
      rich(
        line(
          words('Nothing is posted until '),
          momentLeaf(until, timezone),
          words('. Then digests come again by themselves.'),
        ),
      ),
      note('The platform’s digest says so. What is found is recorded all the same, and a preview shows it.'),
      ...actions([
        button('Unmute', `${ACTION.run}:unmute`, `unmute ${quoted(team.name)}`, `Let ${team.name} have digests again`),
        button('Digest preview', `${ACTION.run}:digest`, askDigest(team.name)),
      ]),
    ],
  };
}

/**
 * The answer to `/golden unmute`.
 *
 * @param unmuted.wasMuted False where there was nothing to end.
 * @param unmuted.next When the next digest is due, where the team gets any.
 */
export function unmutedView({
  team,
  wasMuted,
  next,
  timezone,
}: {
  readonly team: Pick<Team, 'name'>;
  readonly wasMuted: boolean;
  readonly next?: Date | undefined;
  readonly timezone?: string | undefined;
}): Message {
  const said = wasMuted ? 'digests are posted again' : 'digests were not muted';
  return {
    text: `${mrkdwn(team.name, 100)}: ${said}.${next ? ` The next one is due ${zoned(next, timezone)}.` : ''}`,
    blocks: [
      header(`${plain(team.name, 60)}: ${said}`),
      ...(next
        ? [rich(line(words('The next one is due '), momentLeaf(next, timezone), words('.')))]
        : [paragraph('No digest is planned: golden.yml names no channel or no time for this team.')]),
      ...actions([button('Digest preview', `${ACTION.run}:digest`, askDigest(team.name))]),
    ],
  };
}

/** Said to whoever posted a team's digest by hand. */
export function postedNowView({
  team,
  channel,
}: {
  readonly team: Pick<Team, 'name'>;
  readonly channel: string;
}): Message {
  return {
    text: `The digest of ${mrkdwn(team.name, 100)} is posted. The weekly one comes as scheduled.`,
    blocks: [
      header(`${plain(team.name, 60)}: the digest is posted`),
      rich(line(words('It is in '), channelLeaf(channel), words('. The weekly one comes as scheduled.'))),
    ],
  };
}
