import { STATES, type State } from '../../core/classification.ts';
import { ATTENTION, type Counts, type Finding } from '../../core/report.ts';
import { STATE_NAMES } from '../../core/wording.ts';

/** Figures in words; Slack and the terminal say them alike. */

/** The order in which people read states: good first, then worst first, then what is not judged. */
export const READING_ORDER: readonly State[] = ['current', ...ATTENTION, ...STATES.filter(isNotJudged)];

/** Whether a state is left out of the share. */
export function isNotJudged(state: State): boolean {
  return state === 'exempt' || state === 'platformManaged';
}

/** `78 %`; never 100 while something is missing, never 0 while something is there. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  if (share < 1 && rounded >= 100) return '99 %';
  return share > 0 && rounded === 0 ? '1 %' : `${rounded} %`;
}

/** A number as people read it: `12,345`. */
export function figure(number: number): string {
  return number.toLocaleString('en-US');
}

/** `1 machine`, `2,000 machines`. */
export function machines(number: number): string {
  return `${figure(number)} machine${number === 1 ? '' : 's'}`;
}

/** `1 finding needs attention`: whatever is not only machines (scale sets' models among them) is counted as findings. */
export function attentionPhrase(number: number, noun: 'finding' | 'machine'): string {
  return `${figure(number)} ${noun}${number === 1 ? ' needs' : 's need'} attention`;
}

/** A share of `of` as blocks; whatever is not zero shows at least one. */
export function bar(part: number, of: number, width = 10): string {
  const filled = of === 0 ? 0 : Math.min(width, Math.max(part > 0 ? 1 : 0, Math.round((part / of) * width)));
  // A full bar says "all": it is kept for all.
  const shown = filled === width && part < of ? width - 1 : filled;
  return '▓'.repeat(shown) + '░'.repeat(width - shown);
}

/** The states there are machines in, in reading order: `62 current, 10 outdated, 1 revoked`. */
export function countsInWords(counts: Counts): string {
  const parts = READING_ORDER.filter((state) => counts[state] > 0).map(
    (state) => `${figure(counts[state])} ${STATE_NAMES[state]}`,
  );
  return parts.join(', ');
}

/** How long ago, coarsely: `just now`, `42 s ago`, `5 min ago`, `3 h ago`. */
export function age(asOf: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - asOf.getTime()) / 1000);
  if (seconds < 2) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return `${Math.floor(seconds / 3600)} h ago`;
}

/** What a finding is about, in a word or two: `pet`, `cattle, scale set instance`, `scale set's model`. */
export function kindPhrase({ kind, type }: Pick<Finding, 'kind' | 'type'>): string {
  if (type === 'scaleSet') return "scale set's model";
  return type === 'scaleSetInstance' ? `${kind}, scale set instance` : kind;
}
