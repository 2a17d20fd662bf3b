import type { State } from '../../src/core/classification.ts';
import type { Finding } from '../../src/core/report.ts';
import { ATTENTION, lagOfVerdict } from '../../src/core/report.ts';
import type { Team } from '../../src/core/team.ts';
import { nextStepOf, reasonOf, targetPhrase, warningText } from '../../src/core/wording.ts';
import { evidenceOf, targetIds } from '../../src/slack/views/evidence.ts';
import type { ListAnswer } from '../../src/slack/views/list.ts';
import { ruleOf } from '../../src/slack/views/rule.ts';
import type { StatusAnswer } from '../../src/slack/views/status.ts';
import type { WhyFound } from '../../src/slack/views/why.ts';

/** What `--json` prints: a contract with scripts. Fields are added, never renamed; what is not known is null. */

export function statusJson({ report }: StatusAnswer) {
  return {
    team: report.team,
    asOf: report.asOf.toISOString(),
    total: report.total,
    counts: report.counts,
    share: report.share ?? null,
    findings: report.findings.map(findingJson),
    truncated: report.findings.length < report.attention,
    attention: report.attention,
    care: report.care,
    warnings: report.warnings.map(warningText),
    unread: report.unread,
    requests: report.requests,
  };
}

/** 0 only where every machine is current, exempt or a platform's, nothing is left to do and everything could be read. */
export function statusExitCode({ report }: StatusAnswer): 0 | 1 {
  const { total, counts, attention, findings, unread } = report;
  const well = counts.current + counts.exempt + counts.platformManaged === total;
  return well && attention === 0 && findings.length === 0 && unread.length === 0 ? 0 : 1;
}

export function listJson({ report }: ListAnswer) {
  return {
    team: report.team.name,
    asOf: report.asOf.toISOString(),
    states: report.states ?? null,
    page: report.page,
    pages: report.pages,
    matching: report.matching,
    findings: report.findings.map(findingJson),
    unread: report.unread,
    requests: report.requests,
  };
}

/** 1 where the page shows something that needs attention, or something could not be read. */
export function listExitCode({ report }: ListAnswer): 0 | 1 {
  return report.unread.length > 0 || report.findings.some(needsAttention) ? 1 : 0;
}

export function whyJson({ answer }: WhyFound) {
  return {
    asked: answer.asked,
    machines: answer.reports.map((report) => ({
      ...findingJson(report.finding),
      rule: ruleOf(report.finding.verdict),
      evidence: evidenceOf(report),
      teams: report.teams.map(({ name }) => name),
      asOf: report.asOf.toISOString(),
      catalogueAsOf: report.catalogueAsOf.toISOString(),
    })),
    requests: answer.requests,
  };
}

export function whyExitCode({ answer }: WhyFound): 0 | 1 {
  return answer.reports.some(({ finding }) => needsAttention(finding)) ? 1 : 0;
}

export function teamsJson(teams: readonly Team[]) {
  return teams.map(({ name, channel, kind, wiki, match }) => ({
    name,
    channel: channel ?? null,
    kind,
    wiki: wiki ?? null,
    match,
  }));
}

function findingJson(finding: Finding) {
  const { id, name, type, verdict, image, target, kind, region, powerState, scaleSetId } = finding;
  const lag = lagOfVerdict(verdict);
  return {
    id,
    name,
    type,
    state: verdict.state,
    reason: reasonOf(verdict),
    nextStep: nextStepOf(finding),
    image: image ?? null,
    target: target.kind === 'version' ? target.candidate.version.id : null,
    targetReason: target.kind === 'version' ? target.because : targetPhrase(target),
    choices: target.kind === 'choice' ? targetIds(target) : [],
    versionsBehind: lag?.versionsBehind ?? null,
    daysBehind: lag?.daysBehind ?? null,
    kind,
    location: region ?? null,
    powerState: powerState ?? null,
    scaleSet: scaleSetId ?? null,
  };
}

function needsAttention({ verdict }: Finding): boolean {
  return (ATTENTION as readonly State[]).includes(verdict.state);
}
