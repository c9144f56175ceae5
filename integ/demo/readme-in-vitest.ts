/**
 * The test that the emulator's README shows for Vitest, as it stands there, in a Vitest that is set up in .cache the first time: it is nobody's dependency. What the
 * README shows for Jest is one of the offline cases.
 *
 * Run: npm run vitest
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quickStart } from '../apps/quick-start';
import { deployDirectly } from '../cases/_harness/direct';
import { Offline } from '../cases/_harness/offline';
import { ReadersFolder, vitestFile } from '../cases/_harness/readme';

process.env.CDK_VALIDATION ??= 'false';

const FOLDER = join(__dirname, '..', '..', '.cache', 'vitest');

/** The last that takes Node 18 and 20. */
const PACKAGE = 'vitest@3.2.7';

function vitest(): string {
  const packages = join(FOLDER, 'node_modules');
  if (!existsSync(join(packages, 'vitest'))) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, 'package.json'), '{"private":true}');
    const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', PACKAGE], { cwd: FOLDER, stdio: 'inherit' });
    if (status !== 0) throw new Error(`${PACKAGE} could not be installed`);
  }
  return packages;
}

async function main(): Promise<number> {
  const packages = vitest();
  const readers = new ReadersFolder();
  const offline = await Offline.start({ region: 'eu-west-1' });
  try {
    await deployDirectly(offline, offline.synth(quickStart()));
    offline.emulator.snapshot(readers.path('active-cluster'));
    readers.write('cluster.test.ts', vitestFile());
    readers.write('vitest.config.mjs', `export default { resolve: { alias: { vitest: ${JSON.stringify(join(packages, 'vitest'))} } } };`);
    const { exitCode, output } = readers.run(join(packages, 'vitest', 'vitest.mjs'), ['run', '--reporter=verbose']);
    console.log(output);
    if (exitCode === 0 && !/✓.*finds the cluster that is ACTIVE/.test(output)) throw new Error('the test was not run');
    return exitCode;
  } finally {
    await offline.stop();
    readers.remove();
  }
}

void main().then((exitCode) => {
  process.exitCode = exitCode;
});
