import { z } from 'zod';
import { shown } from './faults.ts';

/** What a single value has to be, and what to tell whoever wrote another one. */
export interface Expectation<T> {
  /** To be read after "is not": `an IANA time zone`. */
  readonly expected: string;
  /** A sentence, with an example where one helps. */
  readonly remedy: string;
  /** The value as the program uses it, or undefined where it is not what is expected. */
  readonly read: (value: unknown) => T | undefined;
}

/** What a leaf's schema hands to whoever turns its issues into faults. */
export interface LeafIssue {
  readonly problem: string;
  readonly remedy: string;
  readonly found: string | undefined;
}

/**
 * A schema for one value that says in its own words what it expects. Zod's messages know types, not remedies, and would
 * report a missing time zone as "expected string, received undefined".
 */
export function leaf<T>({ expected, remedy, read }: Expectation<T>) {
  return z.unknown().transform((value, context): T => {
    const result = value === undefined || value === null ? undefined : read(value);
    if (result !== undefined) return result;
    const missing = value === undefined || value === null;
    const params: LeafIssue = {
      problem: missing ? `is ${value === null ? 'empty' : 'missing'}: it must be ${expected}` : `is not ${expected}`,
      remedy,
      found: missing ? undefined : shown(value),
    };
    context.issues.push({ code: 'custom', input: value, message: params.problem, params: { ...params } });
    return z.NEVER;
  });
}

/** A leaf of text; surrounding space does not count. `accept` is a pattern, or a test that may also rewrite the text. */
export function text(expected: string, remedy: string, accept: RegExp | ((text: string) => string | undefined)) {
  return leaf<string>({
    expected,
    remedy,
    read: (value) => {
      if (typeof value !== 'string') return undefined;
      const trimmed = value.trim();
      if (typeof accept === 'function') return accept(trimmed);
      return accept.test(trimmed) ? trimmed : undefined;
    },
  });
}

/** A leaf that is one of some words, in any case. */
export function oneOf<const T extends string>(words: readonly T[]) {
  return leaf<T>({
    expected: `one of ${words.join(', ')}`,
    remedy: `Write ${words.join(' or ')}.`,
    read: (value) => words.find((word) => typeof value === 'string' && value.trim().toLowerCase() === word),
  });
}

/** A leaf that is a whole number from `least` on. */
export function wholeNumber(least: number, remedy: string) {
  return leaf<number>({
    expected: `a whole number of ${least} or more`,
    remedy,
    read: (value) => (Number.isSafeInteger(value) && (value as number) >= least ? (value as number) : undefined),
  });
}

/** A mapping that refuses keys it does not know; its message lists those it does. */
export function mapping<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.strictObject(shape, { error: () => Object.keys(shape).join(', ') });
}

/** A list; its message says of what. */
export function listOf<Item extends z.ZodType>(item: Item, of: string) {
  return z.array(item, { error: () => `a list of ${of}` });
}

/** A list of at least one. */
export function someOf<Item extends z.ZodType>(item: Item, of: string) {
  return listOf(item, of).min(1, { error: () => `a list of at least one of ${of}` });
}
