import { leaf, text } from './leaf.ts';

/** The values of golden.yml that have a form of their own: ids, globs, dates, names. */

const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** Azure allows letters and digits of any script in a resource group's name; `*` is our wildcard. */
const GROUP = '[\\p{L}\\p{N}_.()-]+';
const GROUP_GLOB = '[\\p{L}\\p{N}_.()*-]+';
const COMPUTE = 'providers/Microsoft\\.Compute';

/** Other tools' wildcards mean nothing here, so a glob that holds one would silently match nothing. */
const ONLY_STAR = 'The only wildcard is `*` (any run of characters).';

export const guid = text(
  'a subscription id (guid)',
  'Take it from `az account list --query "[].{name:name,id:id}"`, for example 11111111-2222-3333-4444-555555555555.',
  matching(new RegExp(`^${GUID}$`, 'i'), (id) => id.toLowerCase()),
);

export const managementGroup = text(
  'the id of a management group',
  'Give its id, not its display name: `az account management-group list --query "[].name"`.',
  matching(/^[\p{L}\p{N}_.()-]{1,90}$/u),
);

export const galleryId = text(
  'the resource id of a gallery',
  'Write /subscriptions/<guid>/resourceGroups/<group>/providers/Microsoft.Compute/galleries/<gallery>, without wildcards; globs over its definitions go under `definitions`.',
  matching(
    new RegExp(`^/subscriptions/${GUID}/resourceGroups/${GROUP}/${COMPUTE}/galleries/[\\w.]+/?$`, 'iu'),
    withoutLastSlash,
  ),
);

export const definitionGlob = text(
  'a glob over names of image definitions',
  `Write for example "ubuntu-*". ${ONLY_STAR}`,
  /^[\w.*-]+$/,
);

const anyGroup = `/subscriptions/(?:${GUID}|\\*)/resourceGroups/${GROUP_GLOB}/${COMPUTE}`;

export const managedImageGlob = text(
  'the resource id of a managed image, or a glob over such ids',
  `Write /subscriptions/<guid>/resourceGroups/<group>/providers/Microsoft.Compute/images/<image>, or "*/images/<image>"; images of a gallery go under \`gallery\`. ${ONLY_STAR}`,
  (id) => {
    const form = new RegExp(`^(?:${anyGroup}|(?:\\*|\\.{3})[^?\\[\\]{}\\s]*)/images/${GROUP_GLOB}$`, 'iu');
    return form.test(id) && !/\/galleries\//i.test(id) ? id : undefined;
  },
);

export const revokedImage = text(
  'the resource id of an image version or of a managed image, or a glob over such ids',
  'Write the whole id, or its end after `...`: ".../galleries/<gallery>/images/<definition>/versions/1.4.0".',
  matching(
    new RegExp(
      `^(?:${anyGroup}|/(?:Community|Shared)Galleries|\\.{3}|\\*)[^?\\[\\]{}\\s]*` +
        `(?:/versions/[\\d.*]+|/images/${GROUP_GLOB})$`,
      'iu',
    ),
  ),
);

export const machineGlob = text(
  'the resource id of a machine, or a glob over such ids',
  'Write the whole id, or for example "*/resourceGroups/rg-lab/providers/Microsoft.Compute/virtualMachines/*".',
  matching(new RegExp(`^(?:/subscriptions/(?:${GUID}|\\*)|\\.{3}|\\*)/[^?\\[\\]{}]+$`, 'iu')),
);

export const resourceGroupGlob = text(
  'a glob over names of resource groups',
  `Write for example "rg-x-*", a name and not an id. ${ONLY_STAR}`,
  new RegExp(`^${GROUP_GLOB}$`, 'u'),
);

export const marketplaceGlob = text(
  'a glob over Marketplace names',
  `Write for example "ubuntu-24_04-lts", or "*" for any. ${ONLY_STAR}`,
  /^[\w.*-]+$/,
);

export const slackChannel = text(
  'the id of a Slack channel',
  "Take it from the foot of the channel's details in Slack; it looks like C0123456789. A name does not do: names change.",
  /^[CG][A-Z0-9]+$/,
);

export const slackUser = text(
  'the id of a Slack user',
  'Take it from the person\'s profile in Slack ("Copy member ID"); it looks like U0123456789.',
  /^[UW][A-Z0-9]+$/,
);

export const slackUserGroup = text(
  'the id of a Slack user group',
  "Take it from the address of the group's page in Slack; it looks like S0123456789.",
  /^S[A-Z0-9]+$/,
);

export const webAddress = text(
  'an http or https address',
  'Write for example https://wiki.example.com/golden.',
  (address) => {
    const url = URL.parse(address);
    return url && ['http:', 'https:'].includes(url.protocol) && url.username === '' && !/[\s<>|]/.test(address)
      ? address
      : undefined;
  },
);

export const timeOfDay = text(
  'a time of day',
  'Write HH:MM in 24 hours and in quotes: "09:00".',
  /^([01]\d|2[0-3]):[0-5]\d$/,
);

export const timezone = text('an IANA time zone', 'Write for example Europe/Berlin or UTC.', (name) => {
  // Offsets such as +02:00 are taken by Intl as well, but know no daylight saving time.
  if (!/^[A-Za-z]/.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone && name;
  } catch {
    return undefined;
  }
});

export const reason = text(
  'a text that says why',
  'People read it beside every machine it concerns.',
  (why) => why || undefined,
);

export const tagValue = text(
  'a text',
  'Write the tag\'s value in quotes, as "0042": YAML would read a number or true/false otherwise.',
  (value) => value || undefined,
);

/** A day (its first instant in UTC) or an instant with its offset. YAML libraries read a date as text or as a Date. */
export const instant = leaf<Date>({
  expected: 'a date',
  remedy: 'Write a day as 2026-10-01 (it begins at 00:00 UTC) or an instant with its offset as 2026-10-01T12:00:00Z.',
  read: (value) => {
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value;
    if (typeof value !== 'string') return undefined;
    const match = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/.exec(
      value.trim(),
    );
    if (!match) return undefined;
    const day = new Date(`${match[1]}T00:00:00Z`);
    // JavaScript takes 30 February for 2 March.
    if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== match[1]) return undefined;
    const date = new Date(value.trim());
    return Number.isNaN(date.getTime()) ? undefined : date;
  },
});

/** Names that people type after `/golden status`: letters, digits, `-`, `_`, `.` and inner spaces. */
export const TEAM_NAME = /^[a-z0-9](?:[a-z0-9._ -]*[a-z0-9])?$/i;

function matching(pattern: RegExp, rewrite: (text: string) => string = (text) => text) {
  return (text: string): string | undefined => (pattern.test(text) ? rewrite(text) : undefined);
}

function withoutLastSlash(id: string): string {
  return id.endsWith('/') ? id.slice(0, -1) : id;
}
