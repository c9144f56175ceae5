import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The emulator's package: models, tables, runtime and page are below it, wherever in it this file has gone when it was built. */
export const PACKAGE_FOLDER = nearestPackage(__dirname);

function nearestPackage(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : nearestPackage(dirname(folder));
}
