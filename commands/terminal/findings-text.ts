import stringWidth from 'string-width';
import type { Screen } from '../../src/command.ts';
import type { Finding, Unread } from '../../src/core/report.ts';
import { nextStepOf, reasonOf, STATE_NAMES } from '../../src/core/wording.ts';
import { kindPhrase } from '../../src/slack/views/figures.ts';
import { cut, pad, painted, safe, wrapped } from './paint.ts';

/** Findings in aligned columns, each with its reason and next step below. */
export function findingsText(findings: readonly Finding[], screen: Screen): string {
  const names = findings.map(({ name }) => cut(safe(name), Math.max(12, Math.floor(screen.width / 3))));
  const states = findings.map(({ verdict }) => STATE_NAMES[verdict.state]);
  const nameWidth = Math.max(...names.map((name) => stringWidth(name)));
  const stateWidth = Math.max(...states.map((state) => state.length));
  return findings
    .map((finding, index) => {
      const state = painted(pad(states[index] ?? '', stateWidth), finding.verdict.state, screen);
      const about = cut(kindPhrase(finding), Math.max(6, screen.width - nameWidth - stateWidth - 6));
      return [
        `  ${pad(names[index] ?? '', nameWidth)}  ${state}  ${about}`,
        wrapped(safe(reasonOf(finding.verdict)), screen.width, 4),
        wrapped(`Next: ${safe(nextStepOf(finding))}`, screen.width, 4),
      ].join('\n');
    })
    .join('\n');
}

/** What could not be read; nothing where everything could. */
export function unreadText(unread: readonly Unread[], screen: Screen): string | undefined {
  if (unread.length === 0) return undefined;
  const title = painted('Warning: not everything could be read, so machines may be missing here:', 'endOfLife', screen);
  return [
    title,
    ...unread.map(({ scope, reason }) => wrapped(`- ${safe(scope)}: ${safe(reason)}`, screen.width, 2)),
  ].join('\n');
}

/** Paragraphs with a blank line between them. */
export function paragraphs(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join('\n\n');
}
