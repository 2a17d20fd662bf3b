import { defineCommand } from '../src/command.ts';
import type { WhyAnswer } from '../src/compliance/compliance.ts';
import { UserError } from '../src/core/errors.ts';
import { type WhyFound, whyView } from '../src/slack/views/why.ts';
import { whyExitCode, whyJson } from './terminal/json.ts';
import { whyText } from './terminal/why-text.ts';

export const why = defineCommand<{ readonly machine: string }, WhyFound>({
  name: 'why',
  usage: 'why <vm>',
  summary: 'The verdict on one machine: the rule, the evidence, the target image and the next step',

  parse(words) {
    const machine = words.join(' ').trim();
    if (machine === '')
      throw new UserError('Which machine?', 'For example: "/golden why web-01", or with its resource id.');
    return { machine };
  },

  async query({ machine }, { compliance, portal, clock }, { fresh }) {
    const answer = await compliance.why(machine, fresh === undefined ? {} : { fresh });
    if (answer.reports.length === 0) {
      throw new UserError(
        `No machine that can be read is called "${machine}".`,
        `Check the name in the portal, or ask with the resource id. "/golden list <team>" shows the names of a team.${notLookedFor(answer)}`,
      );
    }
    return { answer, portal, now: clock.now() };
  },

  render: whyView,
  terminal: { json: whyJson, text: whyText, exitCode: whyExitCode },
});

/** Nobody should take "not found" for "does not exist". */
function notLookedFor({ unread }: WhyAnswer): string {
  return unread.map(({ scope, reason }) => ` Not looked at: ${scope}, because ${reason}.`).join('');
}
