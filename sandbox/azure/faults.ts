import type { ArmBody } from './arm.ts';
import type { Estate } from './estate.ts';
import { quotaHeaders, throttled } from './quota.ts';

/** Text that must occur, or a regular expression; the object form travels as JSON. */
export type Pattern = string | RegExp | { regex: string; flags?: string };

/** What a faulty request gets. */
export type FaultAction =
  | { kind: 'answer'; status: number; body?: unknown; headers?: Record<string, string> }
  /** Never answers: the connection stays open until one side closes it. */
  | { kind: 'hang' }
  /** Answers as usual, later. */
  | { kind: 'delay'; ms: number }
  /** Closes the connection without an answer. */
  | { kind: 'drop' }
  /** Returns the first rows only and no token; `claim` is what resultTruncated says about it. */
  | { kind: 'truncate'; rows: number; claim: 'true' | 'false' }
  /** Answers as usual, then changes the estate. */
  | { kind: 'change'; change?: (estate: Estate) => void; remove?: readonly string[]; add?: readonly ArmBody[] };

/** A planted fault: the requests it meets, how many of them, and what happens to those. */
export interface Fault {
  method?: string;
  path?: Pattern;
  /** Against the text of a Resource Graph query. */
  query?: Pattern;
  /** Leaves this many matching requests alone first. */
  skip?: number;
  /** Meets this many requests; without it, all. */
  times?: number;
  action: FaultAction;
}

/** What a fault is matched against. */
export interface FaultTarget {
  method: string;
  path: string;
  query: string | undefined;
}

interface Planted {
  id: number;
  fault: Fault;
  seen: number;
  met: number;
}

/** The faults planted in a local Azure. */
export class Faults {
  #planted: Planted[] = [];
  #nextId = 1;

  /** Plants a fault; returns the id to remove it by. */
  plant(fault: Fault): number {
    const id = this.#nextId++;
    this.#planted.push({ id, fault, seen: 0, met: 0 });
    return id;
  }

  remove(id: number): void {
    this.#planted = this.#planted.filter((planted) => planted.id !== id);
  }

  clear(): void {
    this.#planted = [];
  }

  /** Every fault with the number of requests it met. */
  list(): { id: number; met: number; fault: Fault }[] {
    return this.#planted.map(({ id, met, fault }) => ({ id, met, fault }));
  }

  /** The actions a request meets, in the order they were planted. Counts as a meeting. */
  meet(target: FaultTarget): FaultAction[] {
    return this.#planted
      .filter((planted) => matches(planted.fault, target) && isDue(planted))
      .map(({ fault }) => fault.action);
  }
}

function matches(fault: Fault, target: FaultTarget): boolean {
  if (fault.method && fault.method.toUpperCase() !== target.method) return false;
  if (fault.path !== undefined && !fits(fault.path, target.path)) return false;
  return fault.query === undefined || (target.query !== undefined && fits(fault.query, target.query));
}

function fits(pattern: Pattern, text: string): boolean {
  if (typeof pattern === 'string') return text.includes(pattern);
  return (pattern instanceof RegExp ? new RegExp(pattern) : new RegExp(pattern.regex, pattern.flags)).test(text);
}

function isDue(planted: Planted): boolean {
  const { skip = 0, times = Number.POSITIVE_INFINITY } = planted.fault;
  planted.seen++;
  if (planted.seen <= skip || planted.met >= times) return false;
  planted.met++;
  return true;
}

/** A 429 as ARM sends it, with Retry-After. */
export function throttledFor(seconds: number): FaultAction {
  return answerOf(throttled({ ...quotaHeaders(0, seconds), 'Retry-After': String(seconds) }));
}

/** A 429 with the quota headers alone, which the SDK throws at once. */
export function quotaExhausted(resetsAfterSeconds: number): FaultAction {
  return answerOf(throttled(quotaHeaders(0, resetsAfterSeconds)));
}

function answerOf(error: ReturnType<typeof throttled>): FaultAction {
  return { kind: 'answer', status: error.status, body: error.body, headers: { ...error.headers } };
}

/** A 5xx with ARM's JSON. */
export function serverError(status = 503, code = 'ServerTimeout', message = 'The request timed out.'): FaultAction {
  return { kind: 'answer', status, body: { error: { code, message } } };
}

/** A proxy's page where JSON was expected. */
export function badGateway(): FaultAction {
  return {
    kind: 'answer',
    status: 502,
    headers: { 'content-type': 'text/html' },
    body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
  };
}
