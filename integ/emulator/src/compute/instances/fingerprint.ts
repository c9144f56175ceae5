import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Which files are below a folder, how long they are, and when they were written last. `except` are paths below it. Undefined when some cannot be seen. */
export function fingerprintOf(folder: string, except: readonly string[]): string | undefined {
  try {
    return linesOf(folder, except).sort().join('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return undefined;
    throw error;
  }
}

function linesOf(folder: string, except: readonly string[]): string[] {
  const lines: string[] = [];
  const visit = (path: string): void => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (except.includes(below)) continue;
      if (entry.isDirectory()) {
        lines.push(below);
        visit(below);
        continue;
      }
      const { ino, mode, size, mtimeMs, ctimeMs } = lstatSync(join(folder, below));
      lines.push(`${below} ${ino} ${mode} ${size} ${mtimeMs} ${ctimeMs}`);
    }
  };
  visit('');
  return lines;
}
