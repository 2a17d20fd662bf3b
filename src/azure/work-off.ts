/**
 * Works off a list, some items at a time, the last one first. The work may add to the list.
 *
 * @throws what the first failing work throws; nothing new is begun then
 */
export async function workOff<T>(open: T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const running = new Set<Promise<void>>();
  while (open.length > 0 || running.size > 0) {
    while (open.length > 0 && running.size < atOnce) {
      const item = open.pop() as T;
      const one = work(item).finally(() => running.delete(one));
      running.add(one);
    }
    await Promise.race(running);
  }
}
