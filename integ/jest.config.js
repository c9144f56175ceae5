// The offline cases: each starts an emulator, deploys with the stock CDK CLI, asserts through real SDK clients, and destroys.

/** @type {import('jest').Config} */
module.exports = {
  rootDir: __dirname,
  roots: ['<rootDir>'],
  testMatch: ['<rootDir>/cases/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/emulator/', 'cdk.out'],
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/../test/tsconfig.json' }] },
  setupFiles: ['<rootDir>/../test/setup.ts'],
  globalSetup: '<rootDir>/cases/_harness/shared-folder.setup.js',
  globalTeardown: '<rootDir>/cases/_harness/shared-folder.teardown.js',
  // Deployments of minutes of emulated time take seconds, but two cores may be busy.
  testTimeout: 300_000,
  // Jest leaves one core free; a case mostly waits for one process at a time, and two at once are done sooner.
  maxWorkers: 2,
};
