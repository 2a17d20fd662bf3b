import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { App, type BlockAction, LogLevel, type Receiver, type SlackAction } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { FatalError, RetryableError } from '../core/errors.ts';
import { clientOptions } from './call.ts';
import { clickOf } from './clicks.ts';
import { dispatcher, type Question } from './dispatch.ts';
import { HomePublisher } from './home-tab.ts';
import { type Identity, isStranger } from './identity.ts';
import { sdkLogger } from './logger.ts';
import { MessageReply } from './message-reply.ts';
import { ModalReply } from './modal-reply.ts';
import { rememberedOnce } from './once.ts';
import type { HomeTab, SlackDeps } from './ports.ts';
import type { Reply } from './reply.ts';
import { homeView } from './views/home.ts';
import { strangerView, unknownButtonView } from './views/notices.ts';
import { clickedWords, typedWords } from './words.ts';

/** Slack delivers again within minutes, people click twice within seconds. */
const DUPLICATE_MS = 15 * 60_000;

/** The app, and what the connection has to know of it. */
export interface GoldenApp {
  readonly app: App;
  /** Ends when every question that came in so far is answered. */
  settled(): Promise<void>;
  /** Tells the askers of all questions still open that they are not answered any more: the process has to end. */
  giveUp(): void;
}

/**
 * Wires Slack's three ways in (command, button, Home tab) to the dispatcher; the same for Socket Mode and HTTP.
 * Everything is acknowledged before anything else is done: there is no I/O on the way to `ack`.
 *
 * @param identity Who we are, once Slack has said it.
 */
