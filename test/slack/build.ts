import type { ListReport, WhyAnswer, WhyReport } from '../../src/compliance/compliance.ts';
import type { ImageDefinition, ImageVersion } from '../../src/core/catalogue.ts';
import { STATES, type State, type Verdict } from '../../src/core/classification.ts';
import type { Machine } from '../../src/core/machine.ts';
import type { Counts, Finding, StatusReport } from '../../src/core/report.ts';
import type { Team } from '../../src/core/team.ts';

/** Values with defaults, so that a test names only what it is about. */

export const NOW = new Date('2026-11-21T10:00:00Z');
export const SUBSCRIPTION = '11111111-1111-1111-1111-111111111111';
export const GALLERY = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/corp`;

export function aTeam(given: Partial<Team> = {}): Team {
  return {
    name: 'team-x',
    match: { tags: { team: 'team-x' }, subscriptions: [], resourceGroups: [] },
    channel: 'C0PAYMENTS',
    kind: 'cattle',
    wiki: 'https://wiki.example.com/golden',
    approvers: { users: [], userGroups: [], required: 1 },
    digest: undefined,
    ...given,
  };
}

export function aVersion(name: string, publishedAt = '2026-10-01'): ImageVersion {
  return {
    id: `${GALLERY}/images/ubuntu-22/versions/${name}`,
    name,
    provisioningState: 'Succeeded',
    publishedAt: new Date(publishedAt),
    endOfLifeAt: undefined,
    excludedFromLatest: false,
    regions: [{ name: 'westeurope', excludedFromLatest: false }],
  };
}

export function aDefinition(versions: readonly ImageVersion[], name = 'ubuntu-22'): ImageDefinition {
  return {
    id: `${GALLERY}/images/${name}`,
    name,
    osType: 'Linux',
    generation: 'V2',
    architecture: 'x64',
    securityType: undefined,
    endOfLifeAt: undefined,
    versions,
  };
}

/** A verdict of each state, two versions behind where it can be behind. */
export function aVerdict(state: State, given: { readonly reason?: string } = {}): Verdict {
  const version = aVersion('1.0.0', '2026-08-01');
  const newer = [aVersion('1.1.0', '2026-09-01'), aVersion('1.2.0', '2026-10-01')];
  const definition = aDefinition([version, ...newer]);
  const latest = aVersion('1.2.0', '2026-10-01');
  const lag = { newer, versionsBehind: 2, daysBehind: 81, latest };
  const reason = given.reason ?? 'CVE-2026-1111';
  switch (state) {
    case 'platformManaged':
      return { state, by: 'aks' };
    case 'exempt':
      return { state, exemption: { machine: '*', reason, until: undefined }, otherwise: aVerdict('outdated') };
    case 'revoked':
      return {
        state,
        revocation: { version: `${definition.id}/versions/1.0.0`, reason, at: new Date('2026-10-01') },
        lag,
      };
    case 'endOfLife':
      return { state, because: { kind: 'version-date', on: new Date('2026-09-30') }, lag };
    case 'nonGolden':
      return {
        state,
        image: {
          kind: 'marketplace',
          publisher: 'canonical',
          offer: given.reason ?? 'ubuntu',
          sku: '22_04-lts',
          version: 'latest',
          exactVersion: undefined,
        },
      };
    case 'unknown':
      return { state, why: { kind: 'no-reference' } };
    case 'outdated':
      return { state, definition, version, lag, latest };
    case 'current':
      return { state, because: { kind: 'newest', definition, version: aVersion('1.2.0') } };
  }
}

export function idOf(name: string, group = 'rg-x'): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`;
}

export function aFinding(given: Partial<Finding> & { readonly state?: State } = {}): Finding {
  const { state = 'outdated', ...rest } = given;
  const name = given.name ?? 'web-01';
  const version = aVersion('1.2.0', '2026-10-01');
  return {
    id: idOf(name),
    name,
    type: 'virtualMachine',
    verdict: aVerdict(state),
    image: `${GALLERY}/images/ubuntu-22/versions/1.0.0`,
    target: { kind: 'version', candidate: { definition: aDefinition([version]), version }, because: 'same-definition' },
    kind: 'cattle',
    region: 'westeurope',
    powerState: 'running',
    scaleSetId: undefined,
    ...rest,
  };
}

export function aStatus(
  given: Partial<Omit<StatusReport, 'counts'>> & { readonly counts?: Partial<Counts> } = {},
): StatusReport {
  const none = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<State, number>;
  const counts: Counts = { ...none, ...(given.counts ?? { current: 62, outdated: 18 }) };
  const total = STATES.reduce((sum, state) => sum + counts[state], 0);
  const judged = total - counts.exempt - counts.platformManaged;
  const findings = given.findings ?? [aFinding()];
  return {
    team: 'team-x',
    asOf: new Date(NOW.getTime() - 42_000),
    share: judged === 0 ? undefined : counts.current / judged,
    attention: findings.length,
    care: { pets: 0, notRunning: 0 },
    warnings: [],
    unread: [],
    requests: 2,
    ...given,
    total,
    counts,
    findings,
  };
}

export function aList(given: Partial<ListReport> = {}): ListReport {
  const findings = given.findings ?? [aFinding()];
  return {
    team: aTeam(),
    states: undefined,
    asOf: NOW,
    page: 1,
    pages: 1,
    matching: findings.length,
    findings,
    unread: [],
    requests: 2,
    ...given,
  };
}

export function aMachine(given: Partial<Machine> = {}): Machine {
  const name = given.name ?? 'web-01';
  return {
    id: idOf(name),
    name,
    type: 'virtualMachine',
    image: { kind: 'galleryVersion', definitionId: `${GALLERY}/images/ubuntu-22`, version: '1.0.0' },
    region: 'westeurope',
    platform: undefined,
    osType: 'Linux',
    generation: 'V2',
    architecture: 'x64',
    securityType: undefined,
    subscriptionId: SUBSCRIPTION,
    resourceGroup: 'rg-x',
    scaleSetId: undefined,
    powerState: 'running',
    kindTag: undefined,
    managedBy: undefined,
    createdAt: '2026-03-01T08:00:00Z',
    exemptionIndex: undefined,
    ...given,
  };
}

export function aWhyReport(
  given: Partial<WhyReport> & { readonly name?: string; readonly group?: string } = {},
): WhyReport {
  const { name = 'web-01', group = 'rg-x', ...rest } = given;
  const id = idOf(name, group);
  return {
    finding: aFinding({ name, id }),
    machine: aMachine({ name, id, resourceGroup: group }),
    teams: [aTeam()],
    asOf: NOW,
    catalogueAsOf: new Date(NOW.getTime() - 300_000),
    ...rest,
  };
}

export function aWhy(reports: readonly WhyReport[], asked = 'web-01'): WhyAnswer {
  return { asked, reports, unread: [], requests: 1 };
}
