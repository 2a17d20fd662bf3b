/**
 * Gallery versions are Major.Minor.Patch of integers and order by number, never by text: 1.10.0 is newer than
 * 1.9.0. Marketplace versions have the same shape with up to four parts.
 */
export type Version = readonly number[];

const SHAPE = /^\d{1,15}(\.\d{1,15}){0,3}$/;

/** The numeric parts of a version, or undefined where the text is not one ("latest", "", a name). */
export function parseVersion(text: string): Version | undefined {
  return SHAPE.test(text) ? text.split('.').map(Number) : undefined;
}

/** Negative, zero or positive as `a` is older than, equal to or newer than `b`; a missing part counts as 0. */
export function compareVersions(a: string, b: string): number {
  const left = parseVersion(a);
  const right = parseVersion(b);
  if (!left || !right) return Number(left !== undefined) - Number(right !== undefined) || (a < b ? -1 : Number(a > b));
  for (let part = 0; part < Math.max(left.length, right.length); part += 1) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
