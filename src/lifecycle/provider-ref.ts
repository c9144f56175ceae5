import type { aws_iam as iam } from 'aws-cdk-lib';
import type { IConstruct, IDependable } from 'constructs';

/**
 * What carries the custom resources of this library through their requests.
 */
export interface ILifecycleProvider extends IConstruct, IDependable {
  /** ARN of the function that CloudFormation sends requests to. */
  readonly serviceToken: string;

  /** ARN of the state machine that carries a request through. */
  readonly stateMachineArn: string;

  /** Role of the function. */
  readonly role: iam.IRole;
}
