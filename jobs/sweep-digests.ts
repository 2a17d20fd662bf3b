import { defineJob, done } from '../src/job.ts';

/**
 * What was missed is noticed within this time: after an outage, by a channel that was mended, and where the library behind
 * the schedules leaves out a week, which it does where clocks skip midnight.
 */
const EVERY_MS = 15 * 60_000;

export const sweepDigests = defineJob({
  name: 'sweep-digests',
  summary: 'Wakes the digests that are due and were not posted: missed, interrupted, or kept back by a channel',
  schedules: () => [{ id: 'sweep-digests', when: { everyMs: EVERY_MS }, data: {} }],
  async run({ digests, wake }) {
    const pending = await digests.pending();
    for (const recipient of pending) await wake('digest', { recipient });
    return done({ pending: pending.length });
  },
});
