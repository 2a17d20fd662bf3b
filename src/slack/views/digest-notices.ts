import type { Week } from '../../core/digest.ts';
import { mrkdwn, plain } from '../escape.ts';
import { ACTION, askDigest } from './asks.ts';
import { actions, button, header, leaf, line, paragraph, rich, words } from './blocks.ts';
import { weekPhrase } from './dates.ts';
import { channelLeaf } from './mentions.ts';
import type { Message } from './message.ts';

/** Told to the platform's channel and to approvers: a digest is not where it belongs. */

/** Whose digest of which week, and where it should be. */
export interface DigestPlace {
  /** A team's name; undefined for the platform's own digest. */
  readonly team: string | undefined;
  readonly week: Week;
  /** Slack channel id. */
  readonly channel: string;
}

/** Why a digest could not be delivered. */
export interface Undelivered {
  readonly why: string;
  readonly remedy: string;
  /** It is not tried again. */
  readonly final?: boolean;
}

/** A digest that Slack certainly did not take. */
export function undeliveredNotice(place: DigestPlace & Undelivered): Message {
  const { team, week, channel, why, remedy, final = false } = place;
  const whose = whoseOf(place);
  return {
    text: `The digest of ${mrkdwn(whose, 100)} for ${mrkdwn(weekPhrase(week), 20)} could not be delivered: ${mrkdwn(why, 400)} Next: ${mrkdwn(remedy, 400)}`,
    blocks: [
      header(`${plain(whose, 60)}: the digest could not be delivered`),
      rich(
        line(
          words(`The one of ${plain(weekPhrase(week), 20)}, to `),
          channelLeaf(channel),
          words(': '),
          leaf(why, 600),
        ),
        line(words('\nNext: ', { bold: true }), leaf(remedy, 600)),
      ),
      ...(final ? postSelf(team) : [paragraph(TRIED_AGAIN)]),
      ...previewButton(team),
    ],
  };
}

const TRIED_AGAIN =
  'It is tried again by itself for as long as golden.yml allows (catchUpHours), so there is nothing to start.';
const NOT_TRIED_AGAIN = 'It is not tried again; the next one comes as scheduled.';

function postSelf(team: string | undefined) {
  if (team === undefined) return [paragraph(NOT_TRIED_AGAIN)];
  return [
    rich(
      line(
        words(`${NOT_TRIED_AGAIN} Once that is mended, an approver can post this one with `),
        postCommand(team),
        words('.'),
      ),
    ),
  ];
}

function postCommand(team: string) {
  return leaf(`/golden ${askDigest(team, true)}`, 120, { code: true });
}

/** A digest that Slack may have taken: the answer was lost, and the bot may not look into the channel. */
export function unsureNotice(place: DigestPlace): Message {
  const { team, week, channel } = place;
  const whose = whoseOf(place);
  return {
    text: `The digest of ${mrkdwn(whose, 100)} for ${mrkdwn(weekPhrase(week), 20)} may or may not have been posted. Please look into its channel; it is not posted twice.`,
    blocks: [
      header(`${plain(whose, 60)}: was the digest posted?`),
      rich(
        line(
          words(`Slack did not say whether it took the one of ${plain(weekPhrase(week), 20)} for `),
          channelLeaf(channel),
          words('. I may not read channels, so I cannot look, and I do not post it twice.'),
        ),
        line(
          words('\nNext: ', { bold: true }),
          words('look into the channel. '),
          ...(team === undefined
            ? []
            : [words('If it is not there, an approver can post it with '), postCommand(team), words('. ')]),
          words('With the optional scope channels:history (groups:history for private channels) I can look myself.'),
        ),
      ),
      ...previewButton(team),
    ],
  };
}

function whoseOf({ team }: DigestPlace): string {
  return team ?? 'the platform';
}

function previewButton(team: string | undefined) {
  if (team === undefined) return [];
  return actions([
    button('Digest preview', `${ACTION.run}:digest`, askDigest(team), `Preview of the digest of ${team}`),
  ]);
}
