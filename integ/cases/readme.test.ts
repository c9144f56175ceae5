import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beginWith } from './_harness/beginning';
import { jestFile, ReadersFolder, snippet } from './_harness/readme';
import { QUICK_START } from '../apps/quick-start';

let readers: ReadersFolder;

beforeAll(async () => {
  readers = new ReadersFolder();
  const offline = await beginWith(QUICK_START);
  offline.emulator.snapshot(readers.path('active-cluster'));
  await offline.stop();
});

afterAll(() => readers.remove());

test('the test that the emulator\'s README shows for Jest passes as it stands there', () => {
  readers.write('jest.config.js', 'module.exports = { transform: { "^.+[.]ts$": ["ts-jest", { tsconfig: { module: "commonjs", isolatedModules: true } }] } };');
  readers.write('cluster.test.ts', jestFile());

  const { exitCode, output } = readers.run(require.resolve('jest/bin/jest'), ['--ci', '--runInBand']);

  expect(output).toMatch(/✓ finds the cluster that is ACTIVE/);
  expect(exitCode).toBe(0);
});

test('so does the program that starts an emulator, and it leaves nothing open', () => {
  readers.write('program.mts', `import { CloudHSMV2Client } from '@aws-sdk/client-cloudhsm-v2';\n${snippet('ts', 'await emulator.advance(3_600_000)')}\nconsole.log(typeof client);`);

  const { exitCode, output } = readers.run(require.resolve('tsx/cli'), ['program.mts']);

  expect(output).toMatch(/^object$/m);
  expect(exitCode).toBe(0);
  expect(existsSync(join(readers.path('.'), 'journal'))).toBe(false);
});
