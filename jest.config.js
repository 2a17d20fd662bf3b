/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  // The same source that Node runs: types go, nothing else is lowered, and imports stay as they are written.
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'esnext', transform: { verbatimModuleSyntax: true } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/test-output/', '<rootDir>/coverage/'],
  injectGlobals: false,
  // Jest leaves one core to itself by default, which on two cores means one test file at a time.
  maxWorkers: '100%',
  // End-to-end tests start processes; a busy build machine must not make them fail.
  testTimeout: 30_000,
  reporters: ['default', '<rootDir>/test/support/reporter.ts'],
  collectCoverageFrom: ['src/core/**/*.ts'],
  coverageProvider: 'babel',
  coverageReporters: ['text-summary', ['text', { skipFull: true }], 'lcovonly'],
  coverageThreshold: { global: { branches: 100 } },
};
