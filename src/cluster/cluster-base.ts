import { Resource, Stack } from 'aws-cdk-lib';
import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { IDependable } from 'constructs';
import { ClusterGrants } from './cluster-grants';
import { clusterMetric } from './cluster-metrics';
import type { ICluster } from './cluster-ref';
import type { IAdminClient } from '../client/admin-client-ref';
import { HSM_PORTS } from '../private/hsm-ports';

/**
 * What clusters made here and clusters known by attributes have in common.
 *
 * @internal
 */
export abstract class ClusterBase extends Resource implements ICluster {
  public abstract readonly clusterId: string;
  public abstract readonly vpc: ec2.IVpc;
  public abstract readonly subnets: ec2.ISubnet[];
  public abstract readonly securityGroup: ec2.ISecurityGroup;
  public abstract readonly trustAnchor: ssm.IStringParameter;
  public abstract readonly adminSecret: secretsmanager.ISecret;
  public abstract readonly adminClient: IAdminClient;
  public abstract readonly encryptionKey?: kms.IKey;
  public abstract readonly ready: IDependable;
  public abstract readonly removalPolicy: RemovalPolicy;
  public abstract readonly connections: ec2.Connections;

  public get clusterArn(): string {
    // Composed: what `Ref` and `Arn` of the native type give is not documented for all partitions.
    return Stack.of(this).formatArn({ service: 'cloudhsm', resource: 'cluster', resourceName: this.clusterId });
  }

  public get grants(): ClusterGrants {
    return ClusterGrants.fromCluster(this);
  }

  public allowClientsFrom(client: ec2.IConnectable, description: string = 'CloudHSM client'): void {
    client.connections.allowTo(this, HSM_PORTS, description);
  }

  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return clusterMetric(this.clusterId, metricName, options);
  }

  public metricHsmUnhealthy(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('HsmUnhealthy', options);
  }

  public metricHsmKeysSessionOccupied(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('HsmKeysSessionOccupied', options);
  }

  public metricHsmKeysTokenOccupied(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('HsmKeysTokenOccupied', options);
  }

  public metricHsmSessionCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('HsmSessionCount', options);
  }

  public metricHsmUsersAvailable(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('HsmUsersAvailable', { statistic: 'Minimum', ...options });
  }
}
