import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { ClientPackages } from './client-packages';

/** Settings of a cluster's admin client. */
export interface AdminClientOptions {
  /**
   * Type of the instance, x86_64 or arm64.
   *
   * @default t4g.micro
   */
  readonly instanceType?: ec2.InstanceType;

  /**
   * Where the instance may be. It needs a way to the APIs of Systems Manager, Secrets Manager, KMS and CloudHSM, and to the packages in Amazon S3.
   *
   * @default - the subnets of the cluster
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Where the client's packages come from.
   *
   * @default ClientPackages.latest()
   */
  readonly packages?: ClientPackages;

  /**
   * Topic that is told when the instance is launched or terminated, or could not be.
   *
   * @default - none
   */
  readonly notificationTopic?: sns.ITopic;

  /**
   * Name of the host's role, so that policies elsewhere can name it before it is made.
   *
   * @default - made up by CloudFormation
   */
  readonly roleName?: string;
}
