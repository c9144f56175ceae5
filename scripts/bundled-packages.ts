import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As its package.json says. */
  readonly licence: string;
  readonly homepage?: string;
  /** The texts of its licence and notice files. */
  readonly texts: readonly string[];
}

/** The packages that esbuild's inputs (paths relative to the root) come from. */
export function bundledPackages(root: string, inputs: Iterable<string>): BundledPackage[] {
  const folders = new Set<string>();
  for (const input of inputs) if (input.includes('node_modules/')) folders.add(packageFolder(root, input));
  const packages = new Map([...folders].map(readPackage).map((found) => [`${found.name}@${found.version}`, found]));
  return [...packages.keys()].sort().map((key) => packages.get(key)!);
}

/** The nearest folder above with a package.json that has a name and a version; some have nested ones that only say `"type": "module"`. */
function packageFolder(root: string, input: string): string {
  for (let folder = dirname(input); folder.includes('node_modules/'); folder = dirname(folder)) {
    const manifest = join(root, folder, 'package.json');
    if (!existsSync(manifest)) continue;
    const { name, version } = JSON.parse(readFileSync(manifest, 'utf8'));
    if (name && version) return join(root, folder);
  }
  throw new Error(`no package.json above ${input}`);
}

function readPackage(folder: string): BundledPackage {
  const { name, version, license, homepage } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return { name, version, licence: license ?? 'UNKNOWN', homepage, texts };
}

/** @param whole what contains the packages */
export function licenceText(whole: string, packages: readonly BundledPackage[]): string {
  const head = `The following packages are contained in ${whole}.\n`;
  // Dozens of packages of one project share one text, so each text is printed once, under all its packages.
  const byTexts = new Map<string, BundledPackage[]>();
  for (const found of packages) {
    const text = found.texts.length > 0 ? found.texts.join('\n\n') : `Licence: ${found.licence}`;
    byTexts.set(text, [...byTexts.get(text) ?? [], found]);
  }
  const blocks = [...byTexts].map(([text, group]) => {
    const names = group.map(({ name, version, licence, homepage }) => `${name} ${version} (${licence})${homepage ? ` ${homepage}` : ''}`);
    return `${'-'.repeat(80)}\n${names.join('\n')}\n\n${text}\n`;
  });
  return [head, ...blocks].join('\n');
}
