import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it, one after the other. Node's own way of doing that tries for ever where the system says of a folder that is
 * there that it is not, as `/proc` does.
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let at = resolve(folder); !existsSync(at); at = dirname(at)) missing.unshift(at);
  try {
    missing.forEach(makeOne);
  } catch (error) {
    throw new Error(`[emulator] the folder ${folder} cannot be made: ${(error as Error).message}; name one in a place that you may write to`);
  }
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    // Somebody else was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
