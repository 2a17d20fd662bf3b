import { defineJob, done } from '../src/job.ts';

/** The first complete reading of a day is what is remembered of it; more of them make up for an hour without Azure. */
const EVERY_MS = 6 * 60 * 60_000;

export const recordCompliance = defineJob({
  name: 'record-compliance',
  summary: 'Remembers for every team how its machines stand today, for trends and digests',
  schedules: () => [{ id: 'record-compliance', when: { everyMs: EVERY_MS }, data: {} }],
  async run({ digests }) {
    return done(await digests.record());
  },
});
