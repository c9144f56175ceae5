import { CustomResource, Duration } from 'aws-cdk-lib';
import type { RemovalPolicy } from 'aws-cdk-lib';
import type { Construct, IDependable } from 'constructs';
import type { ILifecycleProvider } from './provider-ref';
import { SERVICE_TIMEOUT_MINUTES } from './resource-contract';
import type { ResourceProperties } from './resource-contract';

export interface LifecycleResourceProps<P extends ResourceProperties> {
  readonly provider: ILifecycleProvider;
  /** As in the contract; permanent. */
  readonly type: string;
  readonly properties: Omit<P, keyof ResourceProperties>;
  readonly removalPolicy: RemovalPolicy;
  readonly after?: IDependable[];
}

/**
 * A custom resource of this library.
 *
 * Depends on all of its provider: the service token orders only the function, and on deletion machine, policies and logs could go first.
 */
export class LifecycleResource<P extends ResourceProperties> extends CustomResource {
  constructor(scope: Construct, id: string, props: LifecycleResourceProps<P>) {
    super(scope, id, {
      serviceToken: props.provider.serviceToken,
      resourceType: props.type,
      serviceTimeout: Duration.minutes(SERVICE_TIMEOUT_MINUTES),
      removalPolicy: props.removalPolicy,
      properties: { ...props.properties, StateMachineArn: props.provider.stateMachineArn },
    });
    this.node.addDependency(props.provider, ...props.after ?? []);
  }
}
