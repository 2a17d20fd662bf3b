import { SHIFT_VARIABLE } from './shift-variable.ts';

/**
 * Preloaded by `node --import`, before anything of the product: whatever asks for the time hears another one. Only what
 * `Date` says of now is shifted; timers, monotonic clocks and the clocks of other processes go on as they are.
 */
const shiftMs = Number(process.env[SHIFT_VARIABLE]);
if (!Number.isFinite(shiftMs)) throw new TypeError(`${SHIFT_VARIABLE} is no number of milliseconds`);

const RealDate = Date;
const now = () => RealDate.now() + shiftMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given: unknown[], newTarget) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as Date,
  apply: () => new RealDate(now()).toString(),
  get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
});
