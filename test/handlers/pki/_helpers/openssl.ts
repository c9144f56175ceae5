import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Every claim tested with it is tested with node:crypto too: a machine without the program loses a second opinion, not a claim. */
export const testWithOpenssl = spawnSync('openssl', ['version']).status === 0 ? test : test.skip;

interface Folder {
  /** Gives what the program printed, to either stream. */
  readonly run: (command: string) => string;
  readonly read: (file: string) => string;
}

/** A folder of its own for files that openssl reads and writes, gone afterwards. */
export function inFolder<T>(files: Record<string, string>, work: (folder: Folder) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'pki-'));
  try {
    for (const [file, text] of Object.entries(files)) {
      writeFileSync(join(folder, file), text);
    }
    return work({
      run: (command) => {
        const { stdout, stderr } = spawnSync('openssl', splitCommand(command), { cwd: folder, encoding: 'utf8' });
        return `${stdout}${stderr}`.trim();
      },
      read: (file) => readFileSync(join(folder, file), 'utf8'),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function splitCommand(command: string): string[] {
  return (command.match(/'[^']*'|\S+/g) ?? []).map((part) => part.replace(/^'|'$/g, ''));
}
