import type { KnownBlock, RichTextSection } from '@slack/types';
import type { Finding, Unread } from '../../core/report.ts';
import { nextStepOf, reasonOf, STATE_NAMES } from '../../core/wording.ts';
import { bullets, instant, leaf, line, minute, ours, words } from './blocks.ts';
import { age, figure, kindPhrase } from './figures.ts';

/** Parts that several answers share. */

const MOST_UNREAD = 5;

/** What could not be read, as prominent as the figures themselves: an answer with holes must not look clean. */
export function unreadBlocks(unread: readonly Unread[], characters: number): readonly KnownBlock[] {
  if (unread.length === 0) return [];
  const shown = unread
    .slice(0, MOST_UNREAD)
    .map(({ scope, reason }) => line(leaf(scope, characters, { bold: true }), words(': '), leaf(reason, characters)));
  const hidden = unread.length - shown.length;
  const more = hidden > 0 ? [line(words(`and ${figure(hidden)} more`))] : [];
  return [bullets('Warning: not everything could be read, so machines may be missing here', [...shown, ...more])];
}

/** The same in a sentence for the fallback text; numbers only. */
export function unreadSentence(unread: readonly Unread[]): string {
  if (unread.length === 0) return '';
  return ` Warning: ${figure(unread.length)} ${unread.length === 1 ? 'scope' : 'scopes'} could not be read, so machines may be missing.`;
}

/** A machine with its state, why, and what to do. */
export function findingItem(finding: Finding, characters: number): RichTextSection {
  return line(
    leaf(finding.name, Math.min(characters, 120), { bold: true }),
    words(` is ${STATE_NAMES[finding.verdict.state]} (${kindPhrase(finding)})\n`),
    leaf(reasonOf(finding.verdict), characters),
    words('\nNext: '),
    leaf(nextStepOf(finding), characters),
  );
}

/** When this was so; how long ago counts where an answer is shared. */
export function asOfNote(asOf: Date, now: Date): KnownBlock {
  return ours(`As Azure Resource Graph saw it on ${instant(asOf)} (${age(asOf, now)})`);
}

/** The same for the fallback text. */
export function asOfSentence(asOf: Date): string {
  return ` As of ${minute(asOf)}.`;
}
