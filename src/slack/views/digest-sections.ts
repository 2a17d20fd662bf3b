import type { KnownBlock, RichTextSection } from '@slack/types';
import type { CaseGroup, Digest, EndingVersion } from '../../core/digest.ts';
import { STATE_NAMES } from '../../core/wording.ts';
import { plain } from '../escape.ts';
import { ACTION, askList, askWhy } from './asks.ts';
import { actions, bullets, button, leaf, line, note, words } from './blocks.ts';
import { caseItem, fixedItem, nameOf } from './case-groups.ts';
import { endingSentence } from './digest-words.ts';
import { figure } from './figures.ts';

/** The lists of a digest's message in the channel: a few of each, and how many more there are. */

/** Of each list; `names` of machines in an entry. In the thread there is room for more. */
export const MOST = { fixed: 3, ending: 5, warnings: 2, names: 3 } as const;

/**
 * Groups of findings with their buttons, as many as `rows`; of the others their number.
 *
 * @param id Keeps the buttons' ids unique within the message.
 */
export function groupBlocks(
  { team, asOf }: Digest,
  title: string,
  groups: readonly CaseGroup[],
  rows: number,
  characters: number,
  id: string,
): readonly KnownBlock[] {
  if (groups.length === 0) return [];
  const hidden = groups.slice(rows);
  const findings = hidden.reduce((sum, { ids }) => sum + ids.length, 0);
  const rest = `${figure(findings)} more finding${findings === 1 ? '' : 's'} in ${figure(hidden.length)} group${hidden.length === 1 ? '' : 's'}`;
  return [
    ...groups
      .slice(0, rows)
      .flatMap((group, index) => [
        bullets(index === 0 ? title : undefined, [caseItem(group, MOST.names, characters, asOf)]),
        ...groupButtons(team.name, group, `${id}-${index}`),
      ]),
    ...(hidden.length > 0 ? [note(rows === 0 ? `${title}: ${rest}.` : `${rest}.`)] : []),
  ];
}

function groupButtons(team: string, { case: what, ids }: CaseGroup, id: string): readonly KnownBlock[] {
  const [first] = ids;
  const state = STATE_NAMES[what.state];
  return actions([
    button(`List ${state}`, `${ACTION.run}:list-${id}`, askList(team, what.state), `List what is ${state}`),
    first === undefined
      ? undefined
      : button(`Why ${plain(nameOf(first), 30)}?`, `${ACTION.run}:why-${id}`, askWhy(first)),
  ]);
}

/** What is gone, by what it was. @param when Since when, as one says it; empty where nothing tells. */
export function fixedBlocks({ fixed }: Digest, characters: number, when: string): readonly KnownBlock[] {
  if (fixed.length === 0) return [];
  const items = fixed.slice(0, MOST.fixed).map((group) => fixedItem(group, MOST.names, characters));
  const hidden = fixed.slice(MOST.fixed).reduce((sum, { ids }) => sum + ids.length, 0);
  return [bullets(`Fixed or gone${when === '' ? '' : ` since ${when}`}`, [...items, ...moreItem(hidden)])];
}

/** Image versions in use that end soon, at most `most` of them. @param aside Where the others are: `, in the thread`. */
export function endingBlocks(
  ending: readonly EndingVersion[],
  most: number,
  characters: number,
  aside = '',
): readonly KnownBlock[] {
  if (ending.length === 0) return [];
  const items = ending.slice(0, most).map((version) => endingItem(version, characters));
  return [bullets('Image versions in use that end soon', [...items, ...moreItem(ending.length - items.length, aside)])];
}

/** An image version that ends soon, by name, day and machines. */
export function endingItem(version: EndingVersion, characters: number): RichTextSection {
  const { name, rest } = endingSentence(version, characters);
  return line(words(name, { bold: true }), words(rest));
}

/** What the images' builders should know. */
export function warningBlocks({ warnings }: Digest, characters: number): readonly KnownBlock[] {
  if (warnings.length === 0) return [];
  const items = warnings.slice(0, MOST.warnings).map((warning) => line(leaf(warning, characters)));
  const hidden = warnings.length - items.length;
  return [bullets('About the images', [...items, ...moreItem(hidden)])];
}

/** How many are not listed; nothing where all are. */
export function moreItem(hidden: number, aside = ''): readonly RichTextSection[] {
  return hidden > 0 ? [line(words(`and ${figure(hidden)} more${aside}`))] : [];
}
