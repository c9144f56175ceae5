/** @type {import('jest').Config} */
module.exports = {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // `lib` holds a second copy of everything.
  modulePathIgnorePatterns: ['<rootDir>/lib/'],
  // Only transpiles (`isolatedModules` in tsconfig.json): `npm run typecheck` in the root checks types, once for all.
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.json' }] },
  globalSetup: '<rootDir>/test/_helpers/key-reserve.setup.js',
  globalTeardown: '<rootDir>/test/_helpers/key-reserve.teardown.js',
  clearMocks: true,
  // Child processes and TLS on two busy cores.
  testTimeout: 30_000,
  // Jest would leave one core free, which is half of a machine with two.
  maxWorkers: '100%',
};
