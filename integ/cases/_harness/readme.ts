import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CliResult } from './offline';

const ROOT = join(__dirname, '..', '..', '..');

/** What the Jest snippet leaves to the reader: his own code, which finds the emulator by its environment, and says so to a client that is too old to look there itself. */
const READERS_CODE = `
import { CloudHSMV2Client, DescribeClustersCommand } from '@aws-sdk/client-cloudhsm-v2';
async function clusterOfMyApp() {
  const { Clusters = [] } = await new CloudHSMV2Client({ endpoint: process.env.AWS_ENDPOINT_URL }).send(new DescribeClustersCommand({}));
  return Clusters[0];
}
`;

/** The one snippet of the emulator's README that begins or goes on like this, as it stands there. */
export function snippet(language: string, marker: string): string {
  const readme = readFileSync(join(ROOT, 'integ', 'emulator', 'README.md'), 'utf8');
  const found = [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].filter(([, of, text]) => of === language && text.includes(marker));
  if (found.length !== 1) throw new Error(`the emulator's README has ${found.length} snippets of ${language} with ${JSON.stringify(marker)}`);
  return found[0][2];
}

/** A folder in which a reader has both packages, and wherein his tests are. */
export class ReadersFolder {
  // Inside the repository, so that packages are found as in a project that has installed them.
  private readonly folder = mkdtempSync(join(ROOT, 'integ', 'cases', '.readme-'));

  /** For a snapshot that the snippets begin with. */
  public path(name: string): string {
    return join(this.folder, name);
  }

  public write(name: string, text: string): void {
    writeFileSync(this.path(name), text);
  }

  /** A program of a package that is installed, in this folder. */
  public run(program: string, args: readonly string[]): CliResult {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      cwd: this.folder, encoding: 'utf8', env: { ...process.env, FORCE_COLOR: '0', NODE_OPTIONS: '' },
    });
    return { exitCode: status ?? 1, output: stdout + stderr };
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The Jest snippet as a test file of a reader. */
export function jestFile(): string {
  return `import { Emulator } from 'cloudhsm-emulator';\n${READERS_CODE}\n${snippet('ts', '// Jest')}`;
}

/** The Vitest snippet, which imports what is Vitest's by itself. */
export function vitestFile(): string {
  return `import { Emulator } from 'cloudhsm-emulator';\n${snippet('ts', '// Vitest')}`;
}
