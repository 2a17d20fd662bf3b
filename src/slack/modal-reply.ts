import type { WebClient } from '@slack/web-api';
import { calling } from './call.ts';
import type { Logger } from './ports.ts';
import type { Reply } from './reply.ts';
import type { Message } from './views/message.ts';
import { modalView } from './views/modal.ts';
import { readingView } from './views/notices.ts';

/** A modal to open (from the Home tab), or the one that was clicked in. */
export type ModalPlace =
  | { readonly kind: 'open'; readonly triggerId: string }
  | { readonly kind: 'update'; readonly viewId: string };

/** Answers in a modal, where there is no response URL: opened at once, then filled. */
export class ModalReply implements Reply {
  readonly #place: ModalPlace;
  readonly #client: WebClient;
  readonly #logger: Logger;
  #viewId: string | undefined;

  constructor(place: ModalPlace, client: WebClient, logger: Logger) {
    this.#place = place;
    this.#client = client;
    this.#logger = logger;
    this.#viewId = place.kind === 'update' ? place.viewId : undefined;
  }

  async begin(): Promise<void> {
    if (this.#place.kind === 'update') return;
    try {
      // Not tried again: the trigger is good for one use within three seconds.
      const opened = await this.#client.views.open({
        trigger_id: this.#place.triggerId,
        view: modalView(readingView()),
      });
      this.#viewId = opened.view?.id;
    } catch (error) {
      this.#logger.error({ err: error }, 'a modal could not be opened');
    }
  }

  async reading(message: Message): Promise<void> {
    if (this.#place.kind === 'update') await this.answer(message);
  }

  async answer(message: Message): Promise<void> {
    const view_id = this.#viewId;
    if (view_id === undefined) return;
    try {
      await calling(() => this.#client.views.update({ view_id, view: modalView(message) }), this.#logger);
    } catch (error) {
      this.#logger.error({ err: error }, 'a modal could not be filled');
    }
  }

  async share(): Promise<boolean> {
    return false;
  }
}
