import type { IResource, RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { IDependable } from 'constructs';
import type { AdminClientOptions } from '../client/admin-client-options';
import type { IAdminClient } from '../client/admin-client-ref';

/**
 * A CloudHSM cluster: made by this library, or known by its attributes.
 */
export interface ICluster extends IResource, ec2.IConnectable {
  /**
   * Id of the cluster, for instance `cluster-igklspoyj5v`.
   *
   * @attribute
   */
  readonly clusterId: string;

  /**
   * ARN of the cluster.
   *
   * @attribute
   */
  readonly clusterArn: string;

  /** The VPC that the HSMs' interfaces are in. */
  readonly vpc: ec2.IVpc;

  /** Subnets of the cluster, one for each Availability Zone. */
  readonly subnets: ec2.ISubnet[];

  /** The security group that CloudHSM made for the HSMs. */
  readonly securityGroup: ec2.ISecurityGroup;

  /** Parameter that holds the certificate every client trusts (`customerCA.crt`). */
  readonly trustAnchor: ssm.IStringParameter;

  /**
   * User name and password of the automation admin.
   *
   * Only the admin client may read it.
   */
  readonly adminSecret: secretsmanager.ISecret;

  /** The host that carries out changes of users. */
  readonly adminClient: IAdminClient;

  /** Key that encrypts the secrets of the cluster. */
  readonly encryptionKey?: kms.IKey;

  /** What must be there before users, key stores and clients: depend on it, never the other way. */
  readonly ready: IDependable;

  /** What becomes of the cluster when it is removed from its stack. What rests on it, its users for instance, shares it. */
  readonly removalPolicy: RemovalPolicy;

  /**
   * Lets clients reach the HSMs, on TCP 2223 to 2225.
   *
   * Whoever reaches these ports can erase an HSM without logging in: let in those who need it, one by one.
   *
   * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/configure-sg.html
   */
  allowClientsFrom(client: ec2.IConnectable, description?: string): void;

  /**
   * A metric of this cluster, in the namespace `AWS/CloudHSM`; the maximum over five minutes.
   *
   * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/hsm-metrics-cw.html
   */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** HSMs that CloudHSM finds unhealthy; it replaces them by itself. The maximum over five minutes. */
  metricHsmUnhealthy(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Keys that live as long as a session. The maximum over five minutes. */
  metricHsmKeysSessionOccupied(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Keys that are kept. The maximum over five minutes. */
  metricHsmKeysTokenOccupied(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Open sessions. The maximum over five minutes. */
  metricHsmSessionCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Users that can still be made. The minimum over five minutes. */
  metricHsmUsersAvailable(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}

/** What is known of a cluster that is not made in this app. Pass what is asked of it; the rest may be left out. */
export interface ClusterAttributes {
  /** Id of the cluster, for instance `cluster-igklspoyj5v`. */
  readonly clusterId: string;

  /**
   * The VPC that the HSMs' interfaces are in. Client instances need it.
   *
   * @default - not known
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Subnets of the cluster. Client instances need them, unless they are given subnets of their own.
   *
   * @default - not known
   */
  readonly subnets?: ec2.ISubnet[];

  /**
   * Id of the security group that CloudHSM made for the HSMs. Whatever connects to them needs it.
   *
   * @default - not known
   */
  readonly securityGroupId?: string;

  /**
   * Name of the parameter that holds the certificate every client trusts.
   *
   * @default - where this library keeps it, `/cdk-cloudhsm/<cluster id>/trust-anchor`
   */
  readonly trustAnchorParameterName?: string;

  /**
   * User name and password of the automation admin, or of another admin: JSON with the members `username` and `password`. Crypto users and key stores need it.
   *
   * @default - not known
   */
  readonly adminSecret?: secretsmanager.ISecret;

  /**
   * The host that carries out changes of users, see `AdminClient.fromAdminClientAttributes`. Crypto users and key stores need it.
   *
   * @default - not known
   */
  readonly adminClient?: IAdminClient;

  /**
   * Makes an admin client of its own for the cluster, with these settings: for one that was made by hand or by another tool. Needs `vpc`, `securityGroupId`,
   * `adminSecret`, and `subnets` unless the settings have subnets.
   *
   * @default - none is made
   */
  readonly adminClientOptions?: AdminClientOptions;

  /**
   * Key that encrypts the secrets of the cluster; new users' secrets are encrypted with it.
   *
   * @default - not known; new users' secrets are encrypted with the AWS managed key
   */
  readonly encryptionKey?: kms.IKey;
}
