/**
 * Makes assets/, which is published beside lib/ and found from there (and from src/) as ../../assets:
 *
 *   src/handlers/<name>.lambda.ts    → assets/handlers/<name>/index.js    one bundle each, SDK inside
 *   src/client/documents/*.{sh,ps1}  → assets/documents/
 *
 * and THIRD-PARTY-LICENSES, which names everything that went into the bundles. That file stays outside assets/handlers: what is in there is hashed.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundledPackages, licenceText } from './bundled-packages';
import { literalKeys } from './literal-keys';
import { filesBelow, syncFolder, writeIfChanged } from './sync-folder';

const ROOT = join(__dirname, '..');
const HANDLERS = join(ROOT, 'src', 'handlers');
const DOCUMENTS = join(ROOT, 'src', 'client', 'documents');
const LICENCES = join(ROOT, 'THIRD-PARTY-LICENSES');

const SUFFIX = '.lambda.ts';

export async function bundleAssets(): Promise<void> {
  const handlers = await bundleHandlers();
  syncFolder(join(ROOT, 'assets'), new Map([...documents(), ...handlers.assets]));

  if (handlers.inputs.size > 0) writeIfChanged(LICENCES, Buffer.from(licenceText('the Lambda functions in assets/handlers', bundledPackages(ROOT, handlers.inputs))));
  else rmSync(LICENCES, { force: true });
}

function documents(): Map<string, Uint8Array> {
  const scripts = filesBelow(DOCUMENTS).filter((file) => /\.(sh|ps1)$/.test(file));
  return new Map(scripts.map((file) => [`documents/${file}`, readFileSync(join(DOCUMENTS, file))]));
}

/** The bundles by their path in assets, and the files that went into them, relative to the root. */
export async function bundleHandlers(): Promise<{ assets: Map<string, Uint8Array>; inputs: Set<string> }> {
  const assets = new Map<string, Uint8Array>();
  const inputs = new Set<string>();
  for (const file of filesBelow(HANDLERS).filter((name) => name.endsWith(SUFFIX) && !name.includes('/'))) {
    const bundle = await bundleHandler(join(HANDLERS, file));
    assets.set(`handlers/${file.slice(0, -SUFFIX.length)}/index.js`, bundle.code);
    bundle.inputs.forEach((input) => inputs.add(input));
  }
  return { assets, inputs };
}

async function bundleHandler(entry: string): Promise<{ code: Uint8Array; inputs: string[] }> {
  const result = await build({
    entryPoints: [entry],
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // Every runtime that we offer runs this.
    target: 'node22',
    minify: true,
    // A map would put the paths of this machine into the asset, and so into its hash.
    sourcemap: false,
    // ES modules first: tree shaking them is worth more than minifying (161 instead of 336 KB for one SDK client).
    mainFields: ['module', 'main'],
    plugins: [literalKeys],
    legalComments: 'none', // THIRD-PARTY-LICENSES has them
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  return { code: result.outputFiles[0].contents, inputs: Object.keys(result.metafile.inputs) };
}

if (require.main === module) void bundleAssets();
