import type { AggregatedResult, Config } from '@jest/reporters';
import type { Tally } from './tally.ts';

/**
 * Names every skipped test, reason included: a skip that nobody sees is a hole. Tells the process that started jest how
 * many tests passed, failed and were skipped.
 */
export default class Reporter {
  readonly #oneTestOnly: boolean;

  constructor(config: Config.GlobalConfig) {
    this.#oneTestOnly = Boolean(config.testNamePattern);
  }

  onRunComplete(_contexts: unknown, results: AggregatedResult): void {
    const lines = skippedTests(results);
    // With `-t` nearly every test is skipped, and the person who asked for that knows.
    if (lines.length > 0 && !this.#oneTestOnly) process.stderr.write(`\nSkipped:\n  ${lines.join('\n  ')}\n`);
    process.send?.(count(results)); // to run.ts, which started jest
  }
}

function skippedTests(results: AggregatedResult): string[] {
  return results.testResults.flatMap((file) =>
    file.testResults.filter((test) => test.status === 'pending' || test.status === 'todo').map((test) => test.fullName),
  );
}

function count(results: AggregatedResult): Tally {
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites, // a file that does not load holds no failed test
    skipped: results.numPendingTests + results.numTodoTests,
  };
}
