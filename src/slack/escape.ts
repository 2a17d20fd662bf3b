/**
 * Makes foreign text (names, tags, errors: whatever Azure or a person wrote) safe to show. Blocks show it where Slack
 * parses nothing; what has to stand in mrkdwn, the fallback `text` above all, goes through `mrkdwn`.
 */

/** Characters that show nothing yet change what is read: controls, zero-width and bidirectional marks, line separators. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** One line of plain text: broken surrogates repaired, invisible characters gone, white space folded. Blank becomes `(no name)`. */
export function visible(text: string): string {
  const line = text.toWellFormed().replace(/\s+/g, ' ').replace(INVISIBLE, '').trim();
  return line === '' ? '(no name)' : line;
}

/** At most `limit` characters, an ellipsis among them; never cuts a character in two. */
function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, Math.max(0, limit - 1));
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** Foreign text for a place where Slack parses nothing: `plain_text`, `raw_text`, a rich text leaf. */
export function plain(text: string, limit: number): string {
  // Cut first, so that a text of megabytes costs nothing; the margin makes up for what is invisible.
  return shorten(visible(text.slice(0, limit * 4 + 64)), limit);
}

/**
 * Foreign text for mrkdwn. Cut before it is escaped, so that no entity is cut in two. Slack knows entities for three
 * characters only; the others that could format, link or mention are replaced by look-alikes where they would.
 */
export function mrkdwn(text: string, limit: number): string {
  return plain(text, limit).replace(
    /[&<>*~`|]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|[:@#](?=\S)/g,
    (character) => HARMLESS[character] ?? character,
  );
}

const HARMLESS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '*': '∗',
  _: '＿',
  '~': '∼',
  '`': 'ˋ',
  '|': '¦',
  ':': '꞉',
  '@': '＠',
  '#': '＃',
};
