/**
 * The licence gate. It looks at what leaves this repository: packages bundled into the handlers (THIRD-PARTY-LICENSES lists them) and packages that
 * the library or the emulator depends on when installed. Tools that stay here may have any licence.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleHandlers } from './bundle-assets';
import { bundledPackages } from './bundled-packages';

const ROOT = join(__dirname, '..');

/** May be used, changed and passed on as long as a notice is kept. What is not here needs a decision, not a longer list. */
const ALLOWED = new Set([
  '0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'CC0-1.0', 'ISC', 'MIT', 'MIT-0', 'Python-2.0', 'Unlicense',
]);

interface Found {
  readonly name: string;
  readonly licence: string;
  readonly because: string;
}

async function main(): Promise<void> {
  const bundled = bundledPackages(ROOT, (await bundleHandlers()).inputs)
    .map(({ name, version, licence }): Found => ({ name: `${name}@${version}`, licence, because: 'bundled' }));
  const found = [...bundled, ...await installed()];
  const refused = found.filter(({ licence }) => !allowed(licence));

  for (const { name, licence, because } of refused) console.error(`REFUSED: ${name} (${because}) has the licence ${licence}`);
  console.log(`${bundled.length} packages bundled, ${found.length - bundled.length} installed with us, ${refused.length} refused`);
  if (refused.length > 0) process.exitCode = 1;
}

/** `(MIT OR GPL-3.0)` lets us choose; `A AND B` binds us to both. Licences guessed from a text end in `*`. */
function allowed(expression: string): boolean {
  const bare = expression.replace(/[()]/g, '');
  return bare.split(/ OR | or |, ?/).some((choice) => choice.split(' AND ').every((licence) => ALLOWED.has(licence.trim().replace(/\*$/, ''))));
}

/** Packages that the lockfile does not mark as for development. */
async function installed(): Promise<Found[]> {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: Record<string, LockedPackage> };
  const licences = await allLicences();

  return Object.entries(lock.packages)
    .filter(([path, entry]) => path.includes('node_modules/') && !entry.link && !entry.dev && !entry.devOptional && !entry.optional)
    .map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`)
    .map((name): Found => ({ name, licence: [licences[name]?.licenses ?? 'UNKNOWN'].flat().join(' OR '), because: 'installed' }));
}

interface LockedPackage {
  readonly version: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
}

/** By name@version. */
type Licences = Readonly<Record<string, { readonly licenses?: string | string[] } | undefined>>;

async function allLicences(): Promise<Licences> {
  // An ES module.
  const { init } = await import('license-checker-rseidelsohn');
  return new Promise((resolve, reject) => init({ start: ROOT }, (error, packages) => {
    if (error) reject(error);
    else resolve(packages);
  }));
}

void main();
