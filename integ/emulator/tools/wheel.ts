import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';

/** A botocore wheel: the service models AWS publishes, as one zip. */
export interface Wheel {
  readonly version: string;
  /** The newest API version of a service, as stored (`.json` or `.json.gz`, untouched for the digest). */
  model(folder: string): { readonly path: string; readonly stored: Buffer; readonly text: string };
}

/** Downloads the newest botocore the package index has. Needs Python with pip. */
export function downloadWheel(): Wheel {
  const folder = mkdtempSync(join(tmpdir(), 'botocore-'));
  try {
    execFileSync('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:', '--dest', folder, 'botocore'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const file = readdirSync(folder).find((name) => name.endsWith('.whl'));
    if (!file) throw new Error('pip downloaded no wheel of botocore');
    return readWheel(join(folder, file));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens a wheel that is already here. */
export function readWheel(path: string): Wheel {
  const version = /botocore-([0-9.]+)-/.exec(path)?.[1];
  if (!version) throw new Error(`${path} is not named like a botocore wheel`);
  const isModel = /^botocore\/data\/[^/]+\/[^/]+\/service-2\.json(\.gz)?$/;
  const files = unzipSync(readFileSync(path), { filter: (file) => isModel.test(file.name) });
  return {
    version,
    model(folder) {
      const versions = Object.keys(files).filter((name) => name.startsWith(`botocore/data/${folder}/`)).sort();
      const newest = versions.at(-1);
      if (!newest) throw new Error(`botocore ${version} has no service ${folder}`);
      const stored = Buffer.from(files[newest]);
      return { path: newest, stored, text: (newest.endsWith('.gz') ? gunzipSync(stored) : stored).toString('utf8') };
    },
  };
}
