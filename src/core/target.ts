import type { Catalogue, ImageDefinition, ImageVersion } from './catalogue.ts';
import { findGallery } from './catalogue.ts';
import { eligibleVersions, placeOf } from './lineage.ts';
import type { Fit, Subject } from './machine.ts';
import { type ApprovedGallery, approvedGallery, galleryEntries, type ImagePolicy, isReplacedBy } from './policy.ts';
import { resourceName } from './resource-id.ts';

/** A version of an approved definition that a machine could be rebuilt from. */
export interface Candidate {
  readonly definition: ImageDefinition;
  readonly version: ImageVersion;
}

/** What to move a machine to. */
export type Target =
  | {
      readonly kind: 'version';
      readonly candidate: Candidate;
      readonly because: 'same-definition' | 'replaces' | 'only-fit';
    }
  /** Several approved definitions fit; a person chooses. */
  | { readonly kind: 'choice'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'none'; readonly why: string };

/**
 * The newest eligible version of the machine's own definition; for another image the approved definition whose `replaces`
 * names it; else the only one that fits; else the choice of those that fit. Every proposal is eligible in the machine's
 * region and fits its operating system, generation, architecture and security type as far as those are known.
 */
export function targetOf(machine: Subject & Fit, catalogue: Catalogue, policy: ImagePolicy, at: Date): Target {
  const { region } = machine;
  if (region === undefined) return { kind: 'none', why: 'Azure did not say which region it is in' };

  const newest = (definition: ImageDefinition): Candidate | undefined => {
    const version = eligibleVersions(definition, region, policy, at).at(-1);
    return version && { definition, version };
  };
  const own = ownDefinition(machine, catalogue, policy);
  const same = own && newest(own);
  if (same) return { kind: 'version', candidate: same, because: 'same-definition' };

  const offers = galleryEntries(policy).flatMap((entry) =>
    approvedDefinitions(entry, catalogue, policy)
      .filter((definition) => fits(machine, definition))
      .flatMap((definition) => {
        const candidate = newest(definition);
        return candidate ? [{ entry, candidate }] : [];
      }),
  );
  const named = offers.filter(({ entry }) => isReplacedBy(machine.image, entry)).map(({ candidate }) => candidate);
  if (named.length > 0) return settle(named, 'replaces');
  if (offers.length > 0)
    return settle(
      offers.map(({ candidate }) => candidate),
      'only-fit',
    );
  const unread = galleryEntries(policy).find((entry) => findGallery(catalogue, entry.gallery) === undefined);
  return {
    kind: 'none',
    why: unread ? `the gallery ${resourceName(unread.gallery)} could not be read` : noFit(machine),
  };
}

/** Whether a machine could be rebuilt from a definition. What Azure did not say about either side restricts nothing. */
export function fits(machine: Fit, definition: ImageDefinition): boolean {
  return (
    agree(machine.osType, definition.osType) &&
    agree(machine.generation, definition.generation) &&
    agree(machine.architecture, definition.architecture) &&
    securityFits(machine.securityType, definition.securityType)
  );
}

/** All definitions an entry approves that could be read. */
export function approvedDefinitions(
  entry: ApprovedGallery,
  catalogue: Catalogue,
  policy: ImagePolicy,
): readonly ImageDefinition[] {
  const definitions = findGallery(catalogue, entry.gallery)?.definitions ?? [];
  return definitions.filter((definition) => approvedGallery(policy, definition.id) === entry);
}

function ownDefinition(machine: Subject, catalogue: Catalogue, policy: ImagePolicy): ImageDefinition | undefined {
  const place = placeOf(
    machine.image,
    catalogue,
    galleryEntries(policy).map((entry) => entry.gallery),
  );
  if (place.found === 'elsewhere' || place.found === 'unread' || !place.definition) return undefined;
  return approvedGallery(policy, place.definition.id) ? place.definition : undefined;
}

function settle(candidates: readonly Candidate[], because: 'replaces' | 'only-fit'): Target {
  const [only, ...more] = candidates;
  return only && more.length === 0 ? { kind: 'version', candidate: only, because } : { kind: 'choice', candidates };
}

function agree(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a.toLowerCase() === b.toLowerCase();
}

/**
 * A definition's SecurityType feature against a VM's securityType, after the compute gallery's rules: `...Supported` also
 * serves plain machines, `TrustedLaunch` and `ConfidentialVM` demand theirs, no feature serves plain machines only.
 */
function securityFits(machine: string | undefined, definition: string | undefined): boolean {
  const wanted = (machine ?? 'standard').toLowerCase();
  const offered = (definition ?? 'standard').toLowerCase();
  const serves: Record<string, readonly string[]> = {
    standard: ['standard'],
    none: ['standard'],
    trustedlaunchsupported: ['standard', 'trustedlaunch'],
    trustedlaunch: ['trustedlaunch'],
    confidentialvmsupported: ['standard', 'confidentialvm'],
    confidentialvm: ['confidentialvm'],
    trustedlaunchandconfidentialvmsupported: ['standard', 'trustedlaunch', 'confidentialvm'],
  };
  return serves[offered]?.includes(wanted) ?? true;
}

function noFit(machine: Subject & Fit): string {
  const wanted = [machine.osType, machine.generation, machine.architecture, machine.securityType, machine.region];
  return `no approved image fits ${wanted.filter((part) => part !== undefined).join(', ')}`;
}
