// The offline cases: each starts an emulator, deploys with the stock CDK CLI, asserts through real SDK clients, and destroys.

const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
  rootDir: __dirname,
  roots: ['<rootDir>'],
  testMatch: ['<rootDir>/cases/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/emulator/', 'cdk.out'],
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/../test/tsconfig.json' }] },
  setupFiles: ['<rootDir>/../test/setup.ts'],
  globalSetup: '<rootDir>/cases/_harness/shared-folder.setup.js',
  testSequencer: '<rootDir>/cases/_harness/longest-first.js',
  globalTeardown: '<rootDir>/cases/_harness/shared-folder.teardown.js',
  // Deployments of minutes of emulated time take seconds, but two cores may be busy.
  testTimeout: 300_000,
  // A case works in one process at a time and waits for the CLI in between, so there are more cases at once than cores. A number: jest takes no
  // percentage above a hundred.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
};
