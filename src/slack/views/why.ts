import type { WhyAnswer, WhyReport } from '../../compliance/compliance.ts';
import { portalLink, resourceGroupOf } from '../../core/resource-id.ts';
import { nextStepOf, reasonOf, STATE_NAMES, targetPhrase } from '../../core/wording.ts';
import { mrkdwn } from '../escape.ts';
import { ACTION, askList, askWhy } from './asks.ts';
import {
  actions,
  bullets,
  button,
  header,
  instant,
  leaf,
  line,
  link,
  note,
  ours,
  paragraph,
  rich,
  words,
} from './blocks.ts';
import { type Detail, fitted } from './budget.ts';
import { evidenceOf, targetIds } from './evidence.ts';
import { age, figure, kindPhrase, machines } from './figures.ts';
import type { Message } from './message.ts';
import { asOfSentence } from './parts.ts';
import { ruleOf } from './rule.ts';

/** What `/golden why` found, and what it takes to say it. */
export interface WhyFound {
  readonly answer: WhyAnswer;
  /** The portal of the configured cloud. */
  readonly portal: string;
  readonly now: Date;
}

const MOST_CHOICES = 10;

/** The answer to `/golden why`: one machine's verdict, or the choice between machines of one name. */
export function whyView({ answer, portal, now }: WhyFound): Message {
  const [only, ...more] = answer.reports;
  if (only && more.length === 0) return fitted(1, (detail) => verdictView(only, portal, now, detail));
  return fitted(Math.min(MOST_CHOICES, answer.reports.length), (detail) => choiceView(answer, detail));
}

function verdictView(report: WhyReport, portal: string, now: Date, { characters }: Detail): Message {
  const { finding, teams, asOf, catalogueAsOf } = report;
  const { name, id, verdict, target } = finding;
  const ask = askWhy(id);
  const wide = characters * 3;
  const state = STATE_NAMES[verdict.state];
  const facts = evidenceOf(report).map((fact) => line(words(`${fact.name}: `), leaf(fact.value, wide)));
  const [team] = teams;
  return {
    text: `${mrkdwn(name, 100)} is ${state}. ${mrkdwn(reasonOf(verdict), 300)} Next: ${mrkdwn(nextStepOf(finding), 300)}${asOfSentence(asOf)}`,
    blocks: [
      header(`${name.slice(0, 100)} is ${state}`),
      rich(
        line(leaf(reasonOf(verdict), wide)),
        line(words('Next step: ', { bold: true }), leaf(nextStepOf(finding), wide)),
        line(words('Rule: ', { bold: true }), words(ruleOf(verdict))),
      ),
      bullets('Evidence', facts),
      bullets(target.kind === 'choice' ? 'Target images to choose from' : 'Target image', [
        line(leaf(targetPhrase(target), wide)),
        ...targetIds(target)
          .slice(0, 5)
          .map((image) => line(leaf(image, wide, { code: true }))),
      ]),
      ours(
        `As Azure Resource Graph saw it ${instant(asOf)} (${age(asOf, now)}); image galleries as of ${instant(catalogueAsOf)}`,
      ),
      ...actions([
        link(
          'Open in portal',
          `${ACTION.open}:portal`,
          portalLink(portal, id.toWellFormed()),
          `Open ${name.slice(0, 40)} in the Azure portal`,
        ),
        button('Refresh', ACTION.refresh, ask, `Ask Azure again about ${name.slice(0, 40)}`),
        button('Share in channel', ACTION.share, ask, 'Post this answer in the channel'),
        team
          ? button('All findings of the team', `${ACTION.run}:list`, askList(team.name), `All findings of ${team.name}`)
          : undefined,
      ]),
    ],
  };
}

/** Several machines of one name; each button carries the id of its machine, which is all that tells them apart. */
function choiceView({ asked, reports }: WhyAnswer, { rows, characters }: Detail): Message {
  const shown = reports.slice(0, rows);
  const hidden = reports.length - shown.length;
  const title = `${machines(reports.length)} are called ${asked.slice(0, 80)}`;
  return {
    text: `${figure(reports.length)} machines are called ${mrkdwn(asked, 100)}. Choose one of them.`,
    blocks: [
      header(title),
      note('Which one do you mean?'),
      ...shown.map(({ finding, machine, teams }, index) => {
        const group = resourceGroupOf(machine.id) ?? machine.resourceGroup;
        const owner = teams.map(({ name }) => name).join(', ') || 'no team';
        const ask = askWhy(machine.id);
        const state = `${STATE_NAMES[finding.verdict.state]} (${kindPhrase(finding)})`;
        const about = `In ${group}, subscription ${machine.subscriptionId}, ${owner}: ${state}`;
        const choose = button(
          'Why?',
          `${ACTION.run}:${index}`,
          ask,
          `Why is the one in ${group.slice(0, 40)} as it is?`,
        );
        return paragraph(about.slice(0, characters * 2), choose);
      }),
      ...(hidden > 0
        ? [note(`${figure(hidden)} more are not shown: ask with the resource id, "/golden why <id>".`)]
        : []),
    ],
  };
}
