import { setImmediate as nextTurn } from 'node:timers/promises';

const SLICE_MS = 10;
const ROWS_BETWEEN_LOOKS = 512;

/** Keeps a long scan from holding the event loop: other requests, and an abort, get a turn every few milliseconds. */
export class Pace {
  readonly #signal: AbortSignal | undefined;
  #rows = 0;
  #sliceEnd = performance.now() + SLICE_MS;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** Cheap enough for every row; when it answers true, await `pause()`. */
  due(): boolean {
    this.#rows++;
    if (this.#rows < ROWS_BETWEEN_LOOKS) return false;
    this.#rows = 0;
    return performance.now() >= this.#sliceEnd;
  }

  /** Lets others run. @throws the abort reason once nobody waits for the answer */
  async pause(): Promise<void> {
    await nextTurn();
    this.#signal?.throwIfAborted();
    this.#sliceEnd = performance.now() + SLICE_MS;
  }
}

const RUN_LENGTH = 8192;

/** A stable merge sort that pauses between slices. */
export async function sortPaced<T>(items: readonly T[], compare: (a: T, b: T) => number, pace: Pace): Promise<T[]> {
  let runs: T[][] = [];
  for (let start = 0; start < items.length; start += RUN_LENGTH) {
    runs.push(items.slice(start, start + RUN_LENGTH).sort(compare));
    await pace.pause();
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let index = 0; index < runs.length; index += 2) {
      merged.push(await mergePaced(runs[index] ?? [], runs[index + 1] ?? [], compare, pace));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function mergePaced<T>(left: T[], right: T[], compare: (a: T, b: T) => number, pace: Pace): Promise<T[]> {
  const merged: T[] = [];
  let l = 0;
  let r = 0;
  while (l < left.length && r < right.length) {
    merged.push(compare(left[l] as T, right[r] as T) <= 0 ? (left[l++] as T) : (right[r++] as T));
    if (pace.due()) await pace.pause();
  }
  while (l < left.length) merged.push(left[l++] as T);
  while (r < right.length) merged.push(right[r++] as T);
  return merged;
}
