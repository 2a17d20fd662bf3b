import { defineCommand } from '../src/command.ts';
import { UserError } from '../src/core/errors.ts';
import { MUTE_EXAMPLES, muteUntil } from '../src/core/mute-until.ts';
import type { Team } from '../src/core/team.ts';
import { nextDue } from '../src/core/week.ts';
import { type DigestTeam, hasDigest } from '../src/digest/digests.ts';
import { mutedView, unmutedView } from '../src/slack/views/mute.ts';
import { approverOnly } from './approver.ts';
import { onlyTeam, takeTeam } from './team-words.ts';

export const mute = defineCommand<
  { readonly team: DigestTeam; readonly until: string },
  { readonly team: Team; readonly until: Date; readonly timezone: string | undefined }
>({
  name: 'mute',
  usage: 'mute <team> until <date>',
  summary: "Keeps a team's weekly digests silent until a day; for its approvers",

  parse(words, asking) {
    const { team, rest } = takeTeam(words, asking);
    const until = rest.join(' ');
    if (until.replace(/^(?:until|till|for)$/i, '') === '') {
      throw new UserError('Until when?', `For example "/golden mute ${team.name} until 2026-12-24". ${MUTE_EXAMPLES}`);
    }
    return { team: withDigest(team), until };
  },

  async query({ team, until }, { mutes, people, clock }, _flags, asker) {
    const end = muteUntil(until, team.digest.timezone, clock.now());
    if ('problem' in end) throw new UserError(end.problem, MUTE_EXAMPLES);
    const by = await approverOnly(team, asker, people, 'mute its digests');
    await mutes.put({ team: team.name, untilMs: end.until.getTime(), by });
    return { team, until: end.until, timezone: await people.timeZone(by).catch(() => undefined) };
  },

  render: mutedView,
});

export const unmute = defineCommand<
  { readonly team: DigestTeam },
  { readonly team: Team; readonly wasMuted: boolean; readonly next: Date; readonly timezone: string | undefined }
>({
  name: 'unmute',
  usage: 'unmute <team>',
  summary: "Lets a team's muted digests be posted again; for its approvers",

  parse(words, asking) {
    const { team, rest } = takeTeam(words, asking);
    onlyTeam(rest, `unmute ${team.name}`);
    return { team: withDigest(team) };
  },

  async query({ team }, { mutes, people, clock }, _flags, asker) {
    const by = await approverOnly(team, asker, people, 'unmute its digests');
    const now = clock.now();
    const wasMuted = (await mutes.all(now.getTime())).some((each) => each.team === team.name);
    await mutes.remove(team.name);
    const timezone = await people.timeZone(by).catch(() => undefined);
    return { team, wasMuted, next: nextDue(team.digest, now).due, timezone };
  },

  render: unmutedView,
});

function withDigest(team: Team): DigestTeam {
  if (hasDigest(team)) return team;
  throw new UserError(
    `${team.name} gets no weekly digest.`,
    `Whoever runs Golden can give it one: teams.${team.name}.channel and digest in golden.yml.`,
  );
}
