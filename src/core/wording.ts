import type { Doubt, Ending, State, Verdict } from './classification.ts';
import { dayOf } from './history.ts';
import type { ImageWarning } from './image-age.ts';
import type { ImageReference } from './image-reference.ts';
import type { PlatformOwner } from './machine.ts';
import type { Finding, StatusReport } from './report.ts';
import { resourceName } from './resource-id.ts';
import type { Candidate, Target } from './target.ts';

/**
 * The one place that says verdicts in words. Plain text without markup, so that the terminal, JSON and Slack can all use
 * it; it may contain names from Azure, so whoever shows it escapes it for the place where it is shown.
 */
export const STATE_NAMES: Readonly<Record<State, string>> = {
  current: 'current',
  outdated: 'outdated',
  endOfLife: 'end of life',
  nonGolden: 'non-golden',
  revoked: 'revoked',
  unknown: 'unknown',
  exempt: 'exempt',
  platformManaged: 'platform-managed',
};

/** Why a machine is in its state, as one sentence. */
export function reasonOf(verdict: Verdict): string {
  switch (verdict.state) {
    case 'platformManaged':
      return `Managed by ${platformName(verdict.by)}, which chooses its image.`;
    case 'exempt':
      return `Exempt${until(verdict.exemption.until)}: ${verdict.exemption.reason}. Otherwise ${STATE_NAMES[verdict.otherwise.state]}: ${reasonOf(verdict.otherwise)}`;
    case 'revoked':
      return `Its image was revoked${verdict.revocation.at ? ` on ${dayOf(verdict.revocation.at)}` : ''}: ${verdict.revocation.reason}.`;
    case 'endOfLife':
      return endingReason(verdict.because);
    case 'nonGolden':
      return `${imagePhrase(verdict.image)} is not an approved image.`;
    case 'unknown':
      return doubtReason(verdict.why);
    case 'outdated': {
      const { lag, version, definition, latest } = verdict;
      const days = lag.daysBehind === undefined ? '' : ` and ${count(lag.daysBehind, 'day')}`;
      return `${definition.name} ${version.name} is ${count(lag.versionsBehind, 'version')}${days} behind ${latest.name}.`;
    }
    case 'current':
      return currentReason(verdict);
  }
}

/** What to do about a finding, as one sentence. */
export function nextStepOf(finding: Pick<Finding, 'verdict' | 'target' | 'kind' | 'type'>): string {
  const { verdict } = finding;
  switch (verdict.state) {
    case 'current':
      return 'Nothing to do.';
    case 'exempt':
      return `Nothing to do${verdict.exemption.until ? ` until ${dayOf(verdict.exemption.until)}` : ''}.`;
    case 'platformManaged':
      return `Nothing to do here: upgrade the node image with ${platformName(verdict.by)}.`;
    case 'unknown':
      return doubtStep(verdict.why);
    case 'revoked':
    case 'endOfLife':
    case 'nonGolden':
    case 'outdated':
      return moveStep(finding);
  }
}

/** A version as people say it: definition and number. */
function candidateName({ definition, version }: Candidate): string {
  return `${definition.name} ${version.name}`;
}

/** Where a machine can go, in a few words. */
export function targetPhrase(target: Target): string {
  switch (target.kind) {
    case 'version':
      return candidateName(target.candidate);
    case 'choice':
      return `one of ${target.candidates.map(candidateName).join(', ')}`;
    case 'none':
      return `none: ${target.why}`;
  }
}

/** A warning about an image, as one sentence. */
export function warningText(warning: ImageWarning): string {
  return warning.kind === 'old'
    ? `The newest ${warning.definition.name} in ${warning.region}, ${warning.version.name}, is ${warning.ageDays} days old (limit ${warning.maxAgeDays}): its builders should publish a new one.`
    : `No version of ${warning.definition.name} can be deployed in ${warning.region}: its builders should replicate or publish one there.`;
}

/** The image in a few words, without ids. */
export function imagePhrase(image: ImageReference): string {
  switch (image.kind) {
    case 'marketplace':
      return `Marketplace image ${[image.publisher, image.offer, image.sku].filter((part) => part !== '').join(':')}`;
    case 'managedImage':
      return `Managed image ${resourceName(image.id)}`;
    case 'galleryDefinition':
    case 'galleryVersion': {
      const [, gallery = '', definition = ''] =
        /\/galleries\/([^/]+)\/images\/([^/]+)$/i.exec(image.definitionId) ?? [];
      return `Gallery image ${gallery}/${definition}${versionSuffix(image)}`;
    }
    case 'sharedGallery':
      return `Directly shared gallery image ${image.gallery}/${image.definition}${versionSuffix(image)}`;
    case 'communityGallery':
      return `Community gallery image ${image.gallery}/${image.definition}${versionSuffix(image)}`;
    case 'none':
      return image.raw === undefined ? 'No image reference' : `Image reference ${image.raw}`;
  }
}

