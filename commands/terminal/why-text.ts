import type { Screen } from '../../src/command.ts';
import type { WhyReport } from '../../src/compliance/compliance.ts';
import { portalLink } from '../../src/core/resource-id.ts';
import { count, nextStepOf, reasonOf, STATE_NAMES, targetPhrase } from '../../src/core/wording.ts';
import { minute } from '../../src/slack/views/blocks.ts';
import { evidenceOf, targetIds } from '../../src/slack/views/evidence.ts';
import { figure } from '../../src/slack/views/figures.ts';
import { ruleOf } from '../../src/slack/views/rule.ts';
import type { WhyFound } from '../../src/slack/views/why.ts';
import { paragraphs } from './findings-text.ts';
import { bold, pad, painted, safe, wrapped } from './paint.ts';

/** What `golden why` prints: every machine of the name, one after the other. */
export function whyText({ answer, portal }: WhyFound, screen: Screen): string {
  const { reports, asked, requests } = answer;
  return paragraphs([
    reports.length > 1 ? bold(`${figure(reports.length)} machines are called ${safe(asked)}:`, screen) : undefined,
    ...reports.map((report) => reportText(report, portal, screen)),
    `${count(requests, 'request')} to Azure Resource Graph.`,
  ]);
}

function reportText(report: WhyReport, portal: string, screen: Screen): string {
  const { finding, asOf, catalogueAsOf } = report;
  const { verdict, target } = finding;
  const facts = evidenceOf(report);
  const width = Math.max(...facts.map(({ name }) => name.length));
  return [
    `${bold(safe(finding.name), screen)} is ${painted(STATE_NAMES[verdict.state], verdict.state, screen)}`,
    wrapped(safe(reasonOf(verdict)), screen.width, 2),
    wrapped(`Next: ${safe(nextStepOf(finding))}`, screen.width, 2),
    wrapped(`Rule: ${ruleOf(verdict)}`, screen.width, 2),
    wrapped(`Target: ${safe(targetPhrase(target))}`, screen.width, 2),
    ...targetIds(target).map((id) => `    ${safe(id)}`),
    '',
    // Ids are not broken: they are there to be copied.
    ...facts.map(({ name, value }) => `  ${pad(name, width)}  ${safe(value)}`),
    '',
    `  ${safe(portalLink(portal, finding.id.toWellFormed()))}`,
    `  As of ${minute(asOf)}; image galleries as of ${minute(catalogueAsOf)}.`,
  ].join('\n');
}
