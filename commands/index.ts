import type { AnyCommand } from '../src/command.ts';
import { digest } from './digest.ts';
import { follow, unfollow } from './follow.ts';
import { helpFor } from './help.ts';
import { list } from './list.ts';
import { mute, unmute } from './mute.ts';
import { schedule } from './schedule.ts';
import { status } from './status.ts';
import { teams } from './teams.ts';
import { trend } from './trend.ts';
import { why } from './why.ts';

const answering: readonly AnyCommand[] = [
  status,
  list,
  why,
  trend,
  digest,
  schedule,
  mute,
  unmute,
  teams,
  follow,
  unfollow,
];

/** Every `/golden` subcommand, in the order in which help shows them. */
export const commands: readonly AnyCommand[] = [...answering, helpFor(answering)];
