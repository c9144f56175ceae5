/**
 * Makes `import … from 'cdk-cloudhsm'` work inside this repository as it does for users.
 *
 * Not by a link to the root: whatever walks node_modules without looking for circles (jsii-docgen, globs) would then walk it forty times over,
 * one inside the other. A package.json and a link to lib are enough, because Node goes on from where lib really is.
 */
import { lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { writeIfChanged } from './sync-folder';

const ROOT = join(__dirname, '..');
const PACKAGE = join(ROOT, 'node_modules', 'cdk-cloudhsm');

/** `npm ci` and `npm install` remove it, so whatever needs it makes it again. */
export function linkSelf(): void {
  if (lstatSync(PACKAGE, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(PACKAGE);
  mkdirSync(PACKAGE, { recursive: true });

  const { name, version, main, types } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  writeIfChanged(join(PACKAGE, 'package.json'), Buffer.from(`${JSON.stringify({ name, version, main, types }, undefined, 2)}\n`));

  const lib = join(PACKAGE, 'lib');
  if (lstatSync(lib, { throwIfNoEntry: false })) return;
  // A junction is what Windows lets everybody make, and it must be absolute; elsewhere the type is ignored.
  symlinkSync(process.platform === 'win32' ? join(ROOT, 'lib') : '../../lib', lib, 'junction');
}

if (require.main === module) linkSelf();
