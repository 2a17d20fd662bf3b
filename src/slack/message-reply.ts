import type { WebClient } from '@slack/web-api';
import { calling, refusalOf } from './call.ts';
import type { Logger } from './ports.ts';
import { type Reply, simplerForms } from './reply.ts';
import { isAboutPayload, postTo } from './response-url.ts';
import type { Message } from './views/message.ts';

/** Where a command was typed or a button of a message clicked. */
export interface MessagePlace {
  readonly responseUrl: string | undefined;
  readonly channel: string | undefined;
  readonly user: string;
  /**
   * What an answer may take the place of: the asker's own message that was clicked in, what was said while reading
   * (a command's URL knows nothing else), or nothing where the message belongs to everybody.
   */
  readonly replaces: 'clicked' | 'reading' | 'nothing';
}

/** Answers by the response URL, which works wherever the asker is, and by the Web API where the URL fails. */
export class MessageReply implements Reply {
  readonly #place: MessagePlace;
  readonly #client: WebClient;
  readonly #logger: Logger;
  #saidReading = false;

  constructor(place: MessagePlace, client: WebClient, logger: Logger) {
    this.#place = place;
    this.#client = client;
    this.#logger = logger;
  }

  async begin(): Promise<void> {}

  async reading(message: Message): Promise<void> {
    this.#saidReading = await this.#byUrl(message, this.#privateForm());
  }

  async answer(message: Message): Promise<void> {
    if (await this.#byUrl(message, this.#privateForm())) return;
    await this.#privately(message);
  }

  async share(message: Message): Promise<boolean> {
    const unfurl = { unfurl_links: false, unfurl_media: false };
    if (await this.#byUrl(message, { response_type: 'in_channel', replace_original: false, ...unfurl })) return true;
    const { channel } = this.#place;
    if (channel === undefined) return false;
    return this.#byApi(message, 'chat.postMessage', { channel, ...unfurl });
  }

  /**
   * A click's URL replaces the message that was clicked in. A command's is asked to take the place of "Reading Azure…",
   * and Slack may pass over that (https://github.com/slackapi/bolt-js/issues/2287): then the answer stands below it.
   */
  #privateForm(): object {
    const { replaces } = this.#place;
    return {
      response_type: 'ephemeral',
      replace_original: replaces === 'clicked' || (replaces === 'reading' && this.#saidReading),
    };
  }

  async #byUrl(message: Message, how: object): Promise<boolean> {
    const { responseUrl } = this.#place;
    if (responseUrl === undefined) return false;
    for (const form of simplerForms(message)) {
      const delivered = await postTo(responseUrl, {
        ...how,
        text: form.text,
        ...(form.blocks && { blocks: form.blocks }),
      });
      if (delivered.kind === 'ok') return true;
      this.#logger.warn({ reason: delivered.reason }, `the response URL did not take the answer (${delivered.kind})`);
      if (delivered.kind === 'unreachable') return false;
    }
    return false;
  }

  async #privately(message: Message): Promise<boolean> {
    const { channel, user } = this.#place;
    return channel === undefined
      ? this.#byApi(message, 'chat.postMessage', { channel: user })
      : this.#byApi(message, 'chat.postEphemeral', { channel, user });
  }

  async #byApi(message: Message, method: string, to: Record<string, unknown>): Promise<boolean> {
    for (const form of simplerForms(message)) {
      const { blocks } = form;
      try {
        const said = { ...to, text: form.text, ...(blocks && { blocks }), link_names: false, parse: 'none' };
        await calling(() => this.#client.apiCall(method, said), this.#logger);
        return true;
      } catch (error) {
        const refusal = refusalOf(error);
        this.#logger.error({ err: error, method, refusal }, 'an answer could not be said');
        if (refusal === undefined || !isAboutPayload(refusal)) return false;
      }
    }
    return false;
  }
}
