import { defineJob } from '../src/job.ts';

/** Half the catalogue's lifetime: whoever asks for a status finds it warm, and asks Azure once less. */
const EVERY_MS = 5 * 60_000;

export const refreshCatalogue = defineJob({
  name: 'refresh-catalogue',
  summary: 'Reads the approved galleries, so that commands find them in Redis',
  everyMs: EVERY_MS,
  async run({ galleries }, signal) {
    const reading = await galleries.read({ fresh: true, ...(signal ? { signal } : {}) });
    return {
      galleries: reading.catalogue.galleries.length,
      unread: reading.unread.length,
      requests: reading.requests,
    };
  },
});
