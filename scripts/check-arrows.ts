/** `npm run arrows`: who may import whom, in the repository at the current folder. The rules are in .dependency-cruiser.cjs. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

// One pattern for each folder: a common one, {src,test}/**, would walk node_modules too, and
// folders alone would bring in what is built.
const patterns = ['src', 'test', 'integ', 'examples', 'scripts'].filter((folder) => existsSync(folder)).map((folder) => `${folder}/**/*.ts`);

const { status, error } = spawnSync(process.execPath, [
  join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
  '--config', join(ROOT, '.dependency-cruiser.cjs'), ...process.argv.slice(2), ...patterns,
], { stdio: 'inherit' });
if (error) throw error;
process.exitCode = status ?? 1;
