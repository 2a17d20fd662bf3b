import { z } from 'zod';
import { leaf, listOf, mapping, oneOf, someOf, wholeNumber } from './leaf.ts';
import * as shape from './shapes.ts';

/**
 * The form of golden.yml. Every key of the file is named here and nowhere else; what several keys have to agree on is in
 * rules.ts, and how the file's words become the core's in policy.ts.
 */

const days = 'Give a number of days, 0 or more.';

const freshness = mapping({
  graceDays: wholeNumber(0, days).optional(),
  versionsBehind: wholeNumber(0, 'Give how many newer versions may exist, 0 or more.').optional(),
  maxAgeDays: wholeNumber(0, days).optional(),
});

const replacesMarketplace = mapping({
  publisher: shape.marketplaceGlob.optional(),
  offer: shape.marketplaceGlob.optional(),
  sku: shape.marketplaceGlob.optional(),
});
const replacesManagedImage = mapping({ managedImage: shape.managedImageGlob });

const replaced = choice(
  {
    managedImage: replacesManagedImage,
    publisher: replacesMarketplace,
    offer: replacesMarketplace,
    sku: replacesMarketplace,
  },
  'names what is replaced',
);

const approvedGallery = mapping({
  gallery: shape.galleryId,
  definitions: someOf(
    shape.definitionGlob,
    'globs over definition names; without the key the whole gallery is approved',
  ).optional(),
  replaces: listOf(replaced, 'images: { publisher, offer, sku } or { managedImage }').optional(),
  freshness: freshness.optional(),
});
const approvedManagedImage = mapping({ managedImage: shape.managedImageGlob });
const approvedMarketplace = mapping({
  marketplace: mapping({
    publisher: shape.marketplaceGlob,
    offer: shape.marketplaceGlob,
    sku: shape.marketplaceGlob,
  }),
});

const approved = choice(
  { gallery: approvedGallery, managedImage: approvedManagedImage, marketplace: approvedMarketplace },
  'says what is approved',
);

/** When a digest is due, and what happens when it is late or nothing moves; what is left out comes from elsewhere. */
const digest = mapping({
  day: oneOf(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']).optional(),
  time: shape.timeOfDay.optional(),
  timezone: shape.timezone.optional(),
  catchUpHours: wholeNumber(0, 'Give for how many hours a missed digest is still sent, 0 or more.').optional(),
  escalateAfterWeeks: wholeNumber(
    1,
    'Give after how many weeks without progress the approvers are mentioned, 1 or more.',
  ).optional(),
});

const team = mapping({
  match: mapping({
    tags: z.record(z.string(), shape.tagValue, { error: () => 'a mapping of tag names to values' }).optional(),
    subscriptions: listOf(shape.guid, 'subscription ids').optional(),
    resourceGroups: listOf(shape.resourceGroupGlob, 'globs over names of resource groups').optional(),
  }),
  channel: shape.slackChannel.optional(),
  kind: oneOf(['cattle', 'pet']).optional(),
  wiki: shape.webAddress.optional(),
  approvers: mapping({
    users: listOf(shape.slackUser, 'Slack user ids').optional(),
    userGroups: listOf(shape.slackUserGroup, 'Slack user group ids').optional(),
    required: wholeNumber(1, 'Give how many different people have to approve, 1 or more.').optional(),
  }).optional(),
  digest: digest.optional(),
});

/** The schema of golden.yml; it fails with issues that faultsOf in issues.ts puts in words. */
export const goldenYml = mapping({
  azure: blank(
    mapping({
      managementGroups: someOf(shape.managementGroup, 'management group ids').optional(),
      subscriptions: someOf(shape.guid, 'subscription ids').optional(),
    }),
  ),
  images: mapping({
    golden: someOf(approved, '{ gallery }, { managedImage } or { marketplace }'),
    freshness: blank(freshness),
    revoked: blank(
      listOf(
        mapping({ version: shape.revokedImage, reason: shape.reason, at: shape.instant.optional() }),
        '{ version, reason, at }',
      ),
    ),
  }),
  teams: z.record(z.string(), team, { error: () => 'a mapping of team names to teams' }),
  exemptions: blank(
    listOf(
      mapping({ machine: shape.machineGlob, reason: shape.reason, until: shape.instant.optional() }),
      '{ machine, reason, until }',
    ),
  ),
  digest: blank(digest),
  platform: blank(mapping({ channel: shape.slackChannel.optional(), digest: digest.optional() })),
});

/** golden.yml as it is written, checked but not yet completed by defaults. */
export type GoldenYml = z.output<typeof goldenYml>;

/** A key that may be absent, or left empty as when all below it is commented out. */
function blank<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (value === null ? undefined : value), schema.optional()).optional();
}

/**
 * One of several mappings, told apart by the key that is there. Zod's own union would answer a misspelt definition with
 * "no alternative matched"; this reports what is wrong within the alternative that was meant.
 */
function choice<Alternatives extends Record<string, z.ZodType>>(alternatives: Alternatives, purpose: string) {
  const keys = Object.keys(alternatives);
  const mapped = leaf<Record<string, unknown>>({
    expected: `a mapping that ${purpose}: by ${keys.join(', ')}`,
    remedy: `Give one of the keys ${keys.join(', ')}.`,
    read: (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
        ? (value as Record<string, unknown>)
        : undefined,
  });
  return mapped.transform((value, context): z.output<Alternatives[keyof Alternatives]> => {
    const key = keys.find((candidate) => Object.hasOwn(value, candidate));
    if (key === undefined) {
      context.issues.push({
        code: 'unrecognized_keys',
        keys: Object.keys(value),
        message: keys.join(', '),
        input: value,
      });
      return z.NEVER;
    }
    const result = alternatives[key]?.safeParse(value);
    if (result?.success) return result.data as z.output<Alternatives[keyof Alternatives]>;
    for (const issue of result?.error.issues ?? [])
      context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
    return z.NEVER;
  });
}
