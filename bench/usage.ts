import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * What a process has used, as the kernel counts it. Linux alone tells this of another process without help from it;
 * elsewhere there are no such figures, and the counts are measured all the same.
 */
export interface Usage {
  /** User and system time of all threads. */
  readonly cpuSeconds: number;
  readonly residentMb: number;
  /** The most it held since the start, or since `forgetPeak`. */
  readonly peakMb: number;
}

/** What a piece of work cost a process beyond what it uses while idle. */
export interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number | undefined;
  readonly peakMb: number | undefined;
}

/** What a process uses while nobody asks it anything. */
export interface Idle {
  readonly residentMb: number;
  /** CPU seconds in a second: timers, heartbeats, metrics. */
  readonly cpuShare: number;
}

const MEASURABLE = existsSync('/proc/self/clear_refs');
/** Linux shows times in /proc in hundredths of a second on every architecture. Source: proc_pid_stat(5), USER_HZ. */
const TICKS_A_SECOND = 100;
const KB_A_MB = 1024;

/** Reads what a process has used; undefined where the system does not tell. */
export function usageOf(pid: number): Usage | undefined {
  if (!MEASURABLE) return undefined;
  // The second field, the name, is in brackets and may hold anything; times are fields 14 and 15.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND,
    residentMb: kb('VmRSS') / KB_A_MB,
    peakMb: kb('VmHWM') / KB_A_MB,
  };
}

/** Lets the peak start again from what the process holds now. */
function forgetPeak(pid: number): void {
  if (MEASURABLE) writeFileSync(`/proc/${pid}/clear_refs`, '5'); // source: proc_pid_clear_refs(5)
}

/** Watches a process that has nothing to do for `ms`. */
export async function idleOf(pid: number, ms: number): Promise<Idle | undefined> {
  const before = usageOf(pid);
  await delay(ms);
  const after = usageOf(pid);
  if (!before || !after) return undefined;
  return { residentMb: after.residentMb, cpuShare: ((after.cpuSeconds - before.cpuSeconds) * 1000) / ms };
}

/** Does some work and tells what it cost a process beyond its idling. */
export async function costOf<T>(
  pid: number,
  idle: Idle | undefined,
  work: () => Promise<T>,
): Promise<{ readonly cost: Cost; readonly result: T }> {
  forgetPeak(pid);
  const before = usageOf(pid);
  const startedAt = performance.now();
  const result = await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const after = usageOf(pid);
  if (!before || !after || !idle) return { cost: { seconds, cpuSeconds: undefined, peakMb: undefined }, result };
  return {
    cost: {
      seconds,
      cpuSeconds: Math.max(0, after.cpuSeconds - before.cpuSeconds - idle.cpuShare * seconds),
      peakMb: Math.max(0, after.peakMb - idle.residentMb),
    },
    result,
  };
}
