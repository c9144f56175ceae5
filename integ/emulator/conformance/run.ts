/**
 * `npm run conformance [-- <pytest arguments>]`: the suite of this folder in a Python environment of its own, which it sets up and keeps in .cache.
 *
 * Against AWS itself, with whatever credentials are set: `CONFORMANCE_ENDPOINT=aws npm run conformance`. That makes HSMs, which cost money.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');
const HOME = join(ROOT, '.cache', 'conformance');
const REQUIREMENTS = join(__dirname, 'requirements.txt');
/** Says what the environment was made from; written last. */
const STAMP = join(HOME, 'made-from');

function run(command: string, args: readonly string[], cwd: string = __dirname): number {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
  if (error) throw error;
  return status ?? 1;
}

/** The newest Python there is; the suite needs 3.11, whose pattern parser it reads. */
function python(): string | undefined {
  return ['python3', 'python3.13', 'python3.12', 'python3.11'].find((name) => (
    spawnSync(name, ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 11))'], { stdio: 'ignore' }).status === 0));
}

function main(args: readonly string[]): number {
  const found = python();
  if (!found) {
    console.log('SKIPPED: there is no Python 3.11 or newer with venv here');
    return 0;
  }
  const inside = join(HOME, process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== wanted) {
    rmSync(HOME, { recursive: true, force: true });
    const made = run(found, ['-m', 'venv', HOME])
      || run(inside, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS]);
    if (made !== 0) return made;
    writeFileSync(STAMP, wanted);
  }
  return run(inside, ['-m', 'pytest', ...args]);
}

process.exitCode = main(process.argv.slice(2));
