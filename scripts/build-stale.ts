/** Builds what is older than its sources, so that tests and demo start at once when nothing has changed and on a fresh clone alike. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { bundleAssets } from './bundle-assets';
import { bundleEmulator } from './bundle-emulator';
import { linkSelf } from './link-self';

const ROOT = join(__dirname, '..');

/** What the library is compiled from. */
const SOURCES = ['src', 'package.json', 'package-lock.json', 'tsconfig.json'];
/** jsii writes it last. */
const ASSEMBLY = join(ROOT, '.jsii');

async function main(): Promise<void> {
  await bundleAssets();
  if (libraryIsStale()) compileLibrary();
  run('tsc', ['--build', 'integ/emulator']);
  await bundleEmulator();
  linkSelf();
}

function libraryIsStale(): boolean {
  if (!existsSync(ASSEMBLY) || !existsSync(join(ROOT, 'lib', 'index.js'))) return true;
  const built = statSync(ASSEMBLY).mtimeMs;
  return SOURCES.some((source) => newestBelow(join(ROOT, source)) > built);
}

/** Folders count too: their time changes when a file in them appears or goes. */
function newestBelow(path: string): number {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newestBelow(join(path, name))));
}

function compileLibrary(): void {
  const start = new Date();
  run('jsii', ['--silence-warnings=reserved-word']);
  // What was edited while jsii ran is newer than the assembly.
  utimesSync(ASSEMBLY, start, start);
}

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

void main();
