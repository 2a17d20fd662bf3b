import type { Day, OpenFinding } from './history.ts';
import { compareText } from './text.ts';

/**
 * Two years of open findings in little space: the set of the last day is kept whole, every day remembers only what it took
 * from the day before. What a day opened needs no memory: it is what is open since that day.
 */

/**
 * What is open at the end of a day, by id. A finding that is still there keeps its first spelling and its `since`; one that
 * vanished stays as it was where it may only be out of sight.
 *
 * @param before What was open at the end of the last recorded day.
 * @param seen The findings of the day; the first of equal ids counts.
 * @param hides Whether a finding that was not seen may still be there.
 */
export function openAfter(
  before: readonly OpenFinding[],
  day: Day,
  seen: readonly Omit<OpenFinding, 'since'>[],
  hides: (id: string) => boolean,
): readonly OpenFinding[] {
  const known = byId(before);
  const open = new Map<string, OpenFinding>();
  for (const { id, state, image } of seen) {
    const key = foldedId(id);
    if (open.has(key)) continue;
    const earlier = known.get(key);
    open.set(key, { id: earlier?.id ?? id, since: earlier?.since ?? day, state, image });
  }
  for (const [key, finding] of known) if (!open.has(key) && hides(finding.id)) open.set(key, finding);
  return ordered(open);
}

/** The findings of the day before, as they were then, that are closed or different now. */
export function changedFrom(before: readonly OpenFinding[], after: readonly OpenFinding[]): readonly OpenFinding[] {
  const now = byId(after);
  return before.filter((finding) => {
    const later = now.get(foldedId(finding.id));
    return later?.state !== finding.state || later.image !== finding.image;
  });
}

/**
 * What was open before a day began.
 *
 * @param open What was open at the end of the last recorded day, by id.
 * @param changes What each recorded day from `day` on changed (`changedFrom`), the latest first.
 */
export function openBefore(
  open: readonly OpenFinding[],
  changes: readonly (readonly OpenFinding[])[],
  day: Day,
): readonly OpenFinding[] {
  // Most questions are about the last day, which is in order already.
  if (changes.length === 0) return open.filter(({ since }) => since < day);
  const then = byId(open);
  for (const change of changes) for (const finding of change) then.set(foldedId(finding.id), finding);
  return ordered(then).filter(({ since }) => since < day);
}

function byId(findings: readonly OpenFinding[]): Map<string, OpenFinding> {
  return new Map(findings.map((finding) => [foldedId(finding.id), finding]));
}

/** By id: neighbours begin alike, which is what makes them small (`encodeFindings`). */
function ordered(findings: ReadonlyMap<string, OpenFinding>): readonly OpenFinding[] {
  return [...findings].sort(([a], [b]) => compareText(a, b)).map(([, finding]) => finding);
}

function foldedId(id: string): string {
  return id.toLowerCase();
}
