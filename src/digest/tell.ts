import type { Week } from '../core/digest.ts';
import type { Platform, Team } from '../core/team.ts';
import type { ChatMessage, People } from '../ports.ts';
import type { SayOnce } from './say-once.ts';
import type { Problem, Recipient } from './weekly.ts';

/** Says that a digest is not where it belongs, as a message. */
export type ProblemView = (
  what: { readonly recipient: string; readonly week: Week; readonly channel: string },
  problem: Problem,
) => ChatMessage;

export interface TellParts {
  readonly once: Pick<SayOnce, 'say'>;
  readonly people: Pick<People, 'approvers'>;
  readonly platform: Platform;
  readonly teams: readonly Team[];
  readonly view: ProblemView;
  /** Whoever could not be told is at least in the log. */
  readonly onUntold: (details: {
    readonly team: string;
    readonly week: Week;
    readonly to: string;
    readonly why: string;
  }) => void;
}

/**
 * Tells the platform's channel and, where a team's channel is the trouble, the team's approvers by direct message: each once
 * for a week, however often it is called (twice at most where Slack does not say whether it took the first).
 *
 * @returns milliseconds after which it has to be called again; 0 when everybody is told who can be told
 */
export async function tellProblem(
  { once, people, platform, teams, view, onUntold }: TellParts,
  recipient: Recipient,
  week: Week,
  problem: Problem,
): Promise<number> {
  const message = view({ recipient: recipient.key, week, channel: recipient.channel }, problem);
  const untold = (to: string, why: string) => onUntold({ team: recipient.key, week, to, why });
  const places = await placesToTell();
  if (places.length === 0) untold('nobody', 'no platform.channel is configured and the team has no approvers');
  let waitMs = 0;
  for (const place of places) {
    const key = `notice:${problem.kind}:${recipient.key}:${week}:${place}`;
    let told = await once.say({ key, channel: place, message });
    // A notice that comes twice is better than none, unlike the digest itself.
    if (told.kind === 'unsure') told = await once.say({ key: `${key}:again`, channel: place, message });
    if (told.kind === 'later') waitMs = Math.max(waitMs, told.waitMs);
    else if (told.kind === 'refused') untold(place, told.why);
    else if (told.kind === 'unsure') untold(place, 'Slack did not say whether it took the message, twice');
  }
  return waitMs;

  async function placesToTell(): Promise<readonly string[]> {
    const { channel } = platform;
    // What cannot be delivered to a channel cannot be told there; what may have arrived can.
    const isClosed = channel === recipient.channel && problem.kind === 'undelivered';
    const platformPlace = channel === undefined || isClosed ? [] : [channel];
    const team = teams.find(({ name }) => name === recipient.key);
    if (team === undefined || problem.kind === 'unsure') return platformPlace;
    try {
      return [...platformPlace, ...(await people.approvers(team))];
    } catch (error) {
      untold('the approvers', error instanceof Error ? error.message : String(error));
      return platformPlace;
    }
  }
}
