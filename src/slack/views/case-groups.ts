import type { RichTextSection } from '@slack/types';
import type { CaseGroup, FixedGroup } from '../../core/digest.ts';
import type { MachineType } from '../../core/machine.ts';
import { resourceName, scaleSetOfInstance } from '../../core/resource-id.ts';
import { STATE_NAMES } from '../../core/wording.ts';
import { plain } from '../escape.ts';
import { leaf, line, words } from './blocks.ts';
import { fullDay, weeksSince } from './dates.ts';
import { figure, kindPhrase } from './figures.ts';

/** Machines of one case in a few lines: who, what, why, what next. */

const LONGEST_NAME = 40;

/** A machine's name as its id tells it; an instance of a scale set by the set and its number. */
export function nameOf(id: string): string {
  const set = scaleSetOfInstance(id);
  return set === undefined ? resourceName(id) : `${resourceName(set)}/${resourceName(id)}`;
}

/**
 * Machines by name, as many as `most`; more of them by what their names begin with: `7 VMs web-…`. Safe where Slack parses
 * nothing.
 */
export function whoPhrase(ids: readonly string[], most: number, type: MachineType = 'virtualMachine'): string {
  const names = ids.slice(0, most).map((id) => plain(nameOf(id), LONGEST_NAME));
  const hidden = ids.length - names.length;
  if (hidden <= 0) return names.join(', ');
  const stem = stemOf(ids);
  if (stem !== '') return `${figure(ids.length)} ${nounOf(type)}s ${plain(stem, LONGEST_NAME)}…`;
  return `${names.join(', ')} and ${figure(hidden)} more`;
}

/** What all names begin with, up to where a word ends; empty where that says nothing. */
export function stemOf(ids: readonly string[]): string {
  const [first = '', ...rest] = ids.map(nameOf);
  let length = first.length;
  for (const name of rest) {
    length = Math.min(length, name.length);
    while (length > 0 && first.slice(0, length) !== name.slice(0, length)) length -= 1;
    if (length === 0) return '';
  }
  return /^.*[A-Za-z][A-Za-z0-9]*[-_./]/.exec(first.slice(0, length))?.[0] ?? '';
}

/** A case with its machines: which, on what image, since when, why, and what to do. */
export function caseItem(group: CaseGroup, names: number, characters: number, now: Date): RichTextSection {
  const { case: what, ids, since } = group;
  return line(
    words(whoPhrase(ids, names, what.type), { bold: true }),
    words(` on ${plain(what.image, Math.min(characters, 100))}: ${STATE_NAMES[what.state]} (${kindPhrase(what)})`),
    words(`${since === undefined ? '' : `, open since ${plain(sincePhrase(since, now), 40)}`}\n`),
    leaf(what.reason, characters),
    words('\nNext: '),
    leaf(what.nextStep, characters),
  );
}

/** Findings that are gone. */
export function fixedItem({ ids, image, state }: FixedGroup, names: number, characters: number): RichTextSection {
  return line(
    words(whoPhrase(ids, names), { bold: true }),
    words(`: no longer ${STATE_NAMES[state]} on ${plain(image, Math.min(characters, 100))}`),
  );
}

function sincePhrase(day: string, now: Date): string {
  const weeks = weeksSince(day, now);
  return weeks === 0 ? fullDay(day) : `${fullDay(day)} (${figure(weeks)} week${weeks === 1 ? '' : 's'})`;
}

function nounOf(type: MachineType): string {
  switch (type) {
    case 'virtualMachine':
      return 'VM';
    case 'scaleSetInstance':
      return 'scale set instance';
    case 'scaleSet':
      return 'scale set model';
  }
}
