import { defineCommand } from '../src/command.ts';
import type { Digest } from '../src/core/digest.ts';
import { UserError } from '../src/core/errors.ts';
import type { Team } from '../src/core/team.ts';
import { hasChannel } from '../src/digest/digests.ts';
import { digestMessages } from '../src/slack/views/digest.ts';
import { postedNowView } from '../src/slack/views/mute.ts';
import { approverOnly } from './approver.ts';
import { onlyTeam, takeTeam } from './team-words.ts';

type DigestAnswer =
  | { readonly kind: 'preview'; readonly digest: Digest; readonly mayPost: boolean }
  | { readonly kind: 'posted'; readonly team: Team; readonly channel: string };

export const digest = defineCommand<{ readonly team: Team; readonly now: boolean }, DigestAnswer>({
  name: 'digest',
  usage: 'digest <team> [now]',
  summary: "What a team's weekly digest would say now, for you alone; with `now` an approver posts it",

  parse(words, asking) {
    const { team, rest } = takeTeam(words, asking);
    const now = rest[0]?.toLowerCase() === 'now';
    onlyTeam(now ? rest.slice(1) : rest, `digest ${team.name}${now ? ' now' : ''}`);
    return { team, now };
  },

  async query({ team, now }, { digests, people }, _flags, asker) {
    if (!now) {
      // Who may not be asked for may not post either: the button is not offered then.
      const mayPost =
        asker.kind === 'person' && hasChannel(team) && (await people.isApprover(team, asker.user).catch(() => false));
      return { kind: 'preview', digest: await digests.preview(team), mayPost };
    }
    if (!hasChannel(team)) {
      throw new UserError(
        `${team.name} has no channel to post a digest in.`,
        `Whoever runs Golden can give it one: teams.${team.name}.channel in golden.yml.`,
      );
    }
    await approverOnly(team, asker, people, 'post its digest');
    const { channel } = await digests.postNow(team);
    return { kind: 'posted', team, channel };
  },

  render(answer) {
    if (answer.kind === 'posted') return postedNowView(answer);
    return digestMessages(answer.digest, { mention: false, preview: 'preview', mayPost: answer.mayPost }).head;
  },
});
