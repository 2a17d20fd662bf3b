import { styleText } from 'node:util';
import stringWidth from 'string-width';
import type { Screen } from '../../src/command.ts';
import type { State } from '../../src/core/classification.ts';
import { visible } from '../../src/slack/escape.ts';

/** Text for a terminal: foreign text cannot move the cursor or change colours, columns line up whatever script is in them. */

const COLOURS: Readonly<Record<State, Parameters<typeof styleText>[0]>> = {
  current: 'green',
  outdated: 'yellow',
  endOfLife: 'red',
  nonGolden: 'red',
  revoked: 'red',
  unknown: 'yellow',
  exempt: 'gray',
  platformManaged: 'gray',
};

/** Foreign text without escape sequences, controls and invisible characters. */
export function safe(text: string): string {
  // ESC itself is a control character, so a sequence loses what makes it one; its harmless rest stays, to be seen.
  return visible(text);
}

/** Words in the colour of a state, where the screen has colours. The words alone must say it too. */
export function painted(text: string, state: State, screen: Screen): string {
  return screen.colour ? styleText(COLOURS[state], text, { validateStream: false }) : text;
}

/** Bold where the screen can. */
export function bold(text: string, screen: Screen): string {
  return screen.colour ? styleText('bold', text, { validateStream: false }) : text;
}

/** Cut to a width in columns, with an ellipsis. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const wide = stringWidth(segment);
    if (used + wide > width - 1) break;
    kept += segment;
    used += wide;
  }
  return `${kept}…`;
}

/** Filled with spaces to a width in columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

/** Words broken into lines of at most `width` columns, each after `indent` spaces. */
export function wrapped(text: string, width: number, indent: number): string {
  const room = Math.max(20, width - indent);
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ').map((part) => cut(part, room))) {
    const next = current === '' ? word : `${current} ${word}`;
    if (stringWidth(next) > room && current !== '') {
      lines.push(current);
      current = word;
    } else current = next;
  }
  lines.push(current);
  return lines.map((each) => ' '.repeat(indent) + each).join('\n');
}
