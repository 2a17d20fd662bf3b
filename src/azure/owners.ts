import { folded, type Team } from '../core/team.ts';
import { jsonText, matchesGlobCondition, quote, tagValue, tuple } from './kql.ts';
import { lines } from './machine-queries.ts';

/** Everything that teams are matched by, taken together; each value once, folded. */
export interface Owners {
  /** Tag names with the values that some team wants, as in JSON text (`jsonText`). */
  readonly tags: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly subscriptions: readonly string[];
  /** Resource groups named as they are. */
  readonly resourceGroups: readonly string[];
  /** Resource groups named by a pattern. */
  readonly globs: readonly string[];
}

/** Subscriptions that carry a wanted tag: by tag name and value (`jsonText`), their guids in lower case. */
export type TaggedSubscriptions = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** What the owners of any machine are decided on. */
export function ownersOf(teams: readonly Team[]): Owners {
  const tags = new Map<string, Set<string>>();
  for (const { match } of teams) {
    for (const [name, value] of Object.entries(match.tags)) {
      const values = tags.get(folded(name)) ?? new Set();
      tags.set(folded(name), values.add(jsonText(value)));
    }
  }
  const groups = unique(teams.flatMap(({ match }) => match.resourceGroups.map(folded)));
  return {
    tags: [...tags].map(([name, values]) => ({ name, values: [...values] })),
    subscriptions: unique(teams.flatMap(({ match }) => match.subscriptions.map((id) => id.toLowerCase()))),
    resourceGroups: groups.filter((group) => !isPattern(group)),
    globs: groups.filter(isPattern),
  };
}

/**
 * Adds the column `owner`: what of a machine teams are matched by and nothing else, so that there are few different ones.
 * Fields are parted by tabs: a value for each tag name, the subscription, the resource group, the patterns it matches.
 */
export function ownerColumn(owners: Owners, subscriptionTags: 'joined' | TaggedSubscriptions): string {
  const kept = (column: string, values: readonly string[]) =>
    values.length === 0 ? "''" : `iff(${column} in ${tuple(values)}, ${column}, '')`;
  const levels = owners.tags.flatMap(({ name }, index) => [
    `ownTag${index} = ${tagValue('tagText', name)}`,
    `groupTag${index} = ${tagValue('groupTagText', name)}`,
    `subscriptionTag${index} = ${
      subscriptionTags === 'joined'
        ? tagValue('subscriptionTagText', name)
        : namedValue(subscriptionTags.get(name) ?? new Map())
    }`,
  ]);
  const effective = owners.tags.map(
    (_, index) =>
      `tag${index} = case(isnotempty(ownTag${index}), ownTag${index}, isnotempty(groupTag${index}), groupTag${index}, subscriptionTag${index})`,
  );
  const marks = owners.globs.map(
    (glob, index) => `iff(${matchesGlobCondition('resourceGroup', glob)}, '${index},', '')`,
  );
  return lines(
    ...(levels.length === 0 ? [] : [`| extend ${levels.join(', ')}`, `| extend ${effective.join(', ')}`]),
    '| extend groupName = tolower(resourceGroup)',
    `| extend owner = ${joined(
      [
        ...owners.tags.map(({ values }, index) => kept(`tag${index}`, values)),
        kept('subscriptionKey', owners.subscriptions),
        kept('groupName', owners.resourceGroups),
        joined(marks),
      ].flatMap((field, index) => (index === 0 ? [field] : [quote('\t'), field])),
    )}`,
  );
}

/** Fields in the column `owner`. */
export function ownerFields({ tags }: Owners): number {
  return tags.length + 3;
}

/** Reads the column `owner`: the names of the teams, in the order of golden.yml. */
export class OwnerReader {
  readonly #owners: Owners;
  readonly #teams: readonly { readonly name: string; readonly wants: ReadonlySet<string> }[];
  readonly #known = new Map<string, readonly string[]>();

  constructor(teams: readonly Team[], owners: Owners) {
    this.#owners = owners;
    const globs = new Map(owners.globs.map((glob, index) => [glob, index]));
    this.#teams = teams.map(({ name, match }) => ({
      name,
      wants: new Set([
        ...Object.entries(match.tags).map(([tag, value]) => mark('tag', folded(tag), jsonText(value))),
        ...match.subscriptions.map((id) => mark('subscription', id.toLowerCase())),
        ...match.resourceGroups.map((group) => {
          const glob = globs.get(folded(group));
          return glob === undefined ? mark('group', folded(group)) : mark('glob', String(glob));
        }),
      ]),
    }));
  }

  /** @param fields The fields of the column, as many as `ownerFields` says. */
  teamsOf(fields: readonly string[]): readonly string[] {
    const text = fields.join('\t');
    const known = this.#known.get(text);
    if (known) return known;
    const count = this.#owners.tags.length;
    const [subscription = '', group = '', marks = ''] = fields.slice(count);
    const has = [
      ...this.#owners.tags.map(({ name }, index) => mark('tag', name, fields[index] ?? '')),
      mark('subscription', subscription),
      mark('group', group),
      ...marks.split(',').map((index) => mark('glob', index)),
    ];
    const teams = this.#teams.filter(({ wants }) => has.some((each) => wants.has(each))).map(({ name }) => name);
    this.#known.set(text, teams);
    return teams;
  }
}

function mark(...parts: readonly string[]): string {
  return parts.join('\t');
}

function isPattern(group: string): boolean {
  return group.includes('*') || group.startsWith('...');
}

/** Functions take a bounded number of arguments, so a long text is put together in portions. */
const ARGUMENTS_AT_MOST = 30;

/** `strcat` of any number of expressions. */
function joined(parts: readonly string[]): string {
  if (parts.length === 0) return "''";
  if (parts.length === 1) return `strcat(${parts[0]}, '')`;
  if (parts.length <= ARGUMENTS_AT_MOST) return `strcat(${parts.join(', ')})`;
  const portions: string[] = [];
  for (let start = 0; start < parts.length; start += ARGUMENTS_AT_MOST) {
    portions.push(joined(parts.slice(start, start + ARGUMENTS_AT_MOST)));
  }
  return joined(portions);
}

/** The value that a subscription's tag has, where the subscriptions are named instead of joined. */
function namedValue(ids: ReadonlyMap<string, readonly string[]>): string {
  // A subscription carries one value, so at most one of these is not empty.
  return joined(
    [...ids]
      .filter(([, carrying]) => carrying.length > 0)
      .map(([value, carrying]) => `iff(subscriptionKey in ${tuple(carrying)}, ${quote(value)}, '')`),
  );
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
