import { cronOf } from '../src/core/week.ts';
import { defineJob, done } from '../src/job.ts';

/** A queue that was emptied, or a team that is new, is noticed by the sweep; this only wakes up at the right minute. */
export const digest = defineJob({
  name: 'digest',
  summary: 'Posts the weekly digest of a team, or of the platform',
  schedules: ({ digests }) =>
    digests.recipients().map(({ key, time }) => ({
      id: `digest:${key}`,
      when: { pattern: cronOf(time), timezone: time.timezone },
      data: { recipient: key },
    })),
  async run({ digests }, { recipient = '' }) {
    const delivered = await digests.deliver(recipient);
    if (delivered.kind === 'later') return { kind: 'wait', waitMs: delivered.waitMs, details: { recipient } };
    const { kind, ...details } = delivered;
    return done({ recipient, digest: kind, ...details });
  },
});
