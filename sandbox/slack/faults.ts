/** Something that goes wrong `times` times (default once); `method: '*'` fits every Web API method. */
export type Fault = { times?: number } & (
  | { kind: 'refuse'; method: string; error: string; channel?: string; messages?: string[]; needed?: string }
  | { kind: 'rate-limit'; method: string; retryAfterSec: number; channel?: string }
  | { kind: 'http-error'; method: string; status: number; channel?: string }
  /** The method is carried out this much later. */
  | { kind: 'delay'; method: string; delayMs: number; channel?: string }
  /** The connection breaks before the method is carried out. */
  | { kind: 'lost-request'; method: string; channel?: string }
  /** The method is carried out, but the connection breaks before its answer. */
  | { kind: 'lost-answer'; method: string; channel?: string }
  /** The method is carried out at once; its answer comes this much later. */
  | { kind: 'late-answer'; method: string; delayMs: number; channel?: string }
  /** The method is carried out, and answers an error all the same: with `ok: false`, or as an HTTP status. */
  | { kind: 'refuse-after'; method: string; error: string; status?: number; channel?: string }
  | { kind: 'response-url'; status: number }
);

type OfKind<K extends Fault['kind']> = Extract<Fault, { kind: K }>;

/** The faults planted and not yet used up. */
export interface Faults {
  plant(fault: Fault): void;
  /** Uses up one fitting fault, oldest first. */
  take<K extends Fault['kind']>(kind: K, method?: string, channel?: string): OfKind<K> | undefined;
  clear(): void;
  readonly planted: readonly Fault[];
}

/** An empty set of faults. */
export function createFaults(): Faults {
  let planted: (Fault & { times: number })[] = [];
  return {
    get planted() {
      return planted;
    },
    plant: (fault) => {
      planted.push({ ...fault, times: fault.times ?? 1 });
    },
    take<K extends Fault['kind']>(kind: K, method?: string, channel?: string) {
      const fault = planted.find(
        (f) =>
          f.kind === kind &&
          (!('method' in f) || f.method === '*' || f.method === method) &&
          (!('channel' in f) || f.channel === undefined || f.channel === channel),
      );
      if (!fault) return undefined;
      fault.times -= 1;
      if (fault.times <= 0) planted = planted.filter((f) => f !== fault);
      return fault as unknown as OfKind<K>;
    },
    clear: () => {
      planted = [];
    },
  };
}
