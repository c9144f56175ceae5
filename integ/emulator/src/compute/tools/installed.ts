import { fileText } from './tool';
import type { ToolCall, ToolFile } from './tool';

/** Where an instance keeps what was installed, for the package tools. */
export const DATABASE = '/var/lib/cloudhsm-emulator/packages';

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly platform: string;
  readonly architecture: string;
}

export function installedPackages(call: ToolCall): InstalledPackage[] {
  return (fileText(call, DATABASE) ?? '').split('\n').filter((line) => line !== '').map((line) => {
    const [name, version, platform, architecture] = line.split(' ');
    return { name, version, platform, architecture };
  });
}

export function databaseFile(packages: readonly InstalledPackage[]): ToolFile {
  const lines = packages.map(({ name, version, platform, architecture }) => `${name} ${version} ${platform} ${architecture}\n`);
  return { path: DATABASE, mode: 0o644, content: lines.join('') };
}
