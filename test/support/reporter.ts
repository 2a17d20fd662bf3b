import { writeFileSync } from 'node:fs';
import type { AggregatedResult, Config } from '@jest/reporters';
import type { Tally } from './tally.ts';

/** Where {@link Reporter} leaves its counts for the process that started jest. */
export const TALLY_FILE = 'GOLDEN_TALLY_FILE';

/** Names every skipped test, reason included, and hands the counts on. A skip that nobody sees is a hole. */
export default class Reporter {
  readonly #oneTestOnly: boolean;

  constructor(config: Config.GlobalConfig) {
    this.#oneTestOnly = Boolean(config.testNamePattern);
  }

  onRunComplete(_contexts: unknown, results: AggregatedResult): void {
    const lines = skippedTests(results);
    // With `-t` nearly every test is skipped, and the person who asked for that knows.
    if (lines.length > 0 && !this.#oneTestOnly)
      process.stderr.write(`\nSkipped:\n${lines.map((l) => `  ${l}\n`).join('')}`);
    const file = process.env[TALLY_FILE];
    if (file) writeFileSync(file, JSON.stringify(count(results)));
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
