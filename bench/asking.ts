import { setTimeout as delay } from 'node:timers/promises';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { readingView } from '../src/slack/views/notices.ts';

/** The teams of the generated estate: a third of the machines each. */
export const TEAMS = ['payments', 'checkout', 'data-platform'] as const;
export type TeamName = (typeof TEAMS)[number];

/** What people were told, by the id of the response URL that came with the command. */
export interface Told {
  /** Answers in full. */
  readonly answers: ReadonlyMap<string, string>;
  /** Notices that an answer follows. */
  readonly notices: ReadonlySet<string>;
  /** Anything else: errors, and answers that Slack refused. */
  readonly others: ReadonlyMap<string, string>;
}

/** Nothing heard for this long: nothing will come any more. The bot itself gives a question up after two minutes. */
const SILENCE_MS = 125_000;
const LOOKS_EVERY_MS = 10;
/** How the answer to `status` reads for any team that has machines. */
const ANSWER = /on current golden images/;
const NOTICE = readingView().text;

/** One command that was typed. */
export interface Typed {
  /** Of the response URL that came with it. */
  readonly id: string;
  /** Undefined where there was none within Slack's three seconds. */
  readonly ackMs: number | undefined;
}

/** Types `/golden status <team>`. Resolves with the ack, or without one. */
export async function typeStatus(slack: LocalSlack, team: TeamName): Promise<Typed> {
  const typedAt = performance.now();
  const { ack, responseUrl } = await slack.slash({ user: 'U0ALICE', channel: 'C0PAYMENTS', text: `status ${team}` });
  // The ack's own figure is in whole milliseconds, too coarse for most of them.
  return { id: responseUrl.split('/').at(-1) ?? '', ackMs: ack.acked ? performance.now() - typedAt : undefined };
}

/** Asks for a team's status `times` times at once, and waits for every answer. @returns the answers as they read */
export async function askStatus(slack: LocalSlack, team: TeamName, times = 1): Promise<readonly string[]> {
  const typed = await Promise.all(Array.from({ length: times }, () => typeStatus(slack, team)));
  const { answers } = await told(
    slack,
    typed.map(({ id }) => id),
  );
  return typed.flatMap(({ id }) => answers.get(id) ?? []);
}

/** Waits until each of these was told something in full, or until nobody was told anything for `silenceMs`. */
export async function told(slack: LocalSlack, ids: readonly string[], silenceMs = SILENCE_MS): Promise<Told> {
  const wanted = new Set(ids);
  const answers = new Map<string, string>();
  const notices = new Set<string>();
  const others = new Map<string, string>();
  let heardAt = performance.now();
  for (let read = 0; answers.size + others.size < wanted.size; ) {
    if (performance.now() - heardAt > silenceMs) break;
    if (read === slack.calls.length) await delay(LOOKS_EVERY_MS);
    for (; read < slack.calls.length; read++) {
      const call = slack.calls[read];
      if (call?.kind !== 'response_url') continue;
      heardAt = performance.now();
      if (!wanted.has(call.id)) continue;
      const text = String(call.args.text);
      if (text === NOTICE) notices.add(call.id);
      else if (call.status === 200 && ANSWER.test(text)) answers.set(call.id, text);
      else others.set(call.id, text);
    }
  }
  return { answers, notices, others };
}

/** How many answers came by the Web API, as they do where the response URL fails; whose they are cannot be told. */
export function answersElsewhere(slack: LocalSlack): number {
  return slack.calls.filter(
    (call) =>
      call.kind === 'api' &&
      call.method === 'chat.postEphemeral' &&
      call.answer.ok === true &&
      ANSWER.test(String(call.args.text)),
  ).length;
}
