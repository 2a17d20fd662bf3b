import type { Screen } from '../../src/command.ts';
import { careText, count, STATE_NAMES, warningText } from '../../src/core/wording.ts';
import { minute } from '../../src/slack/views/blocks.ts';
import { age, bar, figure, isNotJudged, READING_ORDER } from '../../src/slack/views/figures.ts';
import { headline, type StatusAnswer } from '../../src/slack/views/status.ts';
import { matchPhrase } from '../../src/slack/views/team-match.ts';
import { findingsText, paragraphs, unreadText } from './findings-text.ts';
import { bold, painted, safe, wrapped } from './paint.ts';

/** What `golden status` prints. */
export function statusText(answer: StatusAnswer, screen: Screen): string {
  const { report, team, now } = answer;
  const { total, findings, attention, warnings, unread, asOf, requests } = report;
  const hidden = attention - findings.length;
  return paragraphs([
    bold(`${safe(team.name)}: ${headline(answer)}`, screen),
    unreadText(unread, screen),
    total === 0 ? wrapped(safe(matchPhrase(team.match)), screen.width, 2) : countsText(answer, screen),
    careText(report.care),
    findings.length === 0 ? undefined : findingsText(findings, screen),
    hidden > 0 ? `  ${figure(hidden)} more: golden list ${safe(team.name)}` : undefined,
    warnings.length === 0
      ? undefined
      : [
          'About the images:',
          ...warnings.map((warning) => wrapped(`- ${safe(warningText(warning))}`, screen.width, 2)),
        ].join('\n'),
    team.wiki === undefined ? undefined : `Wiki: ${safe(team.wiki)}`,
    `As of ${minute(asOf)} (${age(asOf, now)}), ${count(requests, 'request')} to Azure Resource Graph.`,
  ]);
}

function countsText({ report: { counts, total } }: StatusAnswer, screen: Screen): string {
  const present = READING_ORDER.filter((state) => counts[state] > 0);
  const digits = Math.max(...present.map((state) => figure(counts[state]).length));
  return present
    .map((state) => {
      const name = painted(STATE_NAMES[state].padEnd(16), state, screen);
      const share = isNotJudged(state) ? '(not judged)' : bar(counts[state], total);
      return `  ${figure(counts[state]).padStart(digits)} ${name} ${share}`;
    })
    .join('\n');
}
