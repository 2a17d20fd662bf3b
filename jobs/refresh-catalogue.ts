import { defineJob, done } from '../src/job.ts';

/** Half the catalogue's lifetime: whoever asks for a status finds it warm, and asks Azure once less. */
const EVERY_MS = 5 * 60_000;

export const refreshCatalogue = defineJob({
  name: 'refresh-catalogue',
  summary: 'Reads the approved galleries, so that commands find them in Redis',
  schedules: () => [{ id: 'refresh-catalogue', when: { everyMs: EVERY_MS }, data: {} }],
  async run({ galleries }, _data, signal) {
    const reading = await galleries.read({ fresh: true, ...(signal ? { signal } : {}) });
    return done({
      galleries: reading.catalogue.galleries.length,
      unread: reading.unread.length,
      requests: reading.requests,
    });
  },
});
