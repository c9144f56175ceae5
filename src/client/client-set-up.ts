import { posix } from 'path';
import { Aws } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import type { Installation } from './client-options';
import { scriptHead, scriptText } from './client-scripts';
import type { ICluster } from '../cluster/cluster-ref';
import { hostInUseProblem } from '../private/client-validation';
import { throwFirst } from '../private/errors';

/** Paths of installations by the user data they are part of: a component has one configuration, and so one cluster. */
const INSTALLED = new WeakMap<ec2.UserData, string>();

/** Adds to what a host does when it first boots. @throws ValidationError for a host that has a client already */
export function setUpOn(scope: IConstruct, userData: ec2.UserData, cluster: ICluster, installation: Installation): void {
  throwFirst(scope, [hostInUseProblem(INSTALLED.get(userData))]);
  INSTALLED.set(userData, scope.node.path);
  const isWindows = installation.platform.operatingSystemType === ec2.OperatingSystemType.WINDOWS;
  const values = {
    ClusterId: cluster.clusterId,
    TrustAnchorParameter: cluster.trustAnchor.parameterName,
    KeyAvailabilityOption: installation.keyAvailability.option,
    FollowSeconds: String(installation.addressLookupInterval.toSeconds()),
  };
  userData.addCommands(isWindows ? powerShellCommands(values, installation) : bashCommands(values, installation));
}

/** Where the script lies on a host: it is run again and again. */
const BASH_SCRIPT = '/usr/local/lib/cdk-cloudhsm/client.sh';

/** In no script of ours, at the beginning of a line or elsewhere. */
const END_OF_SCRIPT = 'END_OF_CLOUDHSM_CLIENT';

/** The script is laid down, and run. */
function bashCommands(values: Readonly<Record<string, string>>, installation: Installation): string {
  const Software = installation.software.map(({ packageName, configureTool }) => `${packageName}=${configureTool}`).join(' ');
  return [
    `install -d -m 0755 ${posix.dirname(BASH_SCRIPT)}`,
    `cat > ${BASH_SCRIPT} << '${END_OF_SCRIPT}'`,
    `${scriptHead({ ...values, Software }, installation)}\n${scriptText('set-up-client')}${END_OF_SCRIPT}`,
    `chmod 0755 ${BASH_SCRIPT}`,
    `${BASH_SCRIPT} set-up || exit 1`,
  ].join('\n');
}

/** Where only administrators write: the script is run by the system. */
const POWERSHELL_FOLDER = 'C:\\Program Files\\cdk-cloudhsm';

function powerShellCommands(values: Readonly<Record<string, string>>, { software, packages, platform }: Installation): string {
  const script = `${POWERSHELL_FOLDER}\\client.ps1`;
  const all = {
    Region: Aws.REGION,
    ...values,
    // The packages' names begin the same, and the tools' end the same.
    Software: software.map((one) => `${one._packageOn(platform).replace('AWSCloudHSM', '')}=${one.configureTool}.exe`).join(' '),
    PackageSource: packages.sourceFor(platform),
    PackageRelease: packages.version === 'latest' ? 'latest' : `${packages.version}-1`,
    PackageChecksums: packages._checksumsFor(platform, software).join(','),
  };
  return [
    `New-Item -ItemType Directory -Force -Path '${POWERSHELL_FOLDER}' | Out-Null`,
    `Set-Content -Path '${script}' -Value @'`,
    'param([string] $Command)',
    ...Object.entries(all).map(([name, value]) => `$${name} = '${value}'`),
    `${scriptText('set-up-client', 'ps1')}'@`,
    `& powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File '${script}' set-up`,
    'if ($LASTEXITCODE -ne 0) { exit 1 }',
  ].join('\n');
}
