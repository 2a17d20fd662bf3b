/**
 * Removes secrets from a line of the log. It works on the finished line, so that it does not matter how a secret got
 * there: as a field, inside an error's stack, or in an address. Total, and linear in the length of the line.
 */
export function scrub(line: string): string {
  return PATTERNS.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);
}

const HIDDEN = '[hidden]';

/** A JSON string's inside: anything but a bare quote. */
const INSIDE = '(?:[^"\\\\]|\\\\.)*';
const SECRET_KEY =
  '[\\w-]*(?:authorization|cookie|password|secret|[a-z]token|_token|-token|apikey|api_key|signature|response_url|responseUrl)';

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // "authorization":"Bearer ..." and the like, whatever the value looks like.
  [new RegExp(`("${SECRET_KEY}"\\s*:\\s*)"${INSIDE}"`, 'gi'), `$1"${HIDDEN}"`],
  [new RegExp(`("token"\\s*:\\s*)"${INSIDE}"`, 'gi'), `$1"${HIDDEN}"`],
  // Slack's tokens carry their kind in front: xoxb-, xoxe.xoxp-, xapp-.
  [/\bx(?:ox[a-z]|app)[-.][\w.-]+/g, HIDDEN],
  [/\bBearer\s+[^\s"\\,]+/gi, `Bearer ${HIDDEN}`],
  // JSON web tokens: Azure's access tokens.
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, HIDDEN],
  // Shared access signatures and secrets in a query or a form.
  [
    /\b(sig|signature|token|client_secret|client_assertion|refresh_token|access_token|password)=[^&\s"\\]+/gi,
    `$1=${HIDDEN}`,
  ],
  // Whoever knows a response URL can post with it.
  [/(\/\/hooks\.[\w.-]*slack[\w.-]*\/)[^\s"\\]+/gi, `$1${HIDDEN}`],
  // redis://user:password@host and any other address with a password.
  [/([a-z][a-z+.-]*:\/\/)[^\s/"\\@]+@/gi, `$1${HIDDEN}@`],
];
