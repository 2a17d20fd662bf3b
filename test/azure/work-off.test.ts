import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { workOff } from '../../src/azure/work-off.ts';

test('all work is done, that which is added too, and never more at once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(3)), fc.integer({ min: 1, max: 5 }), async (depths, atOnce) => {
      let [running, most, done] = [0, 0, 0];
      const open = [...depths];
      await workOff(open, atOnce, async (depth) => {
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        if (depth > 0) open.push(depth - 1, depth - 1);
        running -= 1;
        done += 1;
      });
      expect(done).toBe(depths.reduce((sum, depth) => sum + 2 ** (depth + 1) - 1, 0));
      expect(most).toBeLessThanOrEqual(atOnce);
      expect(running).toBe(0);
    }),
  );
});

test('work that fails is told, and nothing new is begun', async () => {
  const begun: number[] = [];
  const open = [1, 2, 3];
  const work = (item: number) => {
    begun.push(item);
    return item === 2 ? Promise.reject(new Error('no')) : new Promise<void>(() => {});
  };
  await expect(workOff(open, 2, work)).rejects.toThrow('no');
  expect(begun).toEqual([3, 2]);
});
