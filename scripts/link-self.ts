/** Makes `import … from 'cdk-cloudhsm'` work inside this repository, as it does for users: node_modules/cdk-cloudhsm → the root. */
import { lstatSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const LINK = join(ROOT, 'node_modules', 'cdk-cloudhsm');

/** `npm ci` removes the link, so whatever needs it makes it again. */
export function linkSelf(): void {
  if (lstatSync(LINK, { throwIfNoEntry: false })) {
    if (realpath(LINK) === realpathSync(ROOT)) return;
    rmSync(LINK, { recursive: true });
  }
  // A junction is what Windows lets everybody make; elsewhere the type is ignored. It must be absolute there.
  symlinkSync(process.platform === 'win32' ? ROOT : '..', LINK, 'junction');
}

function realpath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined; // it points nowhere
  }
}

if (require.main === module) linkSelf();
