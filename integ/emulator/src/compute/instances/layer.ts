import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_FOLDER } from '../../kernel/package-folder';

/** The folder `runtime/tools/`, seen from `src/compute/instances` and from `lib/compute/instances` alike. */
export const STUBS = join(PACKAGE_FOLDER, 'runtime', 'tools');

/** Where the stubs' common part lies in an instance. */
const LIBRARY = '/usr/lib/cloudhsm-emulator';

/** Tools that are not in the registry because their stub does all the work, or calls one of another name. */
const LOCAL_TOOLS = ['uname', 'arch', 'sha256sum', 'timeout', 'sudo'];

/** A tool's own file: its name, and the way to what all tools have in common. */
export function stubFile(tool: string, library: string = LIBRARY): string {
  return `#!/bin/bash\nEMULATOR_TOOL=${tool}\n. ${library}/stub.bash\n`;
}

export interface LayerOptions {
  readonly tools: readonly string[];
  /** Lines for `sums`: true and published SHA-256. */
  readonly sums: string;
  /** On Amazon Linux and Red Hat `sh` is bash. */
  readonly shIsBash: boolean;
}

/** Makes the folder that lies over the host's /usr on every instance: tools by bare name and by any of the usual paths. */
export function makeLayer(folder: string, { tools, sums, shIsBash }: LayerOptions): void {
  const fresh = `${folder}.new`;
  rmSync(fresh, { recursive: true, force: true });
  const library = join(fresh, 'lib', 'cloudhsm-emulator');
  mkdirSync(library, { recursive: true });
  for (const file of readdirSync(STUBS)) copyFileSync(join(STUBS, file), join(library, file));
  writeFileSync(join(library, 'sums'), sums);
  for (const bin of ['bin', 'local/bin']) {
    mkdirSync(join(fresh, bin), { recursive: true });
    for (const tool of [...tools, ...LOCAL_TOOLS]) writeStub(join(fresh, bin, tool), stubFile(tool));
  }
  if (shIsBash) symlinkSync('bash', join(fresh, 'bin', 'sh'));
  if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}

/** The same for a host without namespaces: a folder for the front of PATH. */
export function makeToolFolder(folder: string, tools: readonly string[], sums: string): void {
  const library = join(folder, 'lib');
  mkdirSync(library, { recursive: true });
  mkdirSync(join(folder, 'bin'), { recursive: true });
  for (const file of readdirSync(STUBS)) copyFileSync(join(STUBS, file), join(library, file));
  writeFileSync(join(library, 'sums'), sums);
  for (const tool of [...tools, ...LOCAL_TOOLS]) writeStub(join(folder, 'bin', tool), stubFile(tool, library));
}

function writeStub(path: string, content: string): void {
  writeFileSync(path, content);
  chmodSync(path, 0o755);
}
