/**
 * `npm run sequences -- --runs 10000 [--seed N]`: random sequences of operations against CloudHSM on the manual clock, as many as wanted. The unit
 * tests play a few of them.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values: { runs, seed } } = parseArgs({ options: { runs: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } } });
const jest = require.resolve('jest/bin/jest');
const { status } = spawnSync(process.execPath, [jest, '--ci', '--runInBand', 'test/cloudhsm/sequences'], {
  cwd: join(__dirname, '..'), stdio: 'inherit', env: { ...process.env, SEQUENCES_RUNS: runs, SEQUENCES_SEED: seed },
});
process.exitCode = status ?? 1;
