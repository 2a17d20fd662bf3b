/**
 * The only wildcard of golden.yml is `*`: any run of characters, none included. Case and surrounding space do not count,
 * as Azure's own names do not. A leading `...` stands for "anything before this", as people abbreviate resource ids.
 */
export function globPattern(glob: string): string {
  const text = glob
    .trim()
    .toLowerCase()
    .replace(/^\.\.\./, '*');
  const body = text.split('*').map(escapeRegExp).join('.*');
  return `^${body}$`;
}

/** Globs come from the configuration alone, so there are few of them, and each is asked about every machine. */
const compiled = new Map<string, RegExp>();

/** Whether the whole of `text` matches `glob`. */
export function matchesGlob(glob: string, text: string): boolean {
  let pattern = compiled.get(glob);
  if (pattern === undefined) {
    pattern = new RegExp(globPattern(glob), 's');
    compiled.set(glob, pattern);
  }
  return pattern.test(text.trim().toLowerCase());
}

/** Whether any of the globs matches; an absent list means "all". */
export function matchesAny(globs: readonly string[] | undefined, text: string): boolean {
  return globs === undefined || globs.some((glob) => matchesGlob(glob, text));
}

/** Escapes what RE2 and JavaScript both treat as special, so that one pattern serves KQL and this process. */
export function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
