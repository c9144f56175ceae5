/**
 * Makes of the compiled emulator the one file that its command line loads: a thousand small files take Node twice as long.
 *
 *   integ/emulator/lib/cli.js → integ/emulator/lib/cloudhsm-emulator.js, and lib/THIRD-PARTY-LICENSES, which names what went into it
 */
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundledPackages, licenceText } from './bundled-packages';
import { writeIfChanged } from './sync-folder';

const ROOT = join(__dirname, '..');
const LIB = join(ROOT, 'integ', 'emulator', 'lib');

export async function bundleEmulator(): Promise<void> {
  const result = await build({
    entryPoints: [join(LIB, 'cli.js')],
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: 'node20',
    // Names stay, so that a stack trace can be read.
    minify: false,
    legalComments: 'none', // THIRD-PARTY-LICENSES has them
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  writeIfChanged(join(LIB, 'cloudhsm-emulator.js'), result.outputFiles[0].contents);
  const packages = bundledPackages(ROOT, Object.keys(result.metafile.inputs));
  writeIfChanged(join(LIB, 'THIRD-PARTY-LICENSES'), Buffer.from(licenceText('cloudhsm-emulator.js', packages)));
}

if (require.main === module) void bundleEmulator();
