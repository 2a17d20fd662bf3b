import type { CaseGroup, Digest } from '../../core/digest.ts';
import { mrkdwn } from '../escape.ts';
import { ACTION, askList } from './asks.ts';
import { actions, button, leaf, line, note } from './blocks.ts';
import { caseItem, fixedItem } from './case-groups.ts';
import { endingItem } from './digest-sections.ts';
import { figure } from './figures.ts';
import type { Message } from './message.ts';
import { type Piece, threadOf } from './thread.ts';

const NAMES = 20;
const CHARACTERS = 300;
/** What leaves room for what is still open, however much of it there is. */
const MOST = { fresh: 60, fixed: 20, ending: 30, warnings: 15 } as const;

/** A piece of which it is known how many findings it says. */
interface Counted extends Piece {
  readonly findings: number;
}

/** A digest's groups with their machines, and whatever else the message in the channel has no room for. */
export function digestThread(digest: Digest): readonly Message[] {
  const { team, fresh, open, fixed, ending, warnings, asOf } = digest;
  const group =
    (section: string) =>
    (each: CaseGroup): Counted => ({
      section,
      item: caseItem(each, NAMES, CHARACTERS, asOf),
      findings: each.ids.length,
    });
  const pieces: readonly Counted[] = [
    ...fresh.slice(0, MOST.fresh).map(group(digest.before === undefined ? 'What needs attention' : 'New')),
    ...fixed.slice(0, MOST.fixed).map((each) => ({
      section: 'Fixed or gone',
      item: fixedItem(each, NAMES, CHARACTERS),
      findings: 0,
    })),
    ...ending.slice(0, MOST.ending).map((version) => ({
      section: 'Image versions in use that end soon',
      item: endingItem(version, CHARACTERS),
      findings: 0,
    })),
    ...warnings.slice(0, MOST.warnings).map((warning) => ({
      section: 'About the images',
      item: line(leaf(warning, CHARACTERS)),
      findings: 0,
    })),
    ...open.slice(0, MOST_OPEN).map(group('Still open, oldest first')),
  ];
  const counted = new Map<Piece, number>(pieces.map((piece) => [piece, piece.findings]));
  const beyond = [...fresh.slice(MOST.fresh), ...open.slice(MOST_OPEN)].reduce((sum, { ids }) => sum + ids.length, 0);
  return threadOf(
    pieces,
    (page, pages) => `${mrkdwn(team.name, 100)}: details${pages > 1 ? ` ${page} of ${pages}` : ''} of the digest.`,
    (left) => {
      const hidden = beyond + left.reduce((sum, piece) => sum + (counted.get(piece) ?? 0), 0);
      if (hidden === 0) return [];
      return [
        note(`${figure(hidden)} more finding${hidden === 1 ? ' has' : 's have'} no room here: press “All findings”.`),
        ...actions([button('All findings', `${ACTION.run}:list`, askList(team.name))]),
      ];
    },
  ).messages;
}

/** More than ten messages hold. */
const MOST_OPEN = 400;
