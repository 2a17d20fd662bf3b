/** Longer than any resource id with a command in front of it. */
const MAX_LENGTH = 2000;

/**
 * The words of what a person typed after `/golden`. Clients replace quotes and spaces by typographic ones, and Slack escapes
 * three characters and turns a channel into `<#C123|name>`; all of that is undone, a channel mention stays one word.
 */
export function typedWords(text: string): readonly string[] {
  const straight = text
    .slice(0, MAX_LENGTH)
    .normalize('NFKC')
    .replace(/[“”„«»]/g, '"')
    .replace(/[‘’‚]/g, "'");
  return split(straight).map((word) => (/^<#[^>]*>$/.test(word) ? word : withoutEntities(word)));
}

/** The words behind a button, which come back exactly as they were sent. */
export function clickedWords(value: string): readonly string[] {
  return split(value.slice(0, MAX_LENGTH));
}

/** Splits at white space, except within double quotes, single quotes around whole words, and mentions. */
function split(text: string): readonly string[] {
  const words = text.matchAll(/"([^"]*)"?|<#[^>]*>|(?<!\S)'([^']*)'(?!\S)|[^\s"]+/g);
  return [...words].map(([whole, double, single]) => double ?? single ?? whole).filter((word) => word.trim() !== '');
}

function withoutEntities(word: string): string {
  // The ampersand last: "&amp;lt;" is what somebody wrote as "&lt;".
  return word.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