/** What makes the machines that need attention harder or easier to rebuild; undefined where nothing does. */
export function careText({ pets, notRunning }: StatusReport['care']): string | undefined {
  const parts = [
    ...(pets > 0 ? [`${count(pets, 'pet')} (to be rebuilt side by side, with their owners)`] : []),
    ...(notRunning > 0 ? [`${notRunning} not running`] : []),
  ];
  return parts.length === 0 ? undefined : `Of those that need attention: ${parts.join(', ')}.`;
}

/** `1 day`, `2 days`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function endingReason(because: Ending): string {
  switch (because.kind) {
    case 'version-date':
      return `Its image version reached its end of life on ${dayOf(because.on)}.`;
    case 'definition-date':
      return `Its image definition reached its end of life on ${dayOf(because.on)}.`;
    case 'gone':
      return `Its image ${because.version === undefined ? 'definition' : `version ${because.version}`} is gone from the gallery: Azure cannot create this machine again.`;
  }
}

function doubtReason(why: Doubt): string {
  switch (why.kind) {
    case 'no-reference':
      return 'It has no image reference: its OS disk was attached, specialised or migrated.';
    case 'unrecognised-reference':
      return `Its image reference has a form nobody here knows: ${why.raw}`;
    case 'no-version':
      return `Azure does not say which version of ${resourceName(why.definitionId)} it was created from.`;
    case 'gallery-unread':
      return `The gallery ${resourceName(why.gallery)} could not be read, so its images cannot be judged.`;
    case 'no-region':
      return 'Azure does not say which region it is in, so its image cannot be compared.';
    case 'no-publication-date':
      return `The gallery does not say when the newer version ${why.version} was published.`;
  }
}

function doubtStep(why: Doubt): string {
  switch (why.kind) {
    case 'no-reference':
    case 'unrecognised-reference':
      return 'Find out what its OS disk was made from; rebuild it from an approved image or have it exempted.';
    case 'no-version':
      return 'Ask again later; if it stays so, rebuild the machine from an approved version.';
    case 'gallery-unread':
      return `Give the bot's identity the Reader role on ${why.gallery}, then refresh.`;
    case 'no-region':
    case 'no-publication-date':
      return 'Look at the resource in the portal and ask again later.';
  }
}

function moveStep({ target, kind, type }: Pick<Finding, 'target' | 'kind' | 'type'>): string {
  if (target.kind === 'none') {
    return `There is nothing to move it to: ${target.why}. Ask the image builders, or have it exempted.`;
  }
  const candidates = target.kind === 'choice' ? target.candidates : [target.candidate];
  const image = candidates.map(candidateName).join(' or ');
  if (type === 'scaleSet') return `Set the scale set's model to ${image} before it scales out.`;
  if (type === 'scaleSetInstance') return `Set the scale set's model to ${image} and upgrade this instance.`;
  if (kind === 'pet') return `Plan a side-by-side rebuild from ${image} with its owner.`;
  return `Rebuild it from ${image}.`;
}

function currentReason({ because }: Extract<Verdict, { state: 'current' }>): string {
  switch (because.kind) {
    case 'newest':
      return `${because.definition.name} ${because.version.name} is the newest version its region may use.`;
    case 'within-freshness': {
      return `${because.definition.name} ${because.version.name} is ${count(because.lag.versionsBehind, 'version')} behind ${because.latest.name}, which the policy still allows (${count(because.graceDays, 'day')} of grace).`;
    }
    case 'no-history':
      return because.entry.kind === 'managedImage'
        ? 'It runs an approved managed image; managed images carry no versions to be behind of.'
        : 'It runs an approved Marketplace image; its age is not judged.';
  }
}

function versionSuffix(image: { version?: string; exactVersion?: string | undefined }): string {
  const version = image.version ?? image.exactVersion;
  return version === undefined ? '' : ` ${version}`;
}

function platformName(owner: PlatformOwner): string {
  switch (owner) {
    case 'aks':
      return 'Azure Kubernetes Service';
    case 'databricks':
      return 'Azure Databricks';
    case 'managedBy':
      return 'the Azure service that owns it';
  }
}

function until(date: Date | undefined): string {
  return date ? ` until ${dayOf(date)}` : '';
}
