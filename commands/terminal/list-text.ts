import type { Screen } from '../../src/command.ts';
import { count } from '../../src/core/wording.ts';
import { minute } from '../../src/slack/views/blocks.ts';
import { age } from '../../src/slack/views/figures.ts';
import { type ListAnswer, listTitle, pagePhrase } from '../../src/slack/views/list.ts';
import { findingsText, paragraphs, unreadText } from './findings-text.ts';
import { bold, safe } from './paint.ts';

/** What `golden list` prints. */
export function listText({ report, now }: ListAnswer, screen: Screen): string {
  const { team, findings, page, pages, unread, asOf, requests } = report;
  return paragraphs([
    bold(`${safe(team.name)}: ${listTitle(report)}`, screen),
    unreadText(unread, screen),
    findings.length === 0 ? undefined : findingsText(findings, screen),
    `${pagePhrase(report)}${page < pages ? ` Next: page ${page + 1}.` : ''}`,
    `As of ${minute(asOf)} (${age(asOf, now)}), ${count(requests, 'request')} to Azure Resource Graph.`,
  ]);
}
