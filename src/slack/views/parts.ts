import type { KnownBlock, RichTextSection } from '@slack/types';
import type { Finding, Unread } from '../../core/report.ts';
import { nextStepOf, reasonOf, STATE_NAMES } from '../../core/wording.ts';
import { plain } from '../escape.ts';
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

/** Findings of which everything but the machine's name is said alike. */
export interface Alike {
  readonly findings: readonly [Finding, ...Finding[]];
}

/** Puts findings that read alike together, in the order in which the first of each came: a fleet is told in a few lines. */
export function alike(findings: readonly Finding[]): readonly Alike[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const { verdict } = finding;
    const said = JSON.stringify([verdict.state, kindPhrase(finding), reasonOf(verdict), nextStepOf(finding)]);
    const group = groups.get(said);
    if (group) group.push(finding);
    else groups.set(said, [finding]);
  }
  return [...groups.values()].map((group) => ({ findings: group }));
}

const MOST_NAMES = 4;

/** Machines with their state, why, and what to do. */
export function alikeItem({ findings }: Alike, characters: number): RichTextSection {
  const [first] = findings;
  const names = findings.slice(0, MOST_NAMES).map(({ name }) => plain(name, Math.min(characters, 80)));
  const hidden = findings.length - names.length;
  const more = hidden > 0 ? ` and ${figure(hidden)} more` : '';
  return line(
    words(names.join(', '), { bold: true }),
    words(
      `${more} ${findings.length === 1 ? 'is' : 'are'} ${STATE_NAMES[first.verdict.state]} (${kindPhrase(first)})\n`,
    ),
    leaf(reasonOf(first.verdict), characters),
    words('\nNext: '),
    leaf(nextStepOf(first), characters),
  );
}

/** When this was so, and how long ago where an answer may be shared. */
export function asOfNote(asOf: Date, now?: Date): KnownBlock {
  return ours(`As Azure Resource Graph saw it ${instant(asOf)}${now === undefined ? '' : ` (${age(asOf, now)})`}`);
}

/** The same for the fallback text. */
export function asOfSentence(asOf: Date): string {
  return ` As of ${minute(asOf)}.`;
}
