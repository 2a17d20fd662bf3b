/** What happens at an effect: the process dies before or after it, or lives and never hears how it ended. */
export type Mode = 'before' | 'after' | 'lost';

/**
 * Counts the effects of a process and strikes at one of them. A process that "dies" stays for ever in the call it was in:
 * nothing after it runs, no `catch` and no `finally`, which is what kill -9 leaves.
 */
export class Fate {
  /** Effects so far, by name. */
  readonly effects: string[] = [];
  readonly died: Promise<void>;
  readonly #die: () => void;
  readonly #at: number;
  readonly #mode: Mode;
  /** What a lost answer looks like to the caller, by the effect's name. */
  readonly #lost: (effect: string) => unknown;

  /** @param at The effect that is struck, from 0; -1 for a quiet life. */
  constructor(at = -1, mode: Mode = 'before', lost: (effect: string) => unknown = () => undefined) {
    this.#at = at;
    this.#mode = mode;
    this.#lost = lost;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.died = promise;
    this.#die = resolve;
  }

  /** The same port, every call of which is an effect. */
  over<T extends object>(name: string, port: T): T {
    return new Proxy(port, {
      get: (target, property) => {
        const value = Reflect.get(target, property) as unknown;
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) =>
          this.#strike(`${name}.${String(property)}`, () => Reflect.apply(value, target, args) as Promise<unknown>);
      },
    });
  }

  async #strike(effect: string, act: () => Promise<unknown>): Promise<unknown> {
    const index = this.effects.push(effect) - 1;
    if (index !== this.#at) return act();
    if (this.#mode === 'before') return this.#dead();
    await act();
    return this.#mode === 'after' ? this.#dead() : this.#lost(effect);
  }

  #dead(): Promise<never> {
    this.#die();
    return new Promise<never>(() => {});
  }
}
