// The package's front door loads all of it, which costs every process a second and half its memory.
import { differenceInDays } from 'date-fns/differenceInDays';
import type { Catalogue, ImageDefinition, ImageVersion } from './catalogue.ts';
import { eligibleVersions } from './lineage.ts';
import type { MachineGroup } from './machine.ts';
import { galleryEntries, type ImagePolicy } from './policy.ts';
import { approvedDefinitions } from './target.ts';

/** Something about an approved image that its builders should know; it changes no machine's state. */
export type ImageWarning =
  | {
      readonly kind: 'old';
      readonly definition: ImageDefinition;
      readonly version: ImageVersion;
      readonly ageDays: number;
      readonly maxAgeDays: number;
      readonly region: string;
    }
  /** Nothing of this definition can be deployed in a region where the team runs machines of it. */
  | { readonly kind: 'nothing-eligible'; readonly definition: ImageDefinition; readonly region: string };

/** Warnings about the approved definitions that these machines use, one for each definition: the worst region speaks for it. */
export function imageWarnings(
  judged: readonly { readonly group: MachineGroup }[],
  catalogue: Catalogue,
  policy: ImagePolicy,
  at: Date,
): readonly ImageWarning[] {
  const warnings: ImageWarning[] = [];
  const regions = regionsByDefinition(judged);
  for (const entry of galleryEntries(policy)) {
    const { maxAgeDays } = entry.freshness;
    for (const definition of approvedDefinitions(entry, catalogue, policy)) {
      const found = [...(regions.get(definition.id.toLowerCase()) ?? [])].flatMap((region): ImageWarning[] => {
        const version = eligibleVersions(definition, region, policy, at).at(-1);
        if (version === undefined) return [{ kind: 'nothing-eligible', definition, region }];
        if (version.publishedAt === undefined || maxAgeDays === undefined) return [];
        const ageDays = differenceInDays(at, version.publishedAt);
        return ageDays > maxAgeDays ? [{ kind: 'old', definition, version, ageDays, maxAgeDays, region }] : [];
      });
      const worst = found.find((warning) => warning.kind === 'nothing-eligible') ?? found[0];
      if (worst) warnings.push(worst);
    }
  }
  return warnings;
}

/** Where machines of each definition are, by its id in lower case. */
function regionsByDefinition(
  judged: readonly { readonly group: MachineGroup }[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const regions = new Map<string, Set<string>>();
  for (const { group } of judged) {
    const { image, region } = group;
    if (region === undefined || (image.kind !== 'galleryDefinition' && image.kind !== 'galleryVersion')) continue;
    const id = image.definitionId.toLowerCase();
    regions.set(id, (regions.get(id) ?? new Set()).add(region));
  }
  return regions;
}
