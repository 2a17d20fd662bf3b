import type { RichTextElement } from '@slack/types';
import type { Approvers } from '../../core/team.ts';
import { words } from './blocks.ts';

/** People, groups and channels by their ids: ours or Slack's own, and checked all the same before they are markup. */

const USER = /^[UW][A-Z0-9]{2,20}$/;
const GROUP = /^S[A-Z0-9]{2,20}$/;
const CHANNEL = /^[CDG][A-Z0-9]{2,20}$/;
const MOST = 10;

/** Approvers as mrkdwn that notifies them; empty where there are none. */
export function mentionsOf({ users, userGroups }: Pick<Approvers, 'users' | 'userGroups'>): string {
  const groups = userGroups.filter((id) => GROUP.test(id)).map((id) => `<!subteam^${id}>`);
  const people = users.filter((id) => USER.test(id)).map((id) => `<@${id}>`);
  return [...groups, ...people].slice(0, MOST).join(', ');
}

/** A channel as a leaf of rich text. */
export function channelLeaf(id: string): RichTextElement {
  return CHANNEL.test(id) ? { type: 'channel', channel_id: id } : words('its channel');
}
