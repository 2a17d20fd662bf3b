/** Names the environment variable that tells shifted-clock.ts by how many milliseconds the clock is ahead; negative: behind. */
export const SHIFT_VARIABLE = 'SANDBOX_CLOCK_SHIFT_MS';
