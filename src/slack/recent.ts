/** Answers that are good for a while, each asked for once at a time. A failure is not remembered. */
export class Recent<T> {
  readonly #ask: (key: string) => Promise<T>;
  readonly #lifetimeMs: number;
  readonly #now: () => number;
  readonly #known = new Map<string, { readonly until: number; readonly answer: Promise<T> }>();

  constructor(ask: (key: string) => Promise<T>, lifetimeMs: number, now: () => number) {
    this.#ask = ask;
    this.#lifetimeMs = lifetimeMs;
    this.#now = now;
  }

  /** An answer that was asked for at most the lifetime ago. */
  get(key: string): Promise<T> {
    const known = this.#known.get(key);
    if (known && known.until > this.#now()) return known.answer;
    this.#dropOld();
    const answer = this.#ask(key);
    const entry = { until: this.#now() + this.#lifetimeMs, answer };
    this.#known.set(key, entry);
    answer.catch(() => {
      if (this.#known.get(key) === entry) this.#known.delete(key);
    });
    return answer;
  }

  clear(): void {
    this.#known.clear();
  }

  #dropOld(): void {
    for (const [key, { until }] of this.#known) {
      if (until > this.#now()) break; // the oldest stand first
      this.#known.delete(key);
    }
  }
}
