import { readFileSync } from 'fs';
import { join } from 'path';
import { Aws } from 'aws-cdk-lib';
import type { ClientPackages } from './client-packages';
import type { ClientPlatform } from './client-platform';

/** Shipped beside the handlers' bundles. */
const FOLDER = join(__dirname, '..', '..', 'assets', 'documents');

/** The text of a script of ours. */
export function scriptText(name: string): string {
  return readFileSync(join(FOLDER, `${name}.sh`), 'utf8');
}

/** Everything a script begins with: the interpreter, its values, the functions that all scripts share. */
export function scriptHead(values: Readonly<Record<string, string>>, packages: ClientPackages, platform: ClientPlatform): string {
  const all = {
    AWS_REGION: Aws.REGION,
    ...values,
    PackageSource: packages.sourceFor(platform),
    PackagePlatform: platform.packagePlatform,
    PackageVersion: packages.version,
    PackageChecksums: checksumLines(packages),
  };
  return [
    '#!/bin/bash',
    ...Object.entries(all).map(([name, value]) => `${name}='${value}'`),
    withoutInterpreter(scriptText('prelude')),
    scriptText('install-client'),
  ].join('\n');
}

/** The same for a script that is sent to the admin client. */
export function adminScriptHead(values: Readonly<Record<string, string>>, packages: ClientPackages, platform: ClientPlatform): string {
  return `${scriptHead(values, packages, platform)}\n${scriptText('admin')}`;
}

function checksumLines({ checksums }: ClientPackages): string {
  return Object.entries(checksums).map(([file, sum]) => `${sum} ${file}`).join(',');
}

function withoutInterpreter(text: string): string {
  return text.replace(/^#!.*\n/, '');
}
