import type { AnyCommand } from '../src/command.ts';
import { helpFor } from './help.ts';
import { list } from './list.ts';
import { status } from './status.ts';
import { teams } from './teams.ts';
import { why } from './why.ts';

const answering: readonly AnyCommand[] = [status, list, why, teams];

/** Every `/golden` subcommand, in the order in which help shows them. */
export const commands: readonly AnyCommand[] = [...answering, helpFor(answering)];
