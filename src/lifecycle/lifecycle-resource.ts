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
  /** The properties, as its handler gets them. */
  public readonly sent: P;

  constructor(scope: Construct, id: string, props: LifecycleResourceProps<P>) {
    const { serviceToken, stateMachineArn } = props.provider;
    const serviceTimeout = Duration.minutes(SERVICE_TIMEOUT_MINUTES);
    const properties = { ...props.properties, StateMachineArn: stateMachineArn };
    super(scope, id, { serviceToken, resourceType: props.type, serviceTimeout, removalPolicy: props.removalPolicy, properties });
    this.sent = { ...properties, ServiceToken: serviceToken, ServiceTimeout: String(serviceTimeout.toSeconds()) } as unknown as P;
    this.node.addDependency(props.provider, ...props.after ?? []);
  }
}
