import type { Team } from '../../core/team.ts';
import { mrkdwn, plain } from '../escape.ts';
import { paragraph } from './blocks.ts';
import type { Message } from './message.ts';

/** The answer to `/golden follow`. */
export function followedView({ name }: Pick<Team, 'name'>): Message {
  return {
    text: `${mrkdwn(name, 100)} is in your Home tab now.`,
    blocks: [paragraph(`${plain(name, 100)} is in your Home tab now: open Golden in the sidebar to see it.`)],
  };
}

/** The answer to `/golden unfollow`. */
export function unfollowedView({ name }: Pick<Team, 'name'>): Message {
  return {
    text: `${mrkdwn(name, 100)} is not among the teams you chose any more.`,
    blocks: [
      paragraph(
        `${plain(name, 100)} is not among the teams you chose any more. Teams you are an approver of always stay in your Home tab.`,
      ),
    ],
  };
}
