import { readFileSync } from 'fs';
import { join } from 'path';
import { Aws } from 'aws-cdk-lib';
import type { ClientPackages } from './client-packages';
import type { ClientPlatform } from './client-platform';
import { ClientSoftware } from './client-software';

/** Shipped beside the handlers' bundles. */
const FOLDER = join(__dirname, '..', '..', 'assets', 'documents');

/** The text of a script of ours, of bash or of PowerShell. */
export function scriptText(name: string, ending: 'sh' | 'ps1' = 'sh'): string {
  return readFileSync(join(FOLDER, `${name}.${ending}`), 'utf8');
}

/** What a script may install, from where, on what. */
export interface Installable {
  readonly software: readonly ClientSoftware[];
  readonly packages: ClientPackages;
  readonly platform: ClientPlatform;
}

/** Everything a script begins with: the interpreter, its values, the functions that all scripts share. */
export function scriptHead(values: Readonly<Record<string, string>>, { software, packages, platform }: Installable): string {
  const all = {
    AWS_REGION: Aws.REGION,
    ...values,
    PackageSource: packages.sourceFor(platform),
    PackagePlatform: platform.packagePlatform,
    PackageVersion: packages.version,
    PackageChecksums: packages._checksumsFor(platform, software).join(','),
  };
  return [
    '#!/bin/bash',
    ...Object.entries(all).map(([name, value]) => `${name}='${value}'`),
    withoutInterpreter(scriptText('prelude')),
    scriptText('install-client'),
  ].join('\n');
}

/** The same for a script that is sent to the admin client, which needs the command line tool only. */
export function adminScriptHead(values: Readonly<Record<string, string>>, packages: ClientPackages, platform: ClientPlatform): string {
  return `${scriptHead(values, { software: [ClientSoftware.CLI], packages, platform })}\n${scriptText('admin')}`;
}

function withoutInterpreter(text: string): string {
  return text.replace(/^#!.*\n/, '');
}
