import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Every file below a folder, as paths relative to it, sorted. Nothing when the folder does not exist. */
export function filesBelow(folder: string, prefix = ''): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path, `${prefix}${name}/`) : [`${prefix}${name}`];
  });
}

/** Writes a file unless it already says so: whoever reads it meanwhile sees the old bytes or the new, and mtimes mean something. */
export function writeIfChanged(path: string, content: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(content)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Makes a folder hold exactly these files. */
export function syncFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [name, content] of files) writeIfChanged(join(folder, name), content);
  for (const name of filesBelow(folder)) if (!files.has(name)) rmSync(join(folder, name));
}
