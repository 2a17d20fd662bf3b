import type { HomeView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { calling, refusalOf } from './call.ts';
import { unlessGivenUp } from './deadline.ts';
import { type HomeTab, type Logger, TIMING, type Timing } from './ports.ts';
import { isAboutPayload } from './response-url.ts';
import { HOME_ACTION } from './views/asks.ts';
import { actions, button, header } from './views/blocks.ts';
import { errorView } from './views/error.ts';
import { modalView } from './views/modal.ts';
import { clickedWords } from './words.ts';

/** Slack's limit of a view's blocks. */
const MOST_BLOCKS = 100;

/** Who looks at their Home tab, and the reference that an error shows. */
export interface Visit {
  readonly requestId: string;
  readonly user: string;
}

/** What showing the Home tab takes. */
export interface HomeParts {
  readonly client: WebClient;
  readonly home: HomeTab;
  readonly logger: Logger;
  readonly timing?: Partial<Timing> | undefined;
  /** Ends what is still being asked. */
  readonly giveUp: AbortSignal;
}

/** What a person sees, where it could be published; `hash` guards it against what was published meanwhile. */
interface Shown {
  readonly view: HomeView;
  readonly published: boolean;
  readonly hash?: string | undefined;
}

/** Shows people their Home tabs: at once what is known, then what is fresh. A failure is shown too: the tab is never blank. */
export class HomePublisher {
  readonly #parts: HomeParts;

  constructor(parts: HomeParts) {
    this.#parts = parts;
  }

  /** Shows somebody their tab. Never throws. */
  async show(visit: Visit): Promise<void> {
    const { home, logger, giveUp } = this.#parts;
    const { user, requestId } = visit;
    const started = performance.now();
    const { deadlineMs } = { ...TIMING, ...this.#parts.timing };
    const ask = <T>(question: (user: string) => Promise<T>) => unlessGivenUp(question(user), deadlineMs, giveUp);

    const known = await ask((who) => home.known(who)).catch((error: unknown) => this.#failed(visit, error));
    const shown = await this.#publish(visit, known);
    const knownMs = Math.round(performance.now() - started);

    const fresh = await ask((who) => home.fresh(who)).catch((error: unknown) => this.#failed(visit, error, shown.view));
    const next = fresh ?? shown.view;
    const changed = JSON.stringify(next) !== JSON.stringify(shown.view);
    if (changed || !shown.published) await this.#publish(visit, next, shown.hash);
    logger.info(
      { requestId, user, knownMs, durationMs: Math.round(performance.now() - started), changed },
      'Home tab shown',
    );
  }

  /**
   * Does what somebody chose in their tab, and shows it anew. Never throws.
   *
   * @param words As a person would type them after `/golden`.
   * @param triggerId Opens a modal where it fails.
   */
  async choose(visit: Visit, words: string, triggerId: string): Promise<void> {
    const { home, client, logger, timing, giveUp } = this.#parts;
    try {
      const { deadlineMs } = { ...TIMING, ...timing };
      await unlessGivenUp(home.choose(visit.user, clickedWords(words)), deadlineMs, giveUp);
    } catch (error) {
      logger.warn({ err: error, ...visit }, 'a choice in the Home tab was not kept');
      const view = modalView(errorView({ error, reference: visit.requestId, ask: undefined }));
      await client.views
        .open({ trigger_id: triggerId, view })
        .catch((cause: unknown) => logger.warn({ err: cause, ...visit }, 'a modal could not be opened'));
    }
    await this.show(visit);
  }

  /** What is shown in place of an answer; above it, where there is one from before. */
  #failed(visit: Visit, error: unknown, before?: HomeView): HomeView {
    this.#parts.logger.error({ err: error, ...visit }, 'the Home tab could not be made');
    const { blocks } = modalView(errorView({ error, reference: visit.requestId, ask: undefined }));
    const [title, ...rest] = before?.blocks ?? [header('Golden images'), ...tryAgain()];
    return { type: 'home', blocks: [...(title ? [title] : []), ...blocks, ...rest].slice(0, MOST_BLOCKS) };
  }

  /** @param hash Only in place of this: what was published meanwhile is newer. */
  async #publish(visit: Visit, view: HomeView, hash?: string): Promise<Shown> {
    const { client, logger } = this.#parts;
    const publish = (published: HomeView) =>
      calling(
        () => client.views.publish({ user_id: visit.user, view: published, ...(hash !== undefined && { hash }) }),
        logger,
      );
    try {
      return { view, published: true, hash: (await publish(view)).view?.hash };
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === 'hash_conflict') return { view, published: true, hash };
      logger.error({ err: error, ...visit, refusal }, 'the Home tab could not be published');
      if (refusal === undefined || !isAboutView(refusal)) return { view, published: false, hash };
      const instead = this.#failed(visit, error);
      const published = await publish(instead).catch((cause: unknown) => {
        logger.error({ err: cause, ...visit }, 'the Home tab could not be published at all');
        return undefined;
      });
      return { view: instead, published: published !== undefined, hash: published?.view?.hash ?? hash };
    }
  }
}

function isAboutView(refusal: string): boolean {
  return isAboutPayload(refusal) || refusal === 'invalid_arguments';
}

function tryAgain() {
  return actions([button('Try again', HOME_ACTION.refresh, 'home', 'Show this page anew')]);
}