export function buildApp(
  receiver: Receiver,
  settings: { readonly botToken: string; readonly apiUrl: string },
  deps: SlackDeps,
  identity: () => Identity | undefined,
): GoldenApp {
  const { logger, metrics, services } = deps;
  const log = sdkLogger(logger);
  const client = new WebClient(settings.botToken, { ...clientOptions(settings.apiUrl), logger: log });
  const once = rememberedOnce(deps.once, logger);
  const givenUp = new AbortController();
  setMaxListeners(0, givenUp.signal); // one for each open question
  const dispatch = dispatcher(deps, givenUp.signal);
  const home = new HomePublisher({
    client,
    home: deps.home ?? plainHome(services),
    logger,
    timing: deps.timing,
    giveUp: givenUp.signal,
  });
  const open = new Set<Promise<void>>();

  const app = new App({
    receiver,
    logger: log,
    logLevel: LogLevel.INFO,
    clientOptions: clientOptions(settings.apiUrl),
    convoStore: false,
    deferInitialization: true,
    // Known without asking Slack: authorising must not cost the three seconds that an ack has.
    authorize: async () => ({ botToken: settings.botToken, ...identity()?.bot }),
  });

  /** Carries on after the ack; what still goes wrong is a bug and is logged, not thrown at Bolt. */
  const carryOn = (work: () => Promise<void>): void => {
    const running = work().catch((error: unknown) => logger.error({ err: error }, 'a request could not be handled'));
    const tracked: Promise<void> = running.finally(() => open.delete(tracked));
    open.add(tracked);
  };

  const acknowledge = async (ack: () => Promise<void>, receivedAt: unknown): Promise<void> => {
    try {
      await ack();
      if (typeof receivedAt === 'number') metrics?.onAck(performance.now() - receivedAt);
    } catch (error) {
      // The socket went down in between. The response URL still works, so the question is answered all the same.
      logger.warn({ err: error }, 'a request could not be acknowledged');
    }
  };

  /** Whether to answer: not a second time, and nobody of another workspace, who is told so. */
  const heard = async (key: string, from: Sender, reply: Reply): Promise<boolean> => {
    const { requestId, user, workspace } = from;
    if (!(await once(key, DUPLICATE_MS))) {
      logger.info({ requestId, user, key }, 'a duplicate was passed over');
      return false;
    }
    if (workspace && isStranger(identity(), workspace)) {
      logger.warn({ requestId, user, workspace: workspace.team }, 'somebody of another workspace was refused');
      await reply.begin();
      await reply.answer(strangerView());
      return false;
    }
    return true;
  };

  app.command('/golden', async ({ ack, body, context }) => {
    await acknowledge(ack, context.receivedAt);
    const reply = new MessageReply(
      { responseUrl: body.response_url, channel: body.channel_id, user: body.user_id, replaces: 'reading' },
      client,
      logger,
    );
    const question: Question = {
      requestId: randomUUID(),
      user: body.user_id,
      workspace: body.team_id,
      channel: body.channel_id,
      words: typedWords(body.text ?? ''),
      intent: 'run',
    };
    // Slack offers a command only where the app is installed; buttons also reach the guests of a shared channel.
    carryOn(async () => {
      const { requestId, user } = question;
      if (await heard(`command:${body.trigger_id}`, { requestId, user }, reply)) await dispatch(question, reply);
    });
  });

  app.action(/.*/, async ({ ack, body, context }) => {
    await acknowledge(ack, context.receivedAt);
    if (body.type !== 'block_actions') return;
    const clicked = clickOf(body);
    if (clicked.intent === 'open') return;
    const reply = replyTo(body, client, deps);
    if (clicked.intent === 'unknown') {
      carryOn(async () => {
        if (!(await once(`action:${body.trigger_id}`, DUPLICATE_MS))) return;
        await reply.begin();
        await reply.answer(unknownButtonView());
      });
      return;
    }
    const requestId = randomUUID();
    const user = body.user.id;
    // The clicker's own workspace, not the channel's: a shared channel lets others click too.
    const workspace = { team: body.user.team_id ?? body.team?.id ?? '', enterprise: body.enterprise?.id };
    carryOn(async () => {
      if (!(await heard(`action:${body.trigger_id}`, { requestId, user, workspace }, reply))) return;
      if (clicked.intent === 'home') {
        if (clicked.value === undefined) await home.show({ requestId, user });
        else await home.choose({ requestId, user }, clicked.value, body.trigger_id);
        return;
      }
      const question: Question = {
        requestId,
        user,
        workspace: body.team?.id ?? '',
        channel: body.channel?.id,
        words: clickedWords(clicked.value),
        intent: clicked.intent,
      };
      await dispatch(question, reply);
    });
  });

  app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab !== 'home') return;
    carryOn(async () => {
      if (await once(`event:${body.event_id}`, DUPLICATE_MS))
        await home.show({ requestId: randomUUID(), user: event.user });
    });
  });

  app.event('subteam_members_changed', async () => deps.onGroupsChanged?.());

  app.error(async (error) => logger.error({ err: error }, 'Bolt could not handle a request'));

  return {
    app,
    settled: async () => {
      while (open.size > 0) await Promise.all(open);
    },
    giveUp: () => givenUp.abort(new RetryableError('Golden is being restarted.', 'Ask again in a minute.')),
  };
}

/** Who sent something, and of which workspace; absent where only people of ours can. */
interface Sender {
  readonly requestId: string;
  readonly user: string;
  readonly workspace?: { readonly team: string; readonly enterprise: string | undefined };
}

/** The Home tab where nothing is known of people: every team, one click away. */
function plainHome({ teams, clock }: SlackDeps['services']): HomeTab {
  const common = { teams: [], others: teams, asOf: undefined, timezone: undefined };
  return {
    known: async (user) => homeView({ ...common, user, now: clock.now() }),
    fresh: async () => undefined,
    choose: async () => {
      throw new FatalError('Nobody can choose teams here.', 'Tell whoever runs Golden.');
    },
  };
}

function replyTo(body: BlockAction & SlackAction, client: WebClient, { logger }: SlackDeps): Reply {
  if (body.view) {
    return new ModalReply(
      body.view.type === 'home'
        ? { kind: 'open', triggerId: body.trigger_id }
        : { kind: 'update', viewId: body.view.id },
      client,
      logger,
    );
  }
  const replaces = body.container.is_ephemeral === true ? 'clicked' : 'nothing';
  return new MessageReply(
    { responseUrl: body.response_url, channel: body.channel?.id, user: body.user.id, replaces },
    client,
    logger,
  );
}
