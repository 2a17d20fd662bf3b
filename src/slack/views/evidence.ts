import type { WhyReport } from '../../compliance/compliance.ts';
import type { Verdict } from '../../core/classification.ts';
import { dayOf } from '../../core/history.ts';
import { resourceGroupOf, resourceName } from '../../core/resource-id.ts';
import type { Target } from '../../core/target.ts';
import { imagePhrase } from '../../core/wording.ts';
import { kindPhrase } from './figures.ts';

/** One fact behind a verdict. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** The facts behind a verdict, the telling ones first. What Azure did not say is left out. */
export function evidenceOf({ finding, machine, teams }: WhyReport): readonly Fact[] {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Image', imagePhrase(machine.image)],
    ...imageFacts(finding.verdict),
    ['Region', machine.region],
    ['Resource group', resourceGroupOf(machine.id) ?? machine.resourceGroup],
    ['Subscription', machine.subscriptionId],
    ['Team', teams.map(({ name }) => name).join(', ') || 'none: no team of golden.yml matches it'],
    ['Kind', kindReason(finding.kind, machine.kindTag, kindPhrase(finding))],
    ['Scale set', machine.scaleSetId === undefined ? undefined : resourceName(machine.scaleSetId)],
    ['Power state', machine.powerState],
    ['Created', machine.createdAt?.slice(0, 10)],
    ['Image id', finding.image?.startsWith('/') ? finding.image : undefined],
    ['Machine id', machine.id],
  ];
  return facts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [{ name, value }]));
}

/** The images a machine may be moved to, by resource id. */
export function targetIds(target: Target): readonly string[] {
  if (target.kind === 'version') return [target.candidate.version.id];
  return target.kind === 'choice' ? target.candidates.map(({ version }) => version.id) : [];
}

function imageFacts(verdict: Verdict): readonly (readonly [string, string | undefined])[] {
  switch (verdict.state) {
    case 'exempt':
      return imageFacts(verdict.otherwise);
    case 'revoked':
      return [['Revoked', `in golden.yml${verdict.revocation.at ? `, from ${dayOf(verdict.revocation.at)} on` : ''}`]];
    case 'endOfLife':
      return [
        [
          'End of life',
          verdict.because.kind === 'gone'
            ? `${verdict.because.version ?? 'the definition'} is gone`
            : dayOf(verdict.because.on),
        ],
      ];
    case 'outdated':
      return [published(verdict.version), newer(verdict.lag.newer)];
    case 'current':
      if (verdict.because.kind === 'no-history') return [];
      return [
        published(verdict.because.version),
        newer(verdict.because.kind === 'newest' ? [] : verdict.because.lag.newer),
      ];
    case 'nonGolden':
    case 'unknown':
    case 'platformManaged':
      return [];
  }
}

interface Dated {
  readonly name: string;
  readonly publishedAt: Date | undefined;
}

function published({ publishedAt }: Dated): readonly [string, string | undefined] {
  return ['Published', publishedAt && dayOf(publishedAt)];
}

function newer(versions: readonly Dated[]): readonly [string, string] {
  const shown = versions
    .slice(-5)
    .map(({ name, publishedAt }) => `${name}${publishedAt ? ` (${dayOf(publishedAt)})` : ''}`);
  return ['Newer in its region', shown.length === 0 ? 'none' : shown.join(', ')];
}

function kindReason(kind: string, tag: string | undefined, phrase: string): string {
  return tag === kind ? `${phrase} (tag golden-kind)` : phrase;
}
