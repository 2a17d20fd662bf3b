import { type Asker, type Asking, route } from '../command.ts';
import { FatalError, RetryableError, UserError } from '../core/errors.ts';
import { unlessGivenUp } from './deadline.ts';
import { type SlackDeps, TIMING } from './ports.ts';
import type { Reply } from './reply.ts';
import { errorView } from './views/error.ts';
import type { Message } from './views/message.ts';
import { couldNotShareView, readingView, sharedView } from './views/notices.ts';

/** One question from Slack, acknowledged already. */
export interface Question {
  /** Also the reference that an error shows. */
  readonly requestId: string;
  readonly user: string;
  readonly workspace: string;
  readonly channel: string | undefined;
  readonly words: readonly string[];
  /** `refresh` asks Azure anew, `share` shows the answer to the channel. */
  readonly intent: 'run' | 'refresh' | 'share';
}

/** How a question ended, as it is logged and counted. */
export type Outcome = 'answered' | 'user-error' | 'retryable' | 'fatal' | 'bug';

interface Answered {
  readonly command: string;
  readonly team: string | undefined;
  readonly outcome: Outcome;
  readonly message: Message;
  readonly error?: unknown;
}

/**
 * Answers questions: finds the command, asks it, says the answer or what went wrong, logs one line. The answer never
 * rejects.
 *
 * @param giveUp Ends every question that is still open, now and from then on; its reason is what their askers are told.
 */
export function dispatcher(deps: SlackDeps, giveUp: AbortSignal): (question: Question, reply: Reply) => Promise<void> {
  const { logger, metrics } = deps;
  const { readingMs } = { ...TIMING, ...deps.timing };

  return async (question, reply) => {
    const started = performance.now();
    await reply.begin();
    let reading: Promise<void> | undefined;
    const timer = setTimeout(() => {
      reading = reply.reading(readingView());
    }, readingMs);

    const answered = await answerTo(question, deps, giveUp);
    clearTimeout(timer);
    await reading; // else it might overtake the answer and stay for ever
    await say(answered, question, reply, reading !== undefined);

    const durationMs = Math.round(performance.now() - started);
    const { command, team, outcome, error } = answered;
    const { requestId, user, workspace, channel, intent } = question;
    const fields = {
      requestId,
      user,
      workspace,
      channel,
      command,
      team,
      intent,
      outcome,
      durationMs,
      ...(error !== undefined && { err: error }),
    };
    if (outcome === 'fatal' || outcome === 'bug') logger.error(fields, 'command failed');
    else if (outcome === 'retryable') logger.warn(fields, 'command postponed');
    else logger.info(fields, 'command answered');
    metrics?.onCommand(command, outcome, durationMs);
  };
}

async function say(
  { message, outcome }: Answered,
  { intent, user }: Question,
  reply: Reply,
  saidReading: boolean,
): Promise<void> {
  if (intent !== 'share' || outcome !== 'answered') return reply.answer(message);
  const shared = await reply.share(sharedView(message, user));
  if (!shared) return reply.answer(couldNotShareView());
  // The asker's own copy gave way to "Reading…": it comes back.
  if (saidReading) await reply.answer(message);
}

async function answerTo(question: Question, deps: SlackDeps, giveUp: AbortSignal): Promise<Answered> {
  const { commands, services, timing } = deps;
  const { words, user, channel, intent, requestId } = question;
  let command = 'none';
  let team: string | undefined;
  try {
    const found = route(words, commands, services.teams);
    command = found.command.name;
    const asking: Asking = { teams: services.teams, ...(channel !== undefined && { channel }) };
    const input: unknown = found.command.parse(found.words, asking);
    team = teamIn(input);
    const { deadlineMs } = { ...TIMING, ...timing };
    const flags = { ...found.command.inSlack, ...(intent === 'refresh' && { fresh: true }) };
    const asker: Asker = { kind: 'person', user, ...(channel !== undefined && { channel }) };
    giveUp.throwIfAborted();
    const asked = found.command.query(input, services, flags, asker);
    const result: unknown = await unlessGivenUp(asked, deadlineMs, giveUp);
    return { command, team, outcome: 'answered', message: found.command.render(result) };
  } catch (error) {
    const message = errorView({ error, reference: requestId, ask: words.length === 0 ? undefined : asTyped(words) });
    return { command, team, outcome: outcomeOf(error), message, error };
  }
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof UserError) return 'user-error';
  if (error instanceof RetryableError) return 'retryable';
  return error instanceof FatalError ? 'fatal' : 'bug';
}

function asTyped(words: readonly string[]): string {
  return words.map((word) => (/[\s"]/.test(word) ? `"${word.replaceAll('"', ' ')}"` : word)).join(' ');
}

/** The team a command is about, for the log. */
function teamIn(input: unknown): string | undefined {
  const team = typeof input === 'object' && input !== null && 'team' in input ? input.team : undefined;
  return typeof team === 'object' && team !== null && 'name' in team && typeof team.name === 'string'
    ? team.name
    : undefined;
}
