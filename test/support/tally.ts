/** What a test run comes to. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** The line that ends a test run; people and build servers read it. */
export function tallyLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * What a run of jest amounts to, given the counts of its reporter and its exit code. Whatever made jest fail without a
 * failed test (a crash before the first one, coverage below its threshold) counts as one failure.
 */
export function tallyOf(counted: Tally | undefined, exitCode: number): Tally {
  const tally = counted ?? { passed: 0, failed: 0, skipped: 0 };
  return exitCode !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}
