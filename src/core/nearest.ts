import { distance } from 'fastest-levenshtein';

/** The candidate a mistyped word most likely means, or undefined where none is near: at most a third of its letters off. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const typed = word.toLowerCase();
  let best: { name: string; edits: number } | undefined;
  for (const name of candidates) {
    const known = name.toLowerCase();
    const beginning = typed.length >= 3 && known.startsWith(typed);
    const edits = Math.min(distance(typed, known), beginning ? 1 : Number.POSITIVE_INFINITY);
    if (edits <= Math.max(1, Math.ceil(known.length / 3)) && (best === undefined || edits < best.edits)) {
      best = { name, edits };
    }
  }
  return best?.name;
}
