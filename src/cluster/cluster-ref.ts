import type { IResource } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { IDependable } from 'constructs';
import type { ClusterGrants } from './cluster-grants';
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

  /** Permissions to give. */
  readonly grants: ClusterGrants;

  /** Lets clients reach the HSMs, on TCP 2223 to 2225. */
  allowClientsFrom(client: ec2.IConnectable, description?: string): void;

  /** A metric of this cluster. */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** HSMs that CloudHSM finds unhealthy; it replaces them by itself. */
  metricHsmUnhealthy(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Keys that live as long as a session. */
  metricHsmKeysSessionOccupied(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Keys that are kept. */
  metricHsmKeysTokenOccupied(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Open sessions. */
  metricHsmSessionCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Users that can still be made. */
  metricHsmUsersAvailable(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}
