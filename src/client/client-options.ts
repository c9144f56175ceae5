import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { softwareProblem } from './client-choices';
import { ClientPackages } from './client-packages';
import { ClientPlatform } from './client-platform';
import { ClientSoftware } from './client-software';
import { KeyAvailability } from './key-availability';
import { notActivatedProblem } from '../cluster/cluster-choices';
import type { ICluster } from '../cluster/cluster-ref';
import { lookUpIntervalProblem } from '../private/client-validation';
import { throwFirst } from '../private/errors';
import { knownMinutes } from '../private/known';
import { CLUSTER_LOOKUP_ACTIONS, TRUST_ANCHOR_ACTIONS } from '../private/permissions';

/** What is installed on a host, and how. */
export interface ClientInstallationOptions {
  /** The cluster whose HSMs the host uses. */
  readonly cluster: ICluster;

  /**
   * Components of the client that are installed and configured.
   *
   * @default [ClientSoftware.CLI]
   */
  readonly software?: ClientSoftware[];

  /**
   * Operating system of the host.
   *
   * @default ClientPlatform.AMAZON_LINUX_2023
   */
  readonly platform?: ClientPlatform;

  /**
   * Where the client's packages come from.
   *
   * @default ClientPackages.latest()
   */
  readonly packages?: ClientPackages;

  /**
   * On how many HSMs a key must be before it is used.
   *
   * @default KeyAvailability.TWO_HSMS
   */
  readonly keyAvailability?: KeyAvailability;

  /**
   * How often the host looks whether the cluster has other HSMs than before: a minute to a day. Programs that run learn of new HSMs by themselves; those that
   * start read what was looked up last. All hosts of an account share one rate of calls with whatever else looks at clusters, so seldom will do.
   *
   * @default Duration.minutes(15)
   */
  readonly addressLookupInterval?: Duration;
}

/** What is to be installed when everything is said. */
export interface Installation {
  readonly software: readonly ClientSoftware[];
  readonly platform: ClientPlatform;
  readonly packages: ClientPackages;
  readonly keyAvailability: KeyAvailability;
  readonly addressLookupInterval: Duration;
}

/** With the defaults. @throws ValidationError for what cannot be installed */
export function checkedInstallation(scope: Construct, options: ClientInstallationOptions): Installation {
  const installation = {
    software: options.software ?? [ClientSoftware.CLI],
    platform: options.platform ?? ClientPlatform.AMAZON_LINUX_2023,
    packages: options.packages ?? ClientPackages.latest(),
    keyAvailability: options.keyAvailability ?? KeyAvailability.TWO_HSMS,
    addressLookupInterval: options.addressLookupInterval ?? Duration.minutes(15),
  };
  throwFirst(scope, [
    notActivatedProblem('a client', scope, options.cluster),
    softwareProblem(installation.software, installation.platform),
    lookUpIntervalProblem(knownMinutes(installation.addressLookupInterval)),
  ]);
  return installation;
}

/** What a host asks of AWS, at its first boot and afterwards. */
export function installationStatements({ trustAnchor }: ICluster): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({ actions: CLUSTER_LOOKUP_ACTIONS, resources: ['*'] }),
    new iam.PolicyStatement({ actions: TRUST_ANCHOR_ACTIONS, resources: [trustAnchor.parameterArn] }),
  ];
}
