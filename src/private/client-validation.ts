import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Problem } from './errors';

const LEAST_MINUTES = 1;
const MOST_MINUTES = 1440;

/** Minutes between two look-ups of a host; `undefined` where synth does not know. */
export function lookUpIntervalProblem(minutes: number | undefined): Problem | undefined {
  if (minutes === undefined || (minutes >= LEAST_MINUTES && minutes <= MOST_MINUTES)) return undefined;
  return {
    code: 'InvalidAddressLookupInterval',
    text: `addressLookupInterval must be between ${LEAST_MINUTES} and ${MOST_MINUTES} minutes, got ${minutes}; choose one in that range or leave it out `
      + 'for a quarter of an hour',
  };
}

/** A host that is known to have another kind of operating system than what is to be installed on it. */
export function hostSystemProblem(platform: string, wanted: ec2.OperatingSystemType, found: ec2.OperatingSystemType): Problem | undefined {
  if (found === wanted || found === ec2.OperatingSystemType.UNKNOWN) return undefined;
  return {
    code: 'ClientHostOfOtherSystem',
    text: `platform is ${platform}, and the host's image is of ${ec2.OperatingSystemType[found]}; set platform to the operating system of the host's image`,
  };
}

/** A host that a client is installed on already, by whom. */
export function hostInUseProblem(path: string | undefined): Problem | undefined {
  return path === undefined ? undefined : {
    code: 'ClientHostInUse',
    text: `${path} installs a client on the same host, and a host's client is configured for one cluster; list all software in one ClientInstallation, `
      + 'and use another host for another cluster',
  };
}
