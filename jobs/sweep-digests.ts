import { defineJob, done } from '../src/job.ts';

/** What was missed is noticed within this time; it may be late by `catchUpHours`, so an hour is soon enough. */
const EVERY_MS = 60 * 60_000;

export const sweepDigests = defineJob({
  name: 'sweep-digests',
  summary: 'Wakes the digests that are due and were not posted: missed, interrupted, or kept back by a channel',
  // An `every` schedule runs at once when it is made, hence also when a worker starts.
  schedules: () => [{ id: 'sweep-digests', when: { everyMs: EVERY_MS }, data: {} }],
  async run({ digests, wake }) {
    const pending = await digests.pending();
    for (const recipient of pending) await wake('digest', { recipient });
    return done({ pending: pending.length });
  },
});
