import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { ClientPlatform } from './client-platform';
import { ClientSoftware } from './client-software';
import { ValidationError } from '../private/errors';
import type { Problem } from '../private/errors';

const PLATFORMS = [
  ClientPlatform.AMAZON_LINUX_2023, ClientPlatform.UBUNTU_22_04, ClientPlatform.UBUNTU_24_04,
  ClientPlatform.RHEL_8, ClientPlatform.RHEL_9, ClientPlatform.RHEL_10,
  ClientPlatform.WINDOWS_SERVER_2016, ClientPlatform.WINDOWS_SERVER_2019, ClientPlatform.WINDOWS_SERVER_2022, ClientPlatform.WINDOWS_SERVER_2025,
];

/** By the names that users write. */
const SOFTWARE: Readonly<Record<string, ClientSoftware>> = {
  CLI: ClientSoftware.CLI,
  PKCS11: ClientSoftware.PKCS11,
  JCE: ClientSoftware.JCE,
  OPENSSL_DYNAMIC_ENGINE: ClientSoftware.OPENSSL_DYNAMIC_ENGINE,
  OPENSSL_PROVIDER: ClientSoftware.OPENSSL_PROVIDER,
  KEY_STORAGE_PROVIDER: ClientSoftware.KEY_STORAGE_PROVIDER,
};

/** Software that AWS does not publish for the platform: what there is, and where the software is. */
export function softwareProblem(software: readonly ClientSoftware[], platform: ClientPlatform): Problem | undefined {
  const missing = Object.entries(SOFTWARE).find(([, one]) => software.includes(one) && !one.isAvailableOn(platform));
  if (!missing) return undefined;
  const possible = Object.keys(SOFTWARE).filter((name) => SOFTWARE[name].isAvailableOn(platform));
  const elsewhere = PLATFORMS.filter((one) => missing[1].isAvailableOn(one));
  return {
    code: 'SoftwareNotOnPlatform',
    text: `software ${missing[0]} does not exist for ${platform.name}, only ${possible.join(', ')}; leave it out, or choose a platform that has it: ${elsewhere.join(', ')}`,
  };
}

/** An instance type that the platform does not run on. */
export function architectureProblem(platform: ClientPlatform, instanceType: ec2.InstanceType): Problem | undefined {
  if (platform.operatingSystemType !== ec2.OperatingSystemType.WINDOWS) return undefined;
  if (instanceType.architecture !== ec2.InstanceArchitecture.ARM_64) return undefined;
  return {
    code: 'ClientArchitectureMissing',
    text: `instanceType ${instanceType.toString()} is arm64, and ${platform.name} exists for x86_64 only; choose an x86_64 type, for instance t3.medium`,
  };
}

/** The newest image of a platform. @throws ValidationError where nobody can tell it */
export function newestImage(scope: IConstruct, platform: ClientPlatform, architecture: ec2.InstanceArchitecture): ec2.IMachineImage {
  const image = platform.latestImage(architecture);
  if (image) return image;
  throw new ValidationError({
    code: 'ClientImageMissing',
    text: `machineImage is missing, and no public parameter tells the newest image of ${platform.name}; pass machineImage, an image of ${platform.name} `
      + 'that has the AWS CLI and the Systems Manager agent',
  }, scope);
}
