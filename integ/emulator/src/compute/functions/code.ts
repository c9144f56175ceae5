import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { unzipSync } from 'fflate';

/** Scopes that the runtime itself supplies to CommonJS and ES modules alike. */
const SUPPLIED = ['@aws-sdk', '@smithy', '@aws-crypto'];

/** A package with a file that would land outside its folder. */
export class UnsafePackage extends Error {}

/** Where a file of a package goes. */
export function pathInside(folder: string, name: string): string {
  const path = normalize(join(folder, name));
  if (name.includes('\0') || name.includes('\\') || name.startsWith('/') || (path !== folder && !path.startsWith(folder + sep))) {
    throw new UnsafePackage(`[emulator] the deployment package holds a file outside its folder: ${name}`);
  }
  return path;
}

/**
 * Unpacked deployment packages, by the name of their blob.
 *
 * They lie beside a `node_modules` with the SDK, so that Node's own search finds there what Lambda's runtime supplies.
 */
export class CodeFolders {
  public constructor(private readonly folder: string, private readonly sdk: string | undefined = installedSdk()) {}

  /** The folder of a package, unpacked the first time. */
  public of(blob: string, content: () => Uint8Array): string {
    const folder = join(this.folder, blob);
    if (existsSync(folder)) return folder;
    this.supplySdk();
    const temporary = `${folder}.new`;
    rmSync(temporary, { recursive: true, force: true });
    mkdirSync(temporary, { recursive: true });
    for (const [name, bytes] of Object.entries(unzipSync(content()))) {
      const path = pathInside(temporary, name);
      if (name.endsWith('/')) {
        mkdirSync(path, { recursive: true });
        continue;
      }
      mkdirSync(dirname(path), { recursive: true });
      // fflate does not tell the mode: everything may be run, as if it had been packed so.
      writeFileSync(path, bytes, { mode: 0o755 });
    }
    renameSync(temporary, folder);
    return realpathSync(folder);
  }

  private supplySdk(): void {
    const modules = join(this.folder, 'node_modules');
    if (existsSync(modules) || this.sdk === undefined) return;
    mkdirSync(modules, { recursive: true });
    for (const scope of SUPPLIED) {
      const source = join(this.sdk, scope);
      if (existsSync(source)) symlinkSync(realpathSync(source), join(modules, scope), 'dir');
    }
  }
}

/** The nearest folder of modules, seen from here, that holds AWS's SDK. */
function installedSdk(): string | undefined {
  const candidates = [...(require.resolve.paths('@aws-sdk/x') ?? []), join(process.cwd(), 'node_modules')];
  return candidates.find((folder) => existsSync(join(folder, '@aws-sdk')));
}
