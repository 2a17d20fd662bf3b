import { mrkdwn } from '../escape.ts';
import { ACTION, askStatus } from './asks.ts';
import { actions, bullets, button, header, leaf, line, note, paragraph, words } from './blocks.ts';
import type { Message } from './message.ts';

/** One line of help. */
export interface HelpEntry {
  readonly usage: string;
  readonly summary: string;
}

/** What help is made of. */
export interface Help {
  readonly entries: readonly HelpEntry[];
  /** The team the asker most likely means, if there is a hint: its channel is where they asked, or it is the only one. */
  readonly likely: string | undefined;
}

/** The answer to `/golden help` and to `/golden` alone. */
export function helpView({ entries, likely }: Help): Message {
  const next = likely === undefined ? 'teams' : askStatus(likely);
  return {
    text: `Golden tells which of your team’s Azure VMs run an approved image. Next, try: /golden ${mrkdwn(next, 120)}. Commands: ${entries.map(({ usage }) => mrkdwn(usage, 60)).join('; ')}.`,
    blocks: [
      header('Which VMs run an approved image?'),
      paragraph(
        'Golden reads Azure and answers only to you. Nothing is changed, and nothing is posted unless you share it.',
      ),
      bullets(
        'What you can ask',
        entries.map(({ usage, summary }) =>
          line(leaf(`/golden ${usage}`, 120, { code: true }), words('  '), leaf(summary, 200)),
        ),
      ),
      note('A team’s name alone, or its #channel, asks for its status. Names with spaces go in quotes.'),
      ...actions([
        likely === undefined
          ? undefined
          : button(`Status of ${likely.slice(0, 40)}`, `${ACTION.run}:status`, askStatus(likely)),
        button('All teams', `${ACTION.run}:teams`, 'teams'),
      ]),
    ],
  };
}
